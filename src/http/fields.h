// Header fields (RFC 9110 §5): an ordered list in which the common names are found by number.
#pragma once

#include <array>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace preforkd::http {

// Names that code asks for. `other` is every name that is not in this list.
enum class FieldId : std::uint8_t {
    other,
    accept,
    accept_charset,
    accept_encoding,
    accept_language,
    accept_ranges,
    allow,
    authorization,
    cache_control,
    connection,
    content_encoding,
    content_language,
    content_length,
    content_location,
    content_range,
    content_type,
    cookie,
    date,
    etag,
    expect,
    expires,
    host,
    if_match,
    if_modified_since,
    if_none_match,
    if_range,
    if_unmodified_since,
    keep_alive,
    last_modified,
    location,
    proxy_authorization,
    range,
    referer,
    retry_after,
    server,
    te,
    trailer,
    transfer_encoding,
    upgrade,
    user_agent,
    vary,
    via,
    www_authenticate,
    x_forwarded_for,
    count_,
};

// Any letter case; one switch on the length and one comparison.
FieldId identify_field(std::string_view name);
// The name as RFC 9110 spells it. Requires: id is not `other`.
std::string_view name_of(FieldId id);

struct Field {
    FieldId id = FieldId::other;
    std::string_view name; // as it was sent or set
    std::string_view value;
};

// Views in here belong to the arena or the connection's buffer; both outlive the request.
class Fields {
  public:
    explicit Fields(Arena& arena) : fields_(arena.resource()) { first_.fill(-1); }

    // The value of the first field of that name, or nullptr.
    const std::string_view* find(FieldId id) const;
    const std::string_view* find(std::string_view name) const;
    std::string_view value_or_empty(FieldId id) const;
    bool has(FieldId id) const { return find(id) != nullptr; }

    // All values of that name joined with ", " (RFC 9110 §5.3), empty when there is none.
    std::string_view combined(FieldId id, Arena& arena) const;
    std::string_view combined(std::string_view name, Arena& arena) const;

    // Whether no field of that name stands before it. Requires: it is one of these.
    bool is_first_of_its_name(const Field& field) const;
    // Bytes of the longest of all values, where those of one name are combined.
    std::size_t longest_combined() const;

    void add(FieldId id, std::string_view value) { add(id, name_of(id), value); }
    void add(std::string_view name, std::string_view value) {
        add(identify_field(name), name, value);
    }
    void add(FieldId id, std::string_view name, std::string_view value);
    // Replaces every field of that name with one.
    void set(FieldId id, std::string_view value) { set(id, name_of(id), value); }
    void set(std::string_view name, std::string_view value) {
        set(identify_field(name), name, value);
    }
    void set(FieldId id, std::string_view name, std::string_view value);
    // The first field of that name says something else; those that follow stay. Requires: there is
    // one.
    void change_first(std::string_view name, std::string_view value);
    void remove(FieldId id);
    void remove(std::string_view name);
    void clear();
    // Takes away all but the first `size`.
    void shorten(std::size_t size);

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }
    bool empty() const { return fields_.empty(); }

  private:
    void index_again();

    std::pmr::vector<Field> fields_;
    // Where the first field of each known name stands, or -1.
    std::array<std::int32_t, static_cast<std::size_t>(FieldId::count_)> first_;
};

// Whether `option` is among the options of the Connection fields (RFC 9110 §7.6.1).
bool has_connection_option(const Fields& fields, std::string_view option);

} // namespace preforkd::http
