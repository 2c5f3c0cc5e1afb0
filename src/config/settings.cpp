#include "config/settings.h"

#include <bit>

namespace preforkd::config {

SettingsRegistry& SettingsRegistry::instance() {
    static SettingsRegistry registry;
    return registry;
}

void SettingsRegistry::add(const SettingsType& type) {
    if (type.index < types_.size()) return;
    type.index = types_.size();
    types_.push_back(type);
}

const void* Settings::find(std::size_t index) const {
    for (const auto& [own, value] : values_)
        if (own == index) return value.get();
    return nullptr;
}

void* Settings::edit(std::size_t index) {
    const auto& types = SettingsRegistry::instance().types();
    assert(index < types.size());
    for (const auto& [own, value] : values_)
        if (own == index) return value.get();
    values_.push_back({index, types[index].create()});
    return values_.back().value.get();
}

// Makes much of every bit, and something else of the same in another order.
void MergedSettings::note(std::uint64_t identity) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    identity_ = (std::rotl(identity_, 23) ^ identity) * odd;
    identity_ ^= identity_ >> 32;
}

MergedSettings MergedSettings::with(const Settings& inner) const {
    const auto& types = SettingsRegistry::instance().types();
    MergedSettings merged = *this;
    merged.note(inner.source_ != 0 ? inner.source_ : reinterpret_cast<std::uintptr_t>(&inner));
    merged.slots_.resize(types.size());
    for (const auto& [index, said] : inner.values_) {
        Slot& slot = merged.slots_[index];
        if (slot) slot = types[index].merge(slot.get(), said.get());
        else slot = Slot(Slot(), said.get());
    }
    return merged;
}

MergedSettings MergedSettings::with(const MergedSettings& inner) const {
    const auto& types = SettingsRegistry::instance().types();
    MergedSettings merged = *this;
    merged.note(inner.identity_);
    merged.slots_.resize(types.size());
    for (std::size_t i = 0; i < inner.slots_.size(); ++i) {
        const Slot& said = inner.slots_[i];
        if (!said) continue;
        Slot& slot = merged.slots_[i];
        if (slot) slot = types[i].merge(slot.get(), said.get());
        else slot = said;
    }
    return merged;
}

} // namespace preforkd::config
