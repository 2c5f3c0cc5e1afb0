// What the filters that compress have in common: which responses, for whom, and what the head says
// afterwards.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/directive.h"
#include "pipeline/request.h"

namespace preforkd {

struct ContentCoding {
    std::string_view name;       // as clients and Content-Encoding call it
    std::string_view refused_by; // a variable
    std::string_view tag_suffix;
};

// What becomes of the entity tag: the compressed content is another representation.
enum class TagChange : unsigned char { add_suffix, none, remove };
std::optional<TagChange> parse_tag_change(std::string_view word);

// DeflateFilterNote, BrotliFilterNote: names of notes that tell the log of sizes.
struct SizeNotes {
    std::optional<std::string> input, output, ratio; // bytes before and after, per cent
    bool empty() const { return !input && !output && !ratio; }
    void tell(Request& request, std::uint64_t before, std::uint64_t after) const;
};
// Of "[type] name". False for a type that there is not.
bool set_note(SizeNotes& notes, config::Arguments arguments);

// Whether a response may be coded at all.
bool may_be_coded(const Request& request, const ContentCoding& coding);
bool has_variable(const Request& request, std::string_view name);
// Whether the Accept-Encoding field names a coding. As Apache reads it: the first element of that
// name decides, an empty one ends the search.
bool accepts(const Request& request, const ContentCoding& coding);
void vary_by_encoding(Request& request);
void change_tag(Request& request, TagChange change, std::string_view suffix);
// The head of a response whose content is coded from here on.
void say_coded(Request& request, const ContentCoding& coding, TagChange change);

} // namespace preforkd
