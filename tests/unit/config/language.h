// A small configuration language for tests: two settings structs, some directives, and files in a
// folder that lives as long as a test.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <variant>
#include <vector>

#include "config/configuration.h"
#include "config/reader.h"
#include "config/section_directives.h"

namespace preforkd::config::testing {

struct Told {
    static constexpr Scope scope = Scope::directory;
    void inherit_from(const Told& outer) {
        words.insert(words.begin(), outer.words.begin(), outer.words.end());
        config::inherit(flag, outer.flag);
    }
    std::vector<std::string> words; // in the order in which they were said
    std::optional<bool> flag;
};

struct Named {
    static constexpr Scope scope = Scope::server;
    void inherit_from(const Named& outer) {
        config::inherit(first, outer.first);
        config::inherit(second, outer.second);
    }
    std::optional<std::string> first;
    std::optional<std::string> second;
};

inline Status tell(Told& told, Arguments arguments) {
    for (const auto& word : arguments) told.words.push_back(word);
    return {};
}

inline Status name_server(Invocation& invocation, Arguments arguments) {
    invocation.server.name = arguments[0];
    return {};
}

inline Status warn(Invocation& invocation, Arguments arguments) {
    invocation.warn(arguments[0]);
    return {};
}

inline const std::vector<Directive>& own_directives() {
    constexpr unsigned outside = server_config | virtual_host;
    static const std::vector<Directive> rows{
        {"Tell", Shape::words, anywhere, override_file_info, edits<tell>},
        {"TellEach", Shape::each, anywhere, override_indexes, edits<tell>, "what to tell"},
        {"TellTwo", Shape::two, anywhere, override_options, edits<tell>, "a word and another"},
        {"TellPairs", Shape::first_and_each, anywhere, override_limit, edits<tell>},
        {"TellRaw", Shape::raw, anywhere, override_all, edits<tell>},
        {"Nothing", Shape::no_arguments, anywhere, override_all, edits<tell>, "nothing at all"},
        {"Flag", Shape::flag, anywhere, override_auth_config, sets_flag<&Told::flag>},
        {"First", Shape::one, outside, override_none, sets_text<&Named::first>},
        {"Second", Shape::one, outside, override_none, sets_text<&Named::second>},
        {"MainOnly", Shape::one, server_config, override_none, sets_text<&Named::first>},
        {"Name", Shape::one, outside, override_none, name_server},
        {"Warn", Shape::one, anywhere, override_all, warn},
    };
    return rows;
}

inline const std::vector<Directive>& extra_directives() {
    static const std::vector<Directive> rows{
        {"Extra", Shape::words, anywhere, override_all, edits<tell>},
        {"ExtraWarn", Shape::one, anywhere, override_all, warn},
    };
    return rows;
}

inline std::vector<ModuleRows> modules() {
    return {
        {"core_module", "core.c", true, own_directives()},
        {"sections_module", "core.c", true, section_directives()},
        {"reading_module", "mod_reading.c", true, reading_directives()},
        {"extra_module", "mod_extra.c", false, extra_directives()},
    };
}

// What an .htaccess file may say.
inline DirectiveTable all_rows() {
    DirectiveTable rows;
    for (const auto& module : modules())
        for (const auto& directive : module.directives) rows.add(directive, module.source);
    return rows;
}

class Files {
  public:
    Files() {
        SettingsRegistry::instance().add(settings_type<Told>());
        SettingsRegistry::instance().add(settings_type<Named>());
        std::string pattern =
            std::filesystem::temp_directory_path() / "preforkd-configuration-XXXXXX";
        root_ = std::filesystem::canonical(::mkdtemp(pattern.data()));
    }
    ~Files() { std::filesystem::remove_all(root_); }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    std::string path(const std::string& name = "") const { return root_ / name; }
    std::string write(const std::string& name, const std::string& text) const {
        const auto file = root_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << text;
        return file;
    }

  private:
    std::filesystem::path root_;
};

// A text that is read as the main file.
class Language : public Files {
  public:
    // True if it could be read.
    bool read(const std::string& text, const std::vector<std::string>& defines = {}) {
        const auto rows = modules();
        auto outcome = read_configuration({.server_root = path(),
                                           .file = write("main.conf", text),
                                           .defines = defines,
                                           .before = before,
                                           .after = after,
                                           .modules = rows});
        configuration.reset();
        if (auto* fault = std::get_if<ConfigError>(&outcome)) {
            error = std::move(*fault);
            return false;
        }
        configuration = std::move(std::get<0>(outcome));
        return true;
    }
    // The message of the error that is expected, with its line.
    std::string refusal(const std::string& text) {
        if (read(text)) return "no error";
        return std::to_string(error.place.line) + ": " + error.message;
    }
    // What was told outside any section.
    std::vector<std::string> told() const {
        const auto* said = configuration->main_server().directory_settings.find<Told>();
        return said ? said->words : std::vector<std::string>{};
    }
    std::vector<std::string> told_after(const std::string& text) {
        return read(text) ? told() : std::vector{refusal(text)};
    }
    std::vector<std::string> warnings(log::Level level = log::Level::warn) const {
        std::vector<std::string> texts;
        for (const auto& warning : configuration->warnings)
            if (log::passes(warning.level, level))
                texts.push_back(warning.module + ": " + warning.text);
        return texts;
    }

    std::vector<std::string> before, after; // -C and -c
    std::unique_ptr<Configuration> configuration;
    ConfigError error;
};

inline std::vector<std::string> told_in(const Section& section) {
    const auto* said = section.settings.find<Told>();
    return said ? said->words : std::vector<std::string>{};
}

inline std::string repeated(const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

using Words = std::vector<std::string>;

} // namespace preforkd::config::testing
