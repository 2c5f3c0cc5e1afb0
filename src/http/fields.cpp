#include "http/fields.h"

#include <algorithm>

#include "base/text.h"

namespace preforkd::http {

namespace {

constexpr std::size_t id_count = static_cast<std::size_t>(FieldId::count_);

// By FieldId; `other` has no name of its own.
constexpr std::array<std::string_view, id_count> names{
    "",
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Accept-Ranges",
    "Allow",
    "Authorization",
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Location",
    "Content-Range",
    "Content-Type",
    "Cookie",
    "Date",
    "ETag",
    "Expect",
    "Expires",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Keep-Alive",
    "Last-Modified",
    "Location",
    "Proxy-Authorization",
    "Range",
    "Referer",
    "Retry-After",
    "Server",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "Vary",
    "Via",
    "WWW-Authenticate",
    "X-Forwarded-For",
};

constexpr std::size_t longest_name = 19; // If-Unmodified-Since, Proxy-Authorization

// The ids of the names of one length, ended by `other`.
using Bucket = std::array<FieldId, 8>;

constexpr std::array<Bucket, longest_name + 1> make_buckets() {
    std::array<Bucket, longest_name + 1> buckets{};
    for (std::size_t id = 1; id < id_count; ++id) {
        auto& bucket = buckets[names[id].size()];
        std::size_t place = 0;
        while (bucket[place] != FieldId::other) ++place;
        bucket[place] = static_cast<FieldId>(id);
    }
    return buckets;
}

constexpr auto buckets = make_buckets();

std::size_t place_of(FieldId id) { return static_cast<std::size_t>(id); }

constexpr std::string_view between = ", ";

// In one piece, however many there are.
template <class Matches>
std::string_view combine(const std::pmr::vector<Field>& fields, Arena& arena, Matches matches) {
    std::string_view only;
    std::size_t size = 0, count = 0;
    for (const auto& field : fields) {
        if (!matches(field)) continue;
        only = field.value;
        size += field.value.size();
        ++count;
    }
    if (count < 2) return only;
    const auto room = arena.bytes(size + (count - 1) * between.size());
    char* end = room.data();
    for (const auto& field : fields) {
        if (!matches(field)) continue;
        if (end != room.data()) end += between.copy(end, between.size());
        end += field.value.copy(end, field.value.size());
    }
    return {room.data(), room.size()};
}

} // namespace

FieldId identify_field(std::string_view name) {
    if (name.size() > longest_name) return FieldId::other;
    for (FieldId id : buckets[name.size()]) {
        if (id == FieldId::other) break;
        if (iequals(names[place_of(id)], name)) return id;
    }
    return FieldId::other;
}

std::string_view name_of(FieldId id) { return names[place_of(id)]; }

const std::string_view* Fields::find(FieldId id) const {
    const auto first = first_[place_of(id)];
    return first < 0 ? nullptr : &fields_[static_cast<std::size_t>(first)].value;
}

const std::string_view* Fields::find(std::string_view name) const {
    if (const FieldId id = identify_field(name); id != FieldId::other) return find(id);
    for (const auto& field : fields_)
        if (field.id == FieldId::other && iequals(field.name, name)) return &field.value;
    return nullptr;
}

std::string_view Fields::value_or_empty(FieldId id) const {
    const auto* value = find(id);
    return value ? *value : std::string_view();
}

std::string_view Fields::combined(FieldId id, Arena& arena) const {
    return combine(fields_, arena, [id](const Field& field) { return field.id == id; });
}

std::string_view Fields::combined(std::string_view name, Arena& arena) const {
    return combine(fields_, arena,
                   [name](const Field& field) { return iequals(field.name, name); });
}

bool Fields::is_first_of_its_name(const Field& field) const {
    if (field.id != FieldId::other) return find(field.id) == &field.value;
    for (const auto& earlier : fields_) {
        if (&earlier == &field) return true;
        if (earlier.name.size() == field.name.size() && iequals(earlier.name, field.name))
            return false;
    }
    return true;
}

std::size_t Fields::longest_combined() const {
    std::size_t longest = 0;
    for (const auto& first : fields_) {
        if (!is_first_of_its_name(first)) continue;
        std::size_t size = 0;
        for (const auto& field : fields_)
            if (field.id == first.id &&
                (field.id != FieldId::other || iequals(field.name, first.name)))
                size += field.value.size() + (&field == &first ? 0 : between.size());
        longest = std::max(longest, size);
    }
    return longest;
}

void Fields::add(FieldId id, std::string_view name, std::string_view value) {
    auto& first = first_[place_of(id)];
    if (id != FieldId::other && first < 0) first = static_cast<std::int32_t>(fields_.size());
    fields_.push_back({id, name, value});
}

void Fields::set(FieldId id, std::string_view name, std::string_view value) {
    const auto matches = [id, name](const Field& field) {
        return field.id == id && (id != FieldId::other || iequals(field.name, name));
    };
    if (id != FieldId::other && first_[place_of(id)] < 0) {
        add(id, name, value);
        return;
    }
    const auto found = std::find_if(fields_.begin(), fields_.end(), matches);
    if (found == fields_.end()) {
        add(id, name, value);
        return;
    }
    found->value = value;
    fields_.erase(std::remove_if(found + 1, fields_.end(), matches), fields_.end());
    index_again();
}

void Fields::change_first(std::string_view name, std::string_view value) {
    const auto found = std::find_if(fields_.begin(), fields_.end(), [name](const Field& field) {
        return iequals(field.name, name);
    });
    found->value = value;
}

void Fields::remove(FieldId id) {
    if (id != FieldId::other && first_[place_of(id)] < 0) return;
    std::erase_if(fields_, [id](const Field& field) { return field.id == id; });
    index_again();
}

void Fields::remove(std::string_view name) {
    const auto before = fields_.size();
    std::erase_if(fields_, [name](const Field& field) { return iequals(field.name, name); });
    if (fields_.size() != before) index_again();
}

void Fields::shorten(std::size_t size) {
    fields_.erase(fields_.begin() + static_cast<std::ptrdiff_t>(size), fields_.end());
    index_again();
}

void Fields::clear() {
    fields_.clear();
    first_.fill(-1);
}

void Fields::index_again() {
    first_.fill(-1);
    for (std::size_t place = 0; place < fields_.size(); ++place) {
        auto& first = first_[place_of(fields_[place].id)];
        if (first < 0) first = static_cast<std::int32_t>(place);
    }
    first_[place_of(FieldId::other)] = -1;
}

bool has_connection_option(const Fields& fields, std::string_view option) {
    for (const auto& field : fields) {
        if (field.id != FieldId::connection) continue;
        for (std::string_view rest = field.value; !rest.empty();) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (iequals(trim(rest.substr(0, comma)), option)) return true;
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return false;
}

} // namespace preforkd::http
