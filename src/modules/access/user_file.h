// Files of users or groups: lines of a name, a colon and the rest.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace preforkd {

// The content as it is now, lines that go on behind a backslash made one: a child keeps it, and
// reads it again when the file has changed. Good until the next call. Fails with errno.
Result<const std::string*> user_file(const std::string& path);

// Takes a line off `text`, without white space around it.
std::string_view take_entry(std::string_view& text);

// What follows "name:" in the first line of that name. # begins a comment.
std::optional<std::string_view> find_in_user_file(std::string_view text, std::string_view name);

} // namespace preforkd
