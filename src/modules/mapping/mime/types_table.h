// The types file (TypesConfig): media types by extension, in two blocks of memory that every child
// shares.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace preforkd {

class TypesTable {
  public:
    static Result<TypesTable> read(const std::string& path);
    // Lines of a type and its extensions; a later line wins.
    static TypesTable parse(std::string_view content);

    // The type of an extension in lower case, or "".
    std::string_view find(std::string_view extension) const;
    std::size_t size() const { return count_; }

  private:
    // Places in text_. An empty slot has no type.
    struct Slot {
        std::uint32_t extension = 0;
        std::uint32_t type = 0;
        std::uint8_t extension_size = 0;
        std::uint8_t type_size = 0;
    };
    std::string_view extension_of(const Slot& slot) const;
    std::size_t slot_for(std::string_view extension) const;
    void add(std::string_view extension, std::uint32_t type, std::size_t type_size);
    void grow();

    std::string text_;
    std::vector<Slot> slots_; // open addressing; the size is a power of two
    std::size_t count_ = 0;
};

} // namespace preforkd
