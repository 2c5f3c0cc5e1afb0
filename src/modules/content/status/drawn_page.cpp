// ?page: the status for people. Drawn here whole, so that it needs no script; the script only
// fetches it again. The colours and the script stand in drawn_page_style.cpp.
#include <algorithm>
#include <fmt/format.h>

#include "base/product.h"
#include "base/text.h"
#include "modules/content/status/chart.h"
#include "modules/content/status/drawn_page.h"
#include "modules/content/status/number_text.h"

namespace preforkd::status {

namespace {

using pool::ChildState;

constexpr std::size_t most_rows = 50;
constexpr std::size_t most_free_squares = 512;
constexpr std::size_t seconds_of_a_rate = 10;

std::string head_text(std::string_view server_name, std::string_view nonce) {
    return fmt::format(
        R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{0} · preforkd</title>
<link rel="icon" href="data:image/svg+xml,{1}">
<noscript><meta http-equiv="refresh" content="5"></noscript>
<style nonce="{2}">{3}</style>
</head>
<body>
)",
        shown(server_name), drawn_page_icon, nonce, drawn_page_style);
}

std::string foot_text(std::string_view nonce) {
    return fmt::format(R"(<footer>The same for programs: <a href="?auto">lines</a>,
<a href="?json&amp;history">JSON</a>; and <a href="?">Apache’s page</a>.</footer>
<script nonce="{}">{}</script>
</body>
</html>
)",
                       nonce, drawn_page_script);
}

// "12,345"
std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (auto place = static_cast<int>(text.size()) - 3; place > 0; place -= 3)
        text.insert(static_cast<std::size_t>(place), 1, ',');
    return text;
}

std::string short_number(double number) {
    return number < 100 ? fmt::format("{:.3g}", number)
                        : grouped(static_cast<std::uint64_t>(number + 0.5));
}

std::string short_bytes(double bytes) {
    constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB"};
    std::size_t unit = 0;
    for (; bytes >= 999.5 && unit + 1 < units.size(); ++unit) bytes /= 1024;
    return fmt::format("{:.3g} {}", bytes, units[unit]);
}

// "3 d 4 h", "12 min 5 s"
std::string short_time(std::int64_t seconds) {
    if (seconds >= 86'400)
        return fmt::format("{} d {} h", seconds / 86'400, seconds % 86'400 / 3'600);
    if (seconds >= 3'600) return fmt::format("{} h {} min", seconds / 3'600, seconds % 3'600 / 60);
    if (seconds >= 60) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    return fmt::format("{} s", seconds);
}

// What a counter grows by, each second, just now.
double rate(History history, std::uint64_t SecondNumbers::*counter) {
    if (history.empty()) return 0;
    const auto seconds = std::min(history.size(), seconds_of_a_rate + 1);
    return growth(history[history.size() - seconds], history.back(), counter);
}

std::string figure_text(std::string_view value, std::string_view name, std::string_view more) {
    return fmt::format("<div><b>{}</b><span>{}</span><small>{}</small></div>\n", value, name, more);
}

std::string figures_text(const PoolNumbers& pool, History history,
                         const Surroundings& surroundings) {
    const double spent = pool.requests == 0 ? 0
                                            : static_cast<double>(pool.duration) /
                                                  static_cast<double>(pool.requests);
    std::string text = "<section class=\"figures\">\n";
    text += figure_text(std::to_string(pool.busy), "busy", fmt::format("of {}", pool.limit));
    text += figure_text(std::to_string(pool.idle), "idle",
                        pool.graceful > 0 ? fmt::format("{} leaving", pool.graceful)
                                          : "waiting for clients");
    text += figure_text(short_number(rate(history, &SecondNumbers::requests)), "requests/s",
                        grouped(pool.requests) + " in all");
    text += figure_text(short_bytes(rate(history, &SecondNumbers::bytes)) + "/s", "sent",
                        short_bytes(static_cast<double>(pool.bytes)) + " in all");
    text += figure_text(short_number(spent) + " ms", "a request", "on average since the start");
    text += figure_text(
        short_time(pool.age), "up",
        fmt::format("generation {}, load {:.2f}", pool.generation, surroundings.loads[0]));
    return text + "</section>\n";
}

std::string plot_text(std::string_view title, std::string_view keys, std::string_view svg,
                      std::string_view top, std::string_view half) {
    return fmt::format("<figure><figcaption>{}{}</figcaption><div class=\"plot\">{}"
                       "<i>{}</i><i class=\"half\">{}</i></div><p class=\"times\">"
                       "<span>10 min ago</span><span>5 min</span><span>now</span></p></figure>\n",
                       title, keys, svg, top, half);
}

// Against MaxRequestWorkers, unless the pool is so far below it that nothing could be seen.
std::string pool_plot(const PoolNumbers& pool, History history) {
    const Measure busy = [](const auto&, const SecondNumbers& second) { return second.busy; };
    const Measure all = [](const auto&, const SecondNumbers& second) {
        return second.busy + second.idle;
    };
    const double limit = pool.limit, most = highest(history, all);
    const double top = most * 8 > limit ? std::max(limit, most) : round_top(most * 2);
    const std::array curves{Curve{"idle", all}, Curve{"busy", busy}};
    return plot_text("Children",
                     R"(<span class="key writing">busy</span><span class="key ready">idle</span>)",
                     chart_text(history, pool.now, top, curves),
                     fmt::format("{}{}", short_number(top), top == limit ? ", the limit" : ""),
                     short_number(top / 2));
}

std::string request_plot(const PoolNumbers& pool, History history) {
    const Measure requests = [](const SecondNumbers& before, const SecondNumbers& second) {
        return growth(before, second, &SecondNumbers::requests);
    };
    const double top = round_top(std::max(highest(history, requests), 4.0));
    return plot_text("Requests a second", "",
                     chart_text(history, pool.now, top, std::array{Curve{"requests", requests}}),
                     short_number(top), short_number(top / 2));
}

std::string byte_plot(const PoolNumbers& pool, History history) {
    const Measure bytes = [](const SecondNumbers& before, const SecondNumbers& second) {
        return growth(before, second, &SecondNumbers::bytes);
    };
    const double top = round_top(std::max(highest(history, bytes), 1024.0), 1024);
    return plot_text("Bytes sent a second", "",
                     chart_text(history, pool.now, top, std::array{Curve{"bytes", bytes}}),
                     short_bytes(top), short_bytes(top / 2));
}

std::string square_text(const SlotNumbers& slot) {
    if (slot.state == ChildState::dead || slot.pid == 0) return "<li></li>";
    return fmt::format("<li class=\"{}\" title=\"slot {}, pid {}: {}\">{}</li>",
                       name_of(slot.state), slot.number, slot.pid, name_of(slot.state),
                       letter_of(slot.state));
}

std::string legend_text(const PoolNumbers& pool) {
    std::string text = "<p class=\"legend\">";
    int living = 0;
    for (const auto state : living_states) {
        const auto number = count_in(pool, state);
        living += static_cast<int>(number);
        if (number > 0)
            fmt::format_to(std::back_inserter(text),
                           "<span class=\"key {0}\">{1} {0} <b>{2}</b></span>", name_of(state),
                           letter_of(state), number);
    }
    return text + fmt::format("<span class=\"key\">free <b>{}</b></span></p>\n",
                              std::max(pool.limit - living, 0));
}

std::string board_text(const PoolNumbers& pool) {
    std::string text = "<ol class=\"board\">";
    for (const auto& slot : pool.slots) text += square_text(slot);
    const auto known = pool.slots.size();
    const auto limit = static_cast<std::size_t>(pool.limit);
    const auto free = limit > known ? limit - known : 0;
    for (std::size_t i = 0; i < std::min(free, most_free_squares); ++i) text += "<li></li>";
    return text + "</ol>\n" + legend_text(pool);
}

bool is_at_work(const SlotNumbers& slot) {
    return slot.pid != 0 && slot.state != ChildState::dead && slot.state != ChildState::ready &&
           slot.state != ChildState::starting;
}

// The longest first; those that only wait for their client's next request come last.
std::vector<const SlotNumbers*> at_work(const PoolNumbers& pool) {
    std::vector<const SlotNumbers*> slots;
    for (const auto& slot : pool.slots)
        if (is_at_work(slot)) slots.push_back(&slot);
    const auto rank = [](const SlotNumbers* slot) {
        return std::pair(slot->state == ChildState::keepalive, -slot->micros_in_state);
    };
    std::stable_sort(slots.begin(), slots.end(),
                     [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
    return slots;
}

std::string row_text(const SlotNumbers& slot) {
    return fmt::format("<tr><td class=\"number\">{:.1f} s</td><td><span class=\"key {}\">{}</span>"
                       "</td><td class=\"request\" title=\"{}\">{}</td><td>{}</td><td>{}</td>"
                       "<td class=\"number\" title=\"{}\">{}</td></tr>\n",
                       static_cast<double>(slot.micros_in_state) / 1e6, name_of(slot.state),
                       name_of(slot.state), shown(slot.request), shown(slot.request),
                       shown(slot.client), shown(slot.server), escape_html(slot.note), slot.pid);
}

std::string work_text(const PoolNumbers& pool) {
    if (!pool.extended)
        return "<p class=\"quiet\">What they do is told with <code>ExtendedStatus On</code>.</p>\n";
    const auto slots = at_work(pool);
    if (slots.empty()) return "<p class=\"quiet\">Nobody.</p>\n";
    std::string text = "<table><thead><tr><th class=\"number\">for</th><th>state</th>"
                       "<th>request</th><th>client</th><th>host</th><th class=\"number\">pid</th>"
                       "</tr></thead><tbody>\n";
    for (std::size_t i = 0; i < std::min(slots.size(), most_rows); ++i) text += row_text(*slots[i]);
    text += "</tbody></table>\n";
    if (slots.size() > most_rows)
        text += fmt::format("<p class=\"quiet\">and {} more</p>\n", slots.size() - most_rows);
    return text;
}

} // namespace

std::string drawn_page_text(const PoolNumbers& pool, History history,
                            const Surroundings& surroundings, std::string_view nonce) {
    std::string text = head_text(surroundings.server_name, nonce);
    text += fmt::format("<main>\n<header><h1>{}</h1><p>{}, {}</p></header>\n",
                        shown(surroundings.server_name), surroundings.server_version,
                        time_text(pool.now));
    text += figures_text(pool, history, surroundings);
    text += "<section class=\"card\"><h2>The pool</h2>\n" + pool_plot(pool, history) +
            board_text(pool) + "</section>\n";
    text += "<section class=\"card\"><h2>Traffic</h2>\n" + request_plot(pool, history) +
            byte_plot(pool, history) + "</section>\n";
    text += "<section class=\"card wide\"><h2>At work</h2>\n" + work_text(pool) + "</section>\n";
    return text + "</main>\n" + foot_text(nonce);
}

} // namespace preforkd::status
