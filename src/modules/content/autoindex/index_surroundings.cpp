#include "modules/content/autoindex/index_surroundings.h"

#include <algorithm>

#include "base/text.h"
#include "os/file.h"
#include "pipeline/server_names.h"
#include "pipeline/subrequest.h"

namespace preforkd {

namespace {

// Titles stand near the beginning.
constexpr std::size_t most_scanned = 8191;

std::string_view media_type(const Request& found) {
    const auto type = found.response.content_type;
    return trim(type.substr(0, type.find(';')));
}

bool is_html(const Request& found) {
    const auto type = media_type(found);
    return iequals(type, "text/html") || iequals(type, "application/xhtml+xml");
}

// A text that belongs to the listing, if the client may have it.
struct Insert {
    enum class Kind : unsigned char { none, text, html };
    Kind kind = Kind::none;
    std::string content;
};

bool is_file(const Request& found) {
    return found.response.status == 200 && found.storage.kind == Storage::Kind::regular;
}

// Keeps what a subrequest writes.
class TextSink final : public http::BodySink {
  public:
    explicit TextSink(std::string& text) : text_(text) {}
    Status write(std::string_view bytes) override {
        text_ += bytes;
        return {};
    }
    Status send_file(int file, off_t offset, std::size_t length) override {
        const auto size = text_.size();
        text_.resize(size + length);
        const auto count = read_at(file, text_.data() + size, length, offset);
        text_.resize(size + (count ? *count : 0));
        return count ? Status() : Status(count.error());
    }
    Status flush() override { return {}; }
    Status finish() override { return {}; }

  private:
    std::string& text_;
};

// HTML is what its handler and its filters make of it; other text is the file's.
Insert read_insert(Request& request, const std::string& name, bool with_query) {
    const auto uri = with_query && request.has_query
                         ? request.arena.join({name, "?", request.query})
                         : std::string_view(name);
    Request& found = look_up_uri(request, uri);
    if (!is_file(found)) return {};
    const bool html = is_html(found);
    if (html) {
        Insert insert{Insert::Kind::html, {}};
        TextSink sink(insert.content);
        static_cast<void>(run_subrequest(found, sink));
        return insert;
    }
    if (!istarts_with(found.response.content_type, "text/")) return {};
    auto content = read_whole_file(std::string(found.filename));
    if (!content) return {};
    return {Insert::Kind::text, std::move(*content)};
}

} // namespace

bool add_head(IndexPage& page, Request& request, std::string_view title) {
    Insert insert;
    if (const auto& name = page.settings.header) insert = read_insert(request, *name, true);
    const bool html = insert.kind == Insert::Kind::html;
    // A header of HTML may bring the beginning of the page along.
    if (!html || !page.has(index_suppress_preamble)) add_preamble(page, title);
    if (html) page.text += insert.content;
    else if (insert.kind == Insert::Kind::text) add_plain_text(page, insert.content);
    else add_heading(page, title);
    return html;
}

bool add_tail(IndexPage& page, Request& request) {
    Insert insert;
    if (const auto& name = page.settings.readme) insert = read_insert(request, *name, false);
    const bool html = insert.kind == Insert::Kind::html;
    if (html) page.text += insert.content;
    else if (insert.kind == Insert::Kind::text) add_plain_text(page, insert.content);
    else page.text += signature(request, "");
    if (!html || !page.has(index_suppress_preamble)) page.text += "</body></html>\n";
    return html;
}

std::string title_in(std::string_view html) {
    constexpr std::string_view tag = "<title>";
    const auto begin = std::search(html.begin(), html.end(), tag.begin(), tag.end(),
                                   [](char a, char b) { return to_lower(a) == b; });
    if (begin == html.end()) return {};
    html.remove_prefix(static_cast<std::size_t>(begin - html.begin()) + tag.size());
    std::string title(html.substr(0, html.find('<')));
    title.erase(0, std::min(title.find_first_not_of("\r\n"), title.size()));
    for (char& c : title)
        if (c == '\r' || c == '\n') c = ' ';
    return title;
}

std::string title_of(const Request& found) {
    if (found.response.status != 200 || !is_html(found) || !found.content_encoding.empty())
        return {};
    const auto file = open_for_reading(found.arena.c_string(found.filename));
    if (!file) return {};
    std::string beginning(most_scanned, '\0');
    const auto size = read_at(file->get(), beginning.data(), beginning.size(), 0);
    return size ? title_in(std::string_view(beginning).substr(0, *size)) : std::string();
}

} // namespace preforkd
