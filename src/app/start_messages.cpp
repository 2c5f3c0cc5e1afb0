#include "app/start_messages.h"

#include <fmt/format.h>

#include "base/log.h"
#include "os/file.h"
#include "os/process.h"

namespace preforkd {

void say_text(std::string_view text) { fmt::print(stderr, "{}", text); }

void say(std::string_view line) { fmt::print(stderr, "{}\n", line); }

void say_notes(const std::vector<std::string>& notes) {
    for (const std::string& note : notes) say(note);
}

void say_warnings(const std::vector<config::Warning>& warnings, log::Level level) {
    for (const auto& warning : warnings)
        if (warning.level <= level || warning.level == log::Level::notice)
            say(warning.bare ? warning.text
                             : log::format({.module = warning.module,
                                            .level = warning.level,
                                            .text = warning.text}));
}

void say_findings(const Findings& findings) {
    for (const Finding& finding : findings)
        say(fmt::format("Warning: {}\n  Mend: {}", finding.text, finding.mend));
}

Status send_messages_to(const std::string& path) {
    auto file = open_for_appending(path);
    if (!file) return file.error();
    redirect_standard_error(file->get());
    return {};
}

} // namespace preforkd
