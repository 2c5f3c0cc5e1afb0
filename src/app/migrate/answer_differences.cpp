#include "app/migrate/answer_differences.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "http/fields.h"

namespace preforkd::migrate {

namespace {

bool may_differ(std::string_view field) {
    constexpr std::array<std::string_view, 11> names{
        "date",           "server",  "connection", "keep-alive", "transfer-encoding",
        "content-length", "upgrade", "trailer",    "age",        "via",
        "warning"};
    return std::find(names.begin(), names.end(), field) != names.end();
}

// Names of cookies without what they are set to, which is a new one every time.
std::string cookie_names(std::string_view value) {
    std::string names;
    for (const auto cookie : split(value, ',')) {
        const auto name = cookie.substr(0, cookie.find('='));
        if (name.size() == cookie.size() || name.find(' ') != std::string_view::npos) continue;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    }
    return names;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

// The ports of the preview as those that they stand for; the standard ones are not written.
std::string with_old_ports(std::string text, const PreviewPorts& ports) {
    for (const auto& pair : ports.pairs()) {
        const bool standard = pair.from == 80 || pair.from == 443;
        text = replaced(std::move(text), fmt::format(":{}/", pair.to),
                        standard ? "/" : fmt::format(":{}/", pair.from));
    }
    return text;
}

// "<address>Apache/2.4 (Debian) Server at x Port 80</address>"
std::string without_signature(std::string text) {
    const auto start = text.rfind("<address>");
    const auto end = text.find("</address>", start == std::string::npos ? 0 : start);
    if (start == std::string::npos || end == std::string::npos) return text;
    return text.erase(start, end - start);
}

std::string comparable(std::string_view field, const std::string& value,
                       const PreviewPorts& ports) {
    if (field == "set-cookie") return cookie_names(value);
    if (field == "expires") return "present"; // it counts from now
    return with_old_ports(value, ports);
}

// "etag" is "ETag", "x-id" is "X-Id".
std::string spelled(std::string_view field) {
    const auto id = http::identify_field(field);
    if (id != http::FieldId::other) return std::string(http::name_of(id));
    std::string name(field);
    for (std::size_t i = 0; i < name.size(); ++i)
        if (i == 0 || name[i - 1] == '-') name[i] = to_upper(name[i]);
    return name;
}

std::size_t first_different_line(std::string_view a, std::string_view b) {
    const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return 1 + static_cast<std::size_t>(std::count(a.begin(), at, '\n'));
}

void compare_fields(const Answer& apache, const Answer& preforkd, const PreviewPorts& ports,
                    std::vector<Difference>& differences) {
    std::map<std::string, std::array<std::string, 2>> both;
    for (const auto& [name, value] : apache.fields) both[name][0] = comparable(name, value, ports);
    for (const auto& [name, value] : preforkd.fields)
        both[name][1] = comparable(name, value, ports);
    for (const auto& [name, values] : both)
        if (values[0] != values[1] && !may_differ(name))
            differences.push_back({spelled(name), values[0], values[1]});
}

} // namespace

std::vector<Difference> differences_between(const Answer& apache, const Answer& preforkd,
                                            const PreviewPorts& ports) {
    std::vector<Difference> differences;
    if (apache.status != preforkd.status)
        differences.push_back(
            {"status", std::to_string(apache.status), std::to_string(preforkd.status)});
    compare_fields(apache, preforkd, ports, differences);
    if (apache.content == preforkd.content) return differences;
    const std::string theirs = without_signature(with_old_ports(apache.content, ports));
    const std::string ours = without_signature(with_old_ports(preforkd.content, ports));
    if (theirs == ours) return differences;
    differences.push_back({"body", fmt::format("{} bytes", apache.content.size()),
                           fmt::format("{} bytes, other from line {} on", preforkd.content.size(),
                                       first_different_line(theirs, ours))});
    return differences;
}

} // namespace preforkd::migrate
