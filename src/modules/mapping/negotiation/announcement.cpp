#include "modules/mapping/negotiation/announcement.h"

#include <fmt/format.h>

#include "base/text.h"
#include "http/uri.h"
#include "modules/mapping/negotiation/choice.h"

namespace preforkd::negotiation {

namespace {

std::string joined(const std::pmr::vector<std::string_view>& languages) {
    return fmt::format("{}", fmt::join(languages, ","));
}

// At most three digits, without zeros at the end.
std::string quality_text(float quality) {
    auto text = fmt::format("{:.3f}", quality);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string alternate(const Variant& variant) {
    std::string text = fmt::format("{{\"{}\" {}", http::escape_link(variant.name),
                                   quality_text(variant.source_quality));
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) text += fmt::format(" {{{} {}}}", name, value);
    };
    add("type", variant.type);
    add("charset", variant.charset);
    add("language", joined(variant.languages));
    add("encoding", variant.encoding);
    if (const auto length = length_of(variant); length > 0)
        add("length", fmt::format("{}", length));
    return text += '}';
}

// Whether two variants differ in what `part` answers of each.
template <class Part>
bool differ(const Variants& variants, Part part) {
    for (const auto& variant : variants)
        if (part(variant) != part(variants.front())) return true;
    return false;
}

std::string vary(const Variants& variants, bool is_transparent) {
    std::string names;
    const auto add = [&](std::string_view name, bool wanted) {
        if (wanted) names.append(names.empty() ? "" : ", ").append(name);
    };
    add("negotiate", is_transparent);
    add("accept", differ(variants, [](const Variant& one) { return one.type; }));
    add("accept-language", differ(variants, [](const Variant& one) { return one.languages; }));
    add("accept-charset", differ(variants, [](const Variant& one) { return one.charset; }));
    add("accept-encoding", differ(variants, [](const Variant& one) { return one.encoding; }));
    return names;
}

} // namespace

void announce(Request& request, const Variants& variants, const Announcement& announcement) {
    auto& fields = request.response.error_fields;
    Arena& arena = request.arena;
    if (announcement.lists_alternates && !variants.empty()) {
        std::string list;
        for (const auto& variant : variants)
            list.append(list.empty() ? "" : ", ").append(alternate(variant));
        fields.add("Alternates", arena.copy(list));
    }
    if (const auto names = vary(variants, announcement.is_transparent); !names.empty())
        fields.add(http::FieldId::vary, arena.copy(names));
    if (announcement.is_transparent) fields.set("TCN", announcement.chosen ? "choice" : "list");
}

std::string_view list_page(Arena& arena, const Variants& variants) {
    std::string page = "Available variants:\n<ul>\n";
    for (const auto& variant : variants) {
        page += fmt::format("<li><a href=\"{}\">{}</a> {}", http::escape_link(variant.name),
                            escape_html(variant.name), variant.description);
        const auto add = [&](std::string_view name, std::string_view value) {
            if (!value.empty()) page += fmt::format(", {} {}", name, value);
        };
        add("type", variant.type);
        add("language", joined(variant.languages));
        add("charset", variant.charset);
        add("encoding", variant.encoding);
        page += "</li>\n";
    }
    return arena.copy(page += "</ul>\n");
}

} // namespace preforkd::negotiation
