// What one directive after the other adds to: the settings that a thing was said in own it, every
// merge of them borrows it. So merging in a child touches no reference count of shared memory.
#pragma once

#include <memory>
#include <span>
#include <vector>

namespace preforkd {

template <class T>
class Entries {
  public:
    Entries() = default;
    Entries(const Entries& said) : all_(said.all_) {}
    Entries& operator=(const Entries&) = delete;

    T& add(T entry) {
        own_.push_back(std::make_unique<T>(std::move(entry)));
        all_.push_back(own_.back().get());
        return *own_.back();
    }
    // Borrows the entries of `outer`, to be looked at after, or before, the ones here.
    void append(const Entries& outer) { insert(all_.end(), outer); }
    void prepend(const Entries& outer) { insert(all_.begin(), outer); }

    // What was said here: it may still be added to while the section is read.
    std::span<const std::unique_ptr<T>> own() const { return own_; }

    bool empty() const { return all_.empty(); }
    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }

  private:
    using Borrowed = std::vector<const T*>;
    void insert(typename Borrowed::iterator place, const Entries& outer) {
        all_.insert(place, outer.all_.begin(), outer.all_.end());
    }

    std::vector<std::unique_ptr<T>> own_;
    Borrowed all_;
};

} // namespace preforkd
