// The Apache language: lines, words and variables, sections and macros, and a whole .htaccess file,
// which is what people who are not the administrator can write.
#include <fmt/format.h>
#include <string>

#include "base/text.h"
#include "config/line_reader.h"
#include "config/reader.h"
#include "config/reading.h"
#include "config/variables.h"
#include "config/words.h"
#include "fuzz/input.h"
#include "pipeline/module.h"

namespace preforkd {

namespace {

using fuzz::must;

// Everything that is compiled in, as the configuration language knows it.
class Language {
  public:
    Language() {
        auto& registry = config::SettingsRegistry::instance();
        for (const auto& module : all_modules())
            for (const auto& type : module.settings) registry.add(type);
        for (const auto& module : all_modules()) {
            names.push_back(fmt::format("{}_module", module.name));
            for (const auto& directive : module.directives) table.add(directive, "mod_any.c");
        }
        for (std::size_t i = 0; i < names.size(); ++i)
            modules.push_back({names[i], "mod_any.c", false, all_modules()[i].directives});
        configuration.servers.push_back(std::make_unique<config::Server>());
        configuration.server_root = "/nonexistent";
        configuration.variables["known"] = "value";
    }
    std::vector<std::string> names;
    std::vector<config::ModuleRows> modules;
    config::DirectiveTable table;
    config::Configuration configuration;
};

void read_words(const config::Configuration& configuration, std::string_view text) {
    config::LineReader lines("input", std::string(text));
    int last = 0;
    for (auto more = lines.next(); more && *more; more = lines.next()) {
        must(lines.place().line > last);
        last = lines.place().line;
        std::vector<std::string> undefined;
        const auto replaced = config::replace_variables(lines.line(), configuration, undefined);
        std::size_t sum = 0;
        for (const auto& word : config::split_words(replaced)) sum += word.size();
        must(sum <= replaced.size());
    }
}

void read_tree(const Language& language, std::string_view text) {
    config::Configuration configuration;
    configuration.servers.push_back(std::make_unique<config::Server>());
    configuration.server_root = "/nonexistent";
    config::DirectiveTable rows = language.table;
    config::Reading reading(configuration, rows, language.modules);
    config::SyntaxTree tree;
    const auto read = reading.read_text(config::LineReader("input", std::string(text)), tree);
    must(read.has_value() || reading.failed_at().has_value());
}

void read_htaccess(const Language& language, std::string_view text) {
    config::HtaccessRules rules;
    rules.overrides = config::override_all;
    const auto outcome = config::read_htaccess(language.configuration, language.table,
                                               "/nonexistent/.htaccess", text, rules);
    if (const auto* section = std::get_if<std::unique_ptr<config::Section>>(&outcome))
        must(*section != nullptr);
}

// What would look at files of this machine.
bool reads_files(std::string_view text) { return lower(text).find("include") != std::string::npos; }

} // namespace

} // namespace preforkd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    static const Language language;
    const auto text = fuzz::text_of(data, size);
    read_words(language.configuration, text);
    if (reads_files(text)) return 0;
    read_tree(language, text);
    read_htaccess(language, text);
    return 0;
}
