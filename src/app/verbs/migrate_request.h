// What `preforkctl migrate` was asked for.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/command_line.h"
#include "base/result.h"

namespace preforkd {

struct MigrateRequest {
    CommandLine line;      // with the file, ServerRoot, and -D, -C and -c
    std::string variables; // envvars
    bool every_htaccess = false;
    bool with_all = false;
    bool json = false;
    bool help = false;
    std::string tree;
    std::optional<unsigned short> preview; // the first port
    std::string access_log;                // to compare by
    std::string against = "http://127.0.0.1:80";
    std::size_t limit = 1000;
};

// Whether the verb is migrate: it alone may be followed by words.
bool asks_to_migrate(std::span<char* const> words);
// Fails with what is wrong about a word.
Result<MigrateRequest> parse_migrate_request(std::span<char* const> words);

extern const std::string_view migrate_usage;

} // namespace preforkd
