// imagemap: where a click on a picture leads, by a file that says which part of it means what.
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "http/uri.h"
#include "modules/content/imagemap/map_line.h"
#include "modules/modules.h"
#include "os/file.h"
#include "pipeline/request.h"
#include "pipeline/server_names.h"

namespace preforkd {

using http::FieldId;

namespace imagemap {

namespace {

enum class Menu : unsigned char { none, formatted, semiformatted, unformatted };

struct ImapSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const ImapSettings& outer) {
        config::inherit(menu, outer.menu);
        config::inherit(usual, outer.usual);
        config::inherit(base, outer.base);
    }
    std::optional<std::string> menu, usual, base; // ImapMenu, ImapDefault, ImapBase
};

// Their first letters are enough, as in Apache; any other word is a plain menu.
Menu menu_of(const ImapSettings& settings) {
    const std::string& word = settings.menu.value_or("formatted");
    if (istarts_with(word, "no")) return Menu::none;
    if (istarts_with(word, "form")) return Menu::formatted;
    if (istarts_with(word, "semi")) return Menu::semiformatted;
    return Menu::unformatted;
}

std::string own_url(const Request& request, std::string_view path) {
    return std::string(absolute_url(request, path));
}

bool has_scheme(std::string_view value) {
    std::size_t letters = 0;
    while (letters < value.size() && is_alpha(value[letters])) ++letters;
    return letters > 0 && letters < value.size() && value[letters] == ':';
}

// Where the path of a URL begins.
std::size_t path_begin(std::string_view url) {
    const auto host = url.find("://");
    return host == url.npos ? 0 : std::min(url.find('/', host + 3), url.size());
}

// A relative value, taken from the folder of `base`. Nothing where ".." leads out of it; in the
// root it changes nothing, as in Apache.
std::optional<std::string> resolve(const std::string& base, std::string_view value) {
    const auto begin = path_begin(base);
    if (value.starts_with('/')) return base.substr(0, begin) + std::string(value);
    std::string folder = base.substr(0, std::max(base.rfind('/') + 1, begin));
    if (folder.size() == begin) folder += '/';
    const bool in_root = folder.size() == begin + 1;
    while (value.starts_with("../") || value == "..") {
        value.remove_prefix(std::min<std::size_t>(3, value.size()));
        if (in_root) continue;
        if (folder.size() == begin + 1) return std::nullopt;
        folder.resize(folder.rfind('/', folder.size() - 2) + 1);
    }
    return folder + std::string(value);
}

// What a value means: a URL, or one of the words "error" and "nocontent", which stay. Nothing for a
// path that leads nowhere.
std::optional<std::string> meaning_of(const Request& request, const std::string& value,
                                      const std::string& base) {
    if (iequals(value, "map") || iequals(value, "menu"))
        return own_url(request, http::escape_path(request.uri));
    if (iequals(value, "nocontent") || iequals(value, "error")) return lower(value);
    if (iequals(value, "referer")) {
        const auto referer = request.head.fields.value_or_empty(FieldId::referer);
        return referer.empty() ? own_url(request, "/") : std::string(referer);
    }
    if (has_scheme(value)) return value;
    return resolve(base, value);
}

class Page {
  public:
    Page(Menu menu, std::string_view uri) : menu_(menu) {
        const auto title = escape_html(uri);
        text = fmt::format("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" "
                           "\"http://www.w3.org/TR/html4/strict.dtd\">\n<html><head>\n"
                           "<title>Menu for {}</title>\n</head><body>\n",
                           title);
        if (menu_ == Menu::formatted)
            text += fmt::format("<h1>Menu for {}</h1>\n<hr />\n\n", title);
    }
    void add_blank() { text += menu_ == Menu::semiformatted ? "<br />\n" : "\n"; }
    void add_comment(std::string_view comment) {
        text += menu_ == Menu::formatted ? "\n" : fmt::format("{}\n", comment);
    }
    void add_default(const std::string& url, const std::string& name) {
        if (url == "error" || url == "nocontent") return;
        if (menu_ == Menu::unformatted) return add_link("", url, name);
        add_link("<pre>(Default) ", url, name);
    }
    void add_entry(const std::string& url, const std::string& name) {
        if (url == "error" || url == "nocontent") return;
        if (menu_ == Menu::unformatted) return add_link("", url, name);
        add_link("<pre>          ", url, name);
    }

    std::string text;

  private:
    void add_link(std::string_view before, const std::string& url, const std::string& name) {
        text += fmt::format("{}<a href=\"{}\">{}</a>{}", before, escape_html(url),
                            escape_html(name), before.empty() ? "" : "</pre>\n");
    }
    Menu menu_;
};

// The point that is closest to a click so far.
struct Closest {
    std::string value, base; // "" where there was none
    double distance = 0;     // squared
};

bool is_hit(const MapLine& line, Point click) {
    if (line.points.empty()) return false;
    return (iequals(line.directive, "poly") && is_in_polygon(click, line.points)) ||
           (iequals(line.directive, "circle") && is_in_circle(click, line.points)) ||
           (iequals(line.directive, "rect") && is_in_rectangle(click, line.points));
}

void consider(Closest& closest, const MapLine& line, Point click, const std::string& base) {
    if (!iequals(line.directive, "point") || line.points.empty()) return;
    const double distance = squared_distance(click, line.points[0]);
    if (!closest.value.empty() && distance >= closest.distance) return;
    closest = {line.value, base, distance};
}

// "12,34". Nothing for 0,0, which browsers without a mouse send.
std::optional<Point> click_of(std::string_view query) {
    const auto comma = query.find(',');
    const auto x = parse_decimal(query.substr(0, comma));
    const auto y = comma == query.npos ? std::nullopt : parse_decimal(query.substr(comma + 1));
    if (!x || !y || (*x == 0 && *y == 0)) return std::nullopt;
    return Point{static_cast<double>(*x), static_cast<double>(*y)};
}

Verdict reply(Request& request, const std::optional<std::string>& url) {
    if (!url || *url == "error" || url->empty()) return refuse(500);
    if (*url == "nocontent") return refuse(204);
    request.response.fields.set(FieldId::location, request.arena.copy(*url));
    return refuse(302);
}

Verdict send_menu(Request& request, Responder& responder, const std::string& page) {
    request.response.content_type = "text/html; charset=ISO-8859-1";
    if (!responder.send(request, page + "\n\n</body>\n</html>\n")) request.aborted = true;
    return done;
}

// In a menu, after what could be read.
constexpr const char* broken_map = "\n\n[an internal server error occured]\n";

// Reads a map line by line: for a click until it is known where that leads, else for a menu.
class Reading {
  public:
    Reading(Request& request, Responder& responder)
        : request_(request), responder_(responder), settings_(request.of<ImapSettings>()),
          menu_(menu_of(settings_)), click_(click_of(request.query)), page_(menu_, request.uri),
          base_(own_url(request, "/")), usual_(settings_.usual.value_or("nocontent")) {
        if (settings_.base) base_ = meaning_of(request, *settings_.base, base_).value_or(base_);
    }

    Verdict answer(std::string_view map) {
        if (!click_ && menu_ == Menu::none) return lead_to(usual_, base_);
        while (!map.empty()) {
            const auto text = trim(take_line(map));
            if (text.empty()) page_.add_blank();
            else if (text.starts_with('#')) page_.add_comment(text.substr(1));
            else if (const auto verdict = take(parse_line(text)); !verdict.is_ok()) return verdict;
        }
        if (!click_) return send_menu(request_, responder_, page_.text);
        if (!closest_.value.empty()) return lead_to(closest_.value, closest_.base);
        return lead_to(usual_, base_);
    }

  private:
    Verdict lead_to(const std::string& value, const std::string& base) {
        return reply(request_, meaning_of(request_, value, base));
    }

    // Not ok once the answer is known.
    Verdict take(const std::optional<MapLine>& line) {
        if (!line) return break_off();
        const bool is_base = istarts_with(line->directive, "base");
        const bool is_default = istarts_with(line->directive, "default");
        if (click_ && !is_base && !is_default) {
            if (is_hit(*line, *click_)) return lead_to(line->value, base_);
            consider(closest_, *line, *click_, base_);
            return ok;
        }
        const auto url = meaning_of(request_, line->value, base_);
        if (!url) return break_off();
        if (is_base) base_ = *url;
        else if (is_default) usual_ = line->value;
        if (is_default) page_.add_default(*url, line->text);
        else if (!is_base) page_.add_entry(*url, line->text);
        return ok;
    }

    Verdict break_off() {
        return click_ ? refuse(500) : send_menu(request_, responder_, page_.text + broken_map);
    }

    Request& request_;
    Responder& responder_;
    const ImapSettings& settings_;
    Menu menu_;
    std::optional<Point> click_;
    Page page_;
    std::string base_, usual_;
    Closest closest_;
};

Verdict handle(Request& request, Responder& responder) {
    const auto handler = handler_of(request);
    if (handler != "imap-file" && handler != "application/x-httpd-imap") return declined;
    if (request.head.method != http::Method::get && !request.header_only()) return declined;
    const auto map = read_whole_file(std::string(request.filename));
    if (!map) return refuse(request.storage.kind == Storage::Kind::missing ? 404 : 403);
    return Reading(request, responder).answer(*map);
}

} // namespace

} // namespace imagemap

Module imagemap_module() {
    using namespace imagemap;
    using config::anywhere;
    using config::override_indexes;
    using config::sets_text;
    using config::Shape;
    return {
        .name = "imagemap",
        .directives =
            {
                {"ImapMenu", Shape::one, anywhere, override_indexes, sets_text<&ImapSettings::menu>,
                 "the type of menu generated: none, formatted, semiformatted, unformatted"},
                {"ImapDefault", Shape::one, anywhere, override_indexes,
                 sets_text<&ImapSettings::usual>,
                 "the action taken if no match: error, nocontent, "
                 "referer, menu, URL"},
                {"ImapBase", Shape::one, anywhere, override_indexes, sets_text<&ImapSettings::base>,
                 "the base for all URL's: map, referer, URL (or "
                 "start of)"},
            },
        .settings = {config::settings_type<ImapSettings>()},
        .hooks = {.handler = handle},
    };
}

} // namespace preforkd
