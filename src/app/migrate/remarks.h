// What the documentation says of a directive that preforkd obeys otherwise than Apache, or not yet.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd::migrate {

// A directive whose behaviour is told of in docs/differences.md or, where it is about the inside of
// Apache, in docs/deferred.md.
struct Remark {
    std::string_view directive; // as the directive table has it
    std::string_view argument;  // one of its words, or empty for any
    std::string_view phrase;    // the paragraph or row of the page begins so, without its markup
};
std::span<const Remark> remarks();

// The paragraph, item or row of a page that begins with `phrase`, as plain text; empty for none.
std::string find_on_page(std::string_view page, std::string_view phrase);

// What differs for that directive with these arguments; empty for nothing.
std::string difference_of(std::string_view directive, const std::vector<std::string>& words);
// What is missing of a directive that is obeyed later; empty where the page does not tell.
std::string missing_of(std::string_view directive);

} // namespace preforkd::migrate
