#include "modules/content/include/elements.h"

#include <fmt/format.h>

#include "base/text.h"
#include "modules/content/include/codings.h"
#include "modules/content/include/conditions.h"
#include "modules/content/include/included.h"

namespace preforkd::ssi {

namespace {

std::string in(const Document& document) { return " in " + std::string(document.request.filename); }

std::string value_of(const Document& document, const Attribute& attribute) {
    return document.expand(*attribute.value);
}

// Whether that is one.
bool set_size_format(Document& document, const std::string& value) {
    if (value == "bytes") document.abbreviates_sizes = false;
    else if (value == "abbrev") document.abbreviates_sizes = true;
    else {
        document.fail(fmt::format("AH01348: unknown value \"{}\" to parameter \"sizefmt\" of tag "
                                  "config{}",
                                  value, in(document)));
        return false;
    }
    return true;
}

void obey_config(Document& document, const Element& element) {
    Arena& arena = document.request.arena;
    for (const auto& attribute : element.attributes) {
        if (!attribute.value) return;
        const auto text = [&] { return arena.copy(value_of(document, attribute)); };
        if (attribute.name == "errmsg") document.error_text = text();
        else if (attribute.name == "echomsg") document.undefined = text();
        else if (attribute.name == "timefmt") document.time_format = text();
        else if (attribute.name == "sizefmt") {
            if (!set_size_format(document, value_of(document, attribute))) return;
        } else
            return document.fail(fmt::format("AH01349: unknown parameter \"{}\" to tag config{}",
                                             attribute.name, in(document)));
    }
}

// The codings that an echo or a set asks for, until it asks for others.
struct Codings {
    std::string encoding, decoding;
    // Nothing where one of them is unknown: then the document was told.
    std::optional<std::string> apply(std::string_view text, std::string_view& unknown,
                                     std::string_view& parameter) const {
        parameter = "decoding";
        auto decoded = decode(decoding, std::string(text), unknown);
        if (!decoded) return std::nullopt;
        parameter = "encoding";
        return encode(encoding, std::move(*decoded), unknown);
    }
};

void echo_variable(Document& document, const Attribute& attribute, const Codings& codings) {
    const auto name = document.expand(*attribute.value);
    const auto value = document.find(name);
    if (!value) return document.print(document.undefined);
    std::string_view unknown, parameter;
    if (const auto text = codings.apply(*value, unknown, parameter)) return document.print(*text);
    const std::string_view number = parameter == "decoding" ? "AH01344" : "AH01345";
    document.fail(fmt::format("{}: unknown value \"{}\" to parameter \"{}\" of tag echo{}", number,
                              unknown, parameter, in(document)));
}

void obey_echo(Document& document, const Element& element) {
    Codings codings{.encoding = "entity", .decoding = "none"};
    for (const auto& attribute : element.attributes) {
        if (!attribute.value) return;
        if (attribute.name == "var") echo_variable(document, attribute, codings);
        else if (attribute.name == "decoding") codings.decoding = *attribute.value;
        else if (attribute.name == "encoding") codings.encoding = *attribute.value;
        else
            return document.fail(fmt::format("AH01346: unknown parameter \"{}\" in tag echo of {}",
                                             attribute.name, document.request.filename));
    }
}

void obey_set(Document& document, const Element& element) {
    Arena& arena = document.request.arena;
    Codings codings{.encoding = "none", .decoding = "none"};
    std::string name;
    for (const auto& attribute : element.attributes) {
        if (!attribute.value) return;
        if (attribute.name == "var") name = value_of(document, attribute);
        else if (attribute.name == "decoding") codings.decoding = *attribute.value;
        else if (attribute.name == "encoding") codings.encoding = *attribute.value;
        else if (attribute.name != "value")
            return document.fail("AH01366: Invalid tag for set directive" + in(document));
        else if (name.empty())
            return document.fail("AH01363: variable must precede value in set directive" +
                                 in(document));
        else {
            std::string_view unknown, parameter;
            const auto text = codings.apply(value_of(document, attribute), unknown, parameter);
            if (!text)
                return document.fail(
                    fmt::format("{}: unknown value \"{}\" to parameter \"{}\" of tag set{}",
                                parameter == "decoding" ? "AH01364" : "AH01365", unknown, parameter,
                                in(document)));
            document.request.set_variable(arena.copy(name), arena.copy(*text));
        }
    }
}

void obey_printenv(Document& document, const Element&) {
    std::string text;
    for (const auto& variable : document.request.variables)
        text += fmt::format("{}={}\n", escape_html(variable.name),
                            escape_html(document.find(variable.name).value_or("")));
    document.print(text);
}

void ignore(Document&, const Element&) {}

// An element that does nothing where text is left out.
struct Simple {
    std::string_view name;
    void (*obey)(Document&, const Element&);
    enum class Attributes : unsigned char { some, two, none, any } attributes;
    std::string_view number; // of the message about their number
};
constexpr Simple simple_elements[] = {
    {"comment", ignore, Simple::Attributes::any, {}},
    {"config", obey_config, Simple::Attributes::some, "AH01347"},
    {"echo", obey_echo, Simple::Attributes::some, "AH01343"},

    {"flastmod", obey_flastmod, Simple::Attributes::some, "AH01351"},
    {"fsize", obey_fsize, Simple::Attributes::some, "AH01350"},
    {"include", obey_include, Simple::Attributes::some, "AH01341"},
    {"printenv", obey_printenv, Simple::Attributes::none, "AH01367"},
    {"set", obey_set, Simple::Attributes::two, "AH01362"},
};

// What is wrong with the number of attributes, or "".
std::string wrong_number(const Document& document, const Simple& simple, const Element& element) {
    const auto count = element.attributes.size();
    if ((simple.attributes == Simple::Attributes::some && count < 1) ||
        (simple.attributes == Simple::Attributes::two && count < 2))
        return fmt::format("{}: missing argument for {} element{}", simple.number, simple.name,
                           in(document));
    if (simple.attributes == Simple::Attributes::none && count > 0)
        return fmt::format("{}: {} directive does not take tags{}", simple.number, simple.name,
                           in(document));
    return {};
}

void obey_simple(Document& document, const Simple& simple, const Element& element) {
    const auto wrong = wrong_number(document, simple, element);
    if (!document.printing) {
        if (!wrong.empty()) document.log(log::Level::warn, wrong);
    } else if (!wrong.empty()) {
        document.fail(wrong);
    } else {
        simple.obey(document, element);
    }
}

} // namespace

void obey(Document& document, const Element& element, const config::Configuration& configuration) {
    if (obey_condition(document, element, configuration)) return;
    if (element.name == "exec" &&
        (configuration.has_module("cgi_module") || configuration.has_module("cgid_module")))
        return obey_exec(document, element);
    for (const auto& simple : simple_elements)
        if (simple.name == element.name) return obey_simple(document, simple, element);
    const auto why = fmt::format("AH01371: unknown directive \"{}\" in parsed doc {}", element.name,
                                 document.request.filename);
    if (document.printing) document.fail(why);
    else document.log(log::Level::error, why);
}

} // namespace preforkd::ssi
