#include "config/settings.h"

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

void* Settings::edit(std::size_t index) {
    const auto& types = SettingsRegistry::instance().types();
    assert(index < types.size());
    if (values_.size() <= index) values_.resize(types.size());
    if (!values_[index]) values_[index] = types[index].create();
    return values_[index].get();
}

MergedSettings MergedSettings::with(const Settings& inner) const {
    const auto& types = SettingsRegistry::instance().types();
    MergedSettings merged = *this;
    merged.slots_.resize(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
        const void* said = inner.find(i);
        if (!said) continue;
        Slot& slot = merged.slots_[i];
        if (slot.value) {
            slot.owner = types[i].merge(slot.value, said);
            slot.value = slot.owner.get();
        } else {
            slot.value = said;
        }
    }
    return merged;
}

MergedSettings MergedSettings::with(const MergedSettings& inner) const {
    const auto& types = SettingsRegistry::instance().types();
    MergedSettings merged = *this;
    merged.slots_.resize(types.size());
    for (std::size_t i = 0; i < inner.slots_.size(); ++i) {
        const Slot& said = inner.slots_[i];
        if (!said.value) continue;
        Slot& slot = merged.slots_[i];
        if (slot.value) {
            slot.owner = types[i].merge(slot.value, said.value);
            slot.value = slot.owner.get();
        } else {
            slot = said;
        }
    }
    return merged;
}

} // namespace preforkd::config
