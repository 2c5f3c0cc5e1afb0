// What the directives of mod_include say.
#pragma once

#include <optional>
#include <string>

#include "config/settings.h"

namespace preforkd::ssi {

struct IncludeServerSettings {
    static constexpr config::Scope scope = config::Scope::server;
    // A virtual host with any directive of the module has what it says itself, as in Apache.
    void inherit_from(const IncludeServerSettings&) {}
    std::optional<std::string> start_tag, end_tag;
};

enum class ExecuteBit : unsigned char { off, on, full }; // XBitHack

struct IncludeSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const IncludeSettings& outer) {
        config::inherit(execute_bit, outer.execute_bit);
        config::inherit(error_text, outer.error_text);
        config::inherit(time_format, outer.time_format);
        config::inherit(undefined, outer.undefined);
        config::inherit(legacy_expressions, outer.legacy_expressions);
        config::inherit(last_modified, outer.last_modified);
        config::inherit(etag, outer.etag);
    }
    std::optional<ExecuteBit> execute_bit;
    std::optional<std::string> error_text, time_format, undefined;
    std::optional<bool> legacy_expressions, last_modified, etag;
};

} // namespace preforkd::ssi
