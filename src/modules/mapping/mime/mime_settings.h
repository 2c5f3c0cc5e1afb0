// What AddType, AddHandler and their like say of file name extensions.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/directive.h"
#include "modules/mapping/mime/types_table.h"
#include "pipeline/input_filter.h"
#include "pipeline/output_filter.h"

namespace preforkd {

// A field that is not set says nothing; an empty one takes away what an outer section said.
struct ExtensionSettings {
    std::optional<std::string> type;
    std::optional<std::string> encoding;
    std::optional<std::string> language;
    std::optional<std::string> charset;
    std::optional<std::string> handler;
    std::optional<NamedOutputFilters> output_filters;
    std::optional<NamedInputFilters> input_filters;

    void inherit_from(const ExtensionSettings& outer);
};

struct MimeSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const MimeSettings& outer);

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    // By extension in lower case, without a dot.
    std::unordered_map<std::string, ExtensionSettings, Hash, std::equal_to<>> extensions;
    std::optional<std::string> default_language;
    std::optional<bool> uses_path_info; // ModMimeUsePathInfo
    // MultiviewsMatch: pieces of a name that count as known beside those that tell of the content.
    struct Claims {
        bool any = false, handlers = false, filters = false;
    };
    std::optional<Claims> claims;
};

struct MimeServerSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const MimeServerSettings& outer) {
        config::inherit(types_file, outer.types_file);
        config::inherit(types, outer.types);
    }
    std::optional<std::string> types_file;   // TypesConfig, absolute
    std::shared_ptr<const TypesTable> types; // what is in it, once the configuration is complete
};

std::vector<config::Directive> mime_directives();

} // namespace preforkd
