// What directives set: plain structs, one or more a module, found by type through a fixed index.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace preforkd::config {

// A settings struct S has
//   static constexpr Scope scope = …;
//   void inherit_from(const S& outer);   // takes over what it does not say itself
// and is default-constructible to "nothing said". std::optional fields mean "not said here".
enum class Scope : unsigned char {
    server,    // one a server (main or virtual host); inherited by hosts from the main server
    directory, // any section: merged for every request in Apache's order
};

// A settings struct with its type forgotten. It has one owner, and no count that would be written
// into memory that children share.
using OwnedSettings = std::unique_ptr<void, void (*)(const void*)>;

template <class S>
OwnedSettings own_settings(std::unique_ptr<S> settings) {
    return {settings.release(), [](const void* value) { delete static_cast<const S*>(value); }};
}

// The operations of one settings struct.
struct SettingsType {
    Scope scope;
    std::size_t& index; // assigned by SettingsRegistry::add
    OwnedSettings (*create)();
    // A new value: `inner` where it speaks, `outer` where it does not.
    OwnedSettings (*merge)(const void* outer, const void* inner);
};

template <class S>
struct SettingsSlot {
    static constexpr std::size_t unregistered = static_cast<std::size_t>(-1);
    inline static std::size_t index = unregistered;
};

template <class S>
SettingsType settings_type() {
    return {S::scope, SettingsSlot<S>::index, [] { return own_settings(std::make_unique<S>()); },
            [](const void* outer, const void* inner) {
                auto merged = std::make_unique<S>(*static_cast<const S*>(inner));
                merged->inherit_from(*static_cast<const S*>(outer));
                return own_settings(std::move(merged));
            }};
}

// All settings types of a process, each scope's in the order they were added: an index is a place
// in there. Filled in main, before any configuration is read, and by what LoadModule loads.
class SettingsRegistry {
  public:
    static SettingsRegistry& instance();
    // Adding a type again changes nothing.
    void add(const SettingsType& type);
    const std::deque<SettingsType>& types(Scope scope) const {
        return types_[static_cast<std::size_t>(scope)];
    }

  private:
    std::array<std::deque<SettingsType>, 2> types_;
};

// The structs that one section (or one server) fills while the configuration is read.
class Settings {
  public:
    // The section's own S, made on first use.
    template <class S>
    S& edit() {
        return *static_cast<S*>(edit(S::scope, SettingsSlot<S>::index));
    }
    template <class S>
    const S* find() const {
        return static_cast<const S*>(find(SettingsSlot<S>::index));
    }
    bool empty() const { return values_.empty(); }
    // What says the same wherever it is read, as a version of a file does. Without that these are
    // like no others.
    void come_from(std::uint64_t source) { source_ = source; }

  private:
    friend class MergedSettings;
    // Of the many structs there are a section fills few, all of one scope.
    struct Value {
        const SettingsType* type;
        OwnedSettings value;
    };
    void* find(std::size_t index) const;
    void* edit(Scope scope, std::size_t index);
    std::vector<Value> values_;
    std::uint64_t source_ = 0;
};

// The merge of several Settings, outermost first. A struct that only one of them fills is theirs,
// so they must outlive this, as must the merge that this began with.
class MergedSettings {
  public:
    // What S says here, or a default S where nothing was said.
    template <class S>
    const S& of() const {
        assert(SettingsSlot<S>::index != SettingsSlot<S>::unregistered);
        if (const void* said = find(SettingsSlot<S>::index)) return *static_cast<const S*>(said);
        static const S nothing_said{};
        return nothing_said;
    }

    // This merge with `inner` on top.
    template <class Inner>
    MergedSettings with(const Inner& inner) const {
        MergedSettings merged;
        merged.places_ = places_;
        merged.said_ = said_;
        merged.identity_ = identity_;
        merged.scope_ = scope_;
        merged.add(inner);
        return merged;
    }
    // Puts `inner` on top of this.
    void add(const Settings& inner);
    void add(const MergedSettings& inner);
    // The same, and keeps what was made for it.
    void add(MergedSettings&& inner);

    // Makes S anew, for whoever changed what `outer` or `inner` says of it.
    template <class S>
    void merge_again(const MergedSettings& outer, const Settings& inner) {
        merge_again(S::scope, SettingsSlot<S>::index, outer, inner);
    }
    // The same for the last time: what `inner` says takes over what `outer` does, so that there is
    // one S and not two.
    template <class S>
    void merge_for_good(const MergedSettings& outer, Settings& inner) {
        if (!inner.find<S>()) return merge_again<S>(outer, inner);
        inner.edit<S>().inherit_from(outer.of<S>());
        merge_again<S>({}, inner);
    }

    // Whether the same was merged in the same order, if somewhere else (Apache compares pointers).
    bool is_of_the_same(const MergedSettings& other) const { return identity_ == other.identity_; }

  private:
    const void* find(std::size_t index) const {
        if (index >= places_.size() || places_[index] == 0) return nullptr;
        return said_[places_[index] - 1u];
    }
    const void*& slot(std::size_t index);
    void note(std::uint64_t identity);
    void make_room(Scope scope, std::size_t more);
    void add(const SettingsType& type, const void* inner);
    void disown(const void* value);
    void merge_again(Scope scope, std::size_t index, const MergedSettings& outer,
                     const Settings& inner);

    // Thousands of hosts have two of these each, and speak of a few of the types there are.
    std::vector<std::uint8_t> places_; // by a type's index: in said_, from 1 on; 0: nothing said
    std::vector<const void*> said_;    // a Settings' or another merge's, or
    std::vector<OwnedSettings> made_;  // what several of them say
    std::uint64_t identity_ = 0;       // of all that was merged
    Scope scope_ = Scope::server;      // of the places, if there are any
};

// `if (!mine) mine = outer;`: the whole of inheritance for an optional field.
template <class T>
void inherit(T& mine, const T& outer) {
    if (!mine) mine = outer;
}

} // namespace preforkd::config
