// What the core directives say of the content of requests and responses. modules/server/core fills
// it. Apart from what they say of access: nearly every section says that, and few say this.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "config/settings.h"
#include "pipeline/expression/expression.h"
#include "pipeline/input_filter.h"
#include "pipeline/output_filter.h"

namespace preforkd {

// Apache: MaxRanges and its like with "none" and "unlimited".
constexpr int no_ranges = -1;
constexpr int unlimited_ranges = 0;

enum class EtagPart : unsigned { none = 0, inode = 1, mtime = 2, size = 4, digest = 8 };
// FileETag: parts without a sign replace what is inherited, those with one change it.
struct EtagChange {
    static constexpr unsigned usual =
        static_cast<unsigned>(EtagPart::mtime) | static_cast<unsigned>(EtagPart::size);
    bool replaces = false;
    unsigned set = 0; // EtagPart bits
    unsigned added = 0;
    unsigned removed = 0;

    // Where nothing is replaced the parts that were added are all, and where all are taken away it
    // is as if nothing had been said, as in Apache.
    unsigned parts() const {
        const unsigned all = ((replaces ? set : 0) & ~removed) | added;
        const bool says_none = replaces && set == 0;
        return all != 0 || says_none ? all : usual;
    }
    // Beside which the other parts do not count.
    bool is_digest() const { return (parts() & static_cast<unsigned>(EtagPart::digest)) != 0; }
    EtagChange inside(const EtagChange& outer) const;
};

struct ErrorDocument {
    enum class Kind : unsigned char { standard, text, local, remote };
    Kind kind = Kind::standard;
    std::optional<Expression> text = {}; // or where it leads; none for the standard one
};

struct ContentSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const ContentSettings& outer);

    std::map<int, ErrorDocument> error_documents;
    std::optional<std::string> forced_type;       // ForceType ("none" → empty)
    std::optional<std::string> handler;           // SetHandler ("none" → empty)
    std::optional<Expression> handler_expression; // SetHandler with %{…}, in the place of a name
    std::optional<NamedOutputFilters> output_filters; // SetOutputFilter
    std::optional<NamedInputFilters> input_filters;   // SetInputFilter
    std::optional<std::string> add_default_charset;   // "off" → empty
    std::optional<EtagChange> file_etag;
    std::optional<bool> content_digest;              // Content-MD5
    std::optional<std::uint64_t> limit_request_body; // bytes; default 1 GiB (2.4.54)
    // no_ranges, unlimited_ranges or a number
    std::optional<int> max_ranges, max_range_overlaps, max_range_reversals;
};

} // namespace preforkd
