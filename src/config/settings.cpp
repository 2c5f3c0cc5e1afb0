#include "config/settings.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace preforkd::config {

SettingsRegistry& SettingsRegistry::instance() {
    static SettingsRegistry registry;
    return registry;
}

void SettingsRegistry::add(const SettingsType& type) {
    auto& types = types_[static_cast<std::size_t>(type.scope)];
    if (type.index < types.size()) return;
    type.index = types.size();
    types.push_back(type);
}

void* Settings::find(std::size_t index) const {
    for (const auto& [type, value] : values_)
        if (type->index == index) return value.get();
    return nullptr;
}

void* Settings::edit(Scope scope, std::size_t index) {
    assert(values_.empty() || values_.front().type->scope == scope);
    if (void* known = find(index)) return known;
    const auto& types = SettingsRegistry::instance().types(scope);
    assert(index < types.size());
    values_.push_back({&types[index], types[index].create()});
    return values_.back().value.get();
}

// Makes much of every bit, and something else of the same in another order.
void MergedSettings::note(std::uint64_t identity) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    identity_ = (std::rotl(identity_, 23) ^ identity) * odd;
    identity_ ^= identity_ >> 32;
}

// For `more` that are not said yet.
void MergedSettings::make_room(Scope scope, std::size_t more) {
    const auto types = SettingsRegistry::instance().types(scope).size();
    assert(types <= std::numeric_limits<std::uint8_t>::max());
    scope_ = scope;
    places_.resize(types);
    said_.reserve(std::min(said_.size() + more, types));
}

const void*& MergedSettings::slot(std::size_t index) {
    if (places_[index] == 0) {
        said_.push_back(nullptr);
        places_[index] = static_cast<std::uint8_t>(said_.size());
    }
    return said_[places_[index] - 1u];
}

void MergedSettings::add(const SettingsType& type, const void* inner) {
    const void*& said = slot(type.index);
    if (!said) {
        said = inner;
        return;
    }
    auto made = type.merge(said, inner);
    disown(said);
    said = made.get();
    made_.push_back(std::move(made));
}

// What is merged over is wanted no longer.
void MergedSettings::disown(const void* value) {
    std::erase_if(made_, [value](const auto& made) { return made.get() == value; });
}

void MergedSettings::add(const Settings& inner) {
    note(inner.source_ != 0 ? inner.source_ : reinterpret_cast<std::uintptr_t>(&inner));
    if (inner.empty()) return;
    make_room(inner.values_.front().type->scope, inner.values_.size());
    for (const auto& [type, said] : inner.values_) add(*type, said.get());
}

void MergedSettings::add(const MergedSettings& inner) {
    if (inner.identity_ == 0) return; // nothing was merged
    note(inner.identity_);
    if (inner.said_.empty()) return;
    make_room(inner.scope_, inner.said_.size());
    const auto& types = SettingsRegistry::instance().types(scope_);
    for (std::size_t i = 0; i < inner.places_.size(); ++i)
        if (const void* said = inner.find(i)) add(types[i], said);
}

void MergedSettings::add(MergedSettings&& inner) {
    add(inner);
    for (auto& made : inner.made_) made_.push_back(std::move(made));
}

void MergedSettings::merge_again(Scope scope, std::size_t index, const MergedSettings& outer,
                                 const Settings& inner) {
    make_room(scope, 1);
    disown(find(index));
    slot(index) = outer.find(index);
    if (const void* said = inner.find(index))
        add(SettingsRegistry::instance().types(scope)[index], said);
}

} // namespace preforkd::config
