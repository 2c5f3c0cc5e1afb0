// What stands around a listing: the header above it and the readme below, read from files beside
// what is listed, and the titles of the pages in it.
#pragma once

#include <string>
#include <string_view>

#include "modules/content/autoindex/index_page.h"
#include "pipeline/request.h"

namespace preforkd {

// Each answers whether HTML of a file was added: the page has no known length then, as in Apache.
bool add_head(IndexPage& page, Request& request, std::string_view title);
bool add_tail(IndexPage& page, Request& request);

// The title of an HTML page, without line breaks; "" when it has none.
std::string title_in(std::string_view html);
// The title of the page that a request found, for ScanHTMLTitles.
std::string title_of(const Request& found);

} // namespace preforkd
