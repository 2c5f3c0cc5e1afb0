#include "app/start_messages.h"

#include <cstring>
#include <fmt/format.h>

#include "base/log.h"
#include "base/product.h"
#include "os/file.h"
#include "os/process.h"

namespace preforkd {

void say_text(std::string_view text) { fmt::print(stderr, "{}", text); }

void say(std::string_view line) { fmt::print(stderr, "{}\n", line); }

void say_warnings(const std::vector<config::Warning>& warnings, log::Level level) {
    for (const auto& warning : warnings)
        if (log::passes(warning.level, level))
            say(warning.bare ? warning.text
                             : log::format({.module = warning.module,
                                            .level = warning.level,
                                            .text = warning.text}));
}

void say_findings(const Findings& findings) {
    for (const Finding& finding : findings)
        say(fmt::format("Warning: {}\n  Mend: {}", finding.text, finding.mend));
}

void send_messages_to(const std::string& path) {
    const auto file = open_for_appending(path);
    if (file) return redirect_standard_error(file->get());
    const int code = file.error().code;
    say(fmt::format("({}){}: AH00086: {}: could not open error log file {}.", code,
                    std::strerror(code), product::name, path));
}

} // namespace preforkd
