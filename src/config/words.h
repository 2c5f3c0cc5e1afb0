// Words of a configuration line, with Apache's quoting rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace preforkd::config {

// Takes the next word, and the white space behind it, off `rest`; empty at the end. "…" and '…'
// hold white space together; a backslash before a backslash, or before the quote in force, goes
// away.
std::string next_word(std::string_view& rest);

std::vector<std::string> split_words(std::string_view text);

} // namespace preforkd::config
