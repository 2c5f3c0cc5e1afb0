// What is said on standard error before there is an error log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/system_checks/finding.h"
#include "base/result.h"
#include "config/syntax_tree.h"

namespace preforkd {

void say(std::string_view line);
void say_text(std::string_view text);
// As they will stand in the error log.
// Those that `level` (-e) lets through, and notices.
void say_warnings(const std::vector<config::Warning>& warnings, log::Level level);
void say_findings(const Findings& findings);

// -E: standard error goes to a file. Stays where it is if that cannot be opened.
void send_messages_to(const std::string& path);

} // namespace preforkd
