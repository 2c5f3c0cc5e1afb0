// What preforkd does with every directive of an Apache configuration. It is found out by doing it:
// the files are read and applied as at a start, with a witness.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "config/configuration.h"
#include "config/syntax_tree.h"

namespace preforkd::migrate {

enum class Kind : unsigned char {
    works,
    differs, // docs/differences.md says how
    later,   // docs/deferred.md says what is missing
    unknown, // no enabled module has it
    refused, // preforkd has it, and not with these arguments or at this place
};

struct Site {
    std::string file;
    int line = 0;
    auto operator<=>(const Site&) const = default;
};
// For what a macro made: where the macro is used.
Site site_of(const config::Place& place);

struct Occurrence {
    std::string name; // "Alias", "<Directory>"
    Kind kind = Kind::works;
    std::string remark; // how it differs, what is missing, or why it is refused
    std::string module; // of an unknown one, as far as that is known
    Site site;
};

struct MissingModule {
    std::string identifier; // "proxy_module"
    Site site;
};

enum class HtaccessSearch : unsigned char { none, bounded, everywhere };

struct SurveyOptions {
    CommandLine line; // the file, ServerRoot and names of -D
    HtaccessSearch search = HtaccessSearch::bounded;
};

struct Survey {
    std::string file;
    std::string server_root;
    std::vector<Occurrence> occurrences;
    std::vector<MissingModule> missing_modules;
    std::vector<std::string> files;          // all that were read
    std::vector<std::string> htaccess_files; // those that Apache looks at
    std::size_t ignored_htaccess = 0;        // where AllowOverride None is in force
    bool saw_every_folder = true;            // of those below DocumentRoots
    std::size_t hosts = 0;                   // <VirtualHost> sections
    std::size_t modules = 0;                 // LoadModule lines
    std::string fault; // of the whole: what could not be read, or what only a start would tell

    std::size_t count(Kind kind) const;
};

Survey survey_configuration(const SurveyOptions& options);

} // namespace preforkd::migrate
