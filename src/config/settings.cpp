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

void MergedSettings::add(std::size_t index, const void* inner) {
    const void*& slot = slots_[index];
    if (!slot) {
        slot = inner;
        return;
    }
    auto made =
        std::shared_ptr<const void>(SettingsRegistry::instance().types()[index].merge(slot, inner));
    disown(slot);
    slot = made.get();
    made_.push_back(std::move(made));
}

// What is merged over is wanted no longer.
void MergedSettings::disown(const void* value) {
    std::erase_if(made_, [value](const auto& made) { return made.get() == value; });
}

void MergedSettings::share(std::size_t index, const MergedSettings& other) {
    const void* value = index < other.slots_.size() ? other.slots_[index] : nullptr;
    slots_[index] = value;
    for (const auto& made : other.made_)
        if (made.get() == value) made_.push_back(made);
}

MergedSettings MergedSettings::with(const Settings& inner) const {
    MergedSettings merged = *this;
    merged.note(inner.source_ != 0 ? inner.source_ : reinterpret_cast<std::uintptr_t>(&inner));
    merged.slots_.resize(SettingsRegistry::instance().types().size());
    for (const auto& [index, said] : inner.values_) merged.add(index, said.get());
    return merged;
}

MergedSettings MergedSettings::with(const MergedSettings& inner) const {
    MergedSettings merged = *this;
    merged.note(inner.identity_);
    merged.slots_.resize(SettingsRegistry::instance().types().size());
    for (std::size_t i = 0; i < inner.slots_.size(); ++i) {
        if (!merged.slots_[i]) merged.share(i, inner);
        else if (const void* said = inner.slots_[i]) merged.add(i, said);
    }
    return merged;
}

void MergedSettings::merge_again(std::size_t index, const MergedSettings& outer,
                                 const Settings& inner) {
    slots_.resize(SettingsRegistry::instance().types().size());
    disown(slots_[index]);
    share(index, outer);
    if (const void* said = inner.find(index)) add(index, said);
}

} // namespace preforkd::config
