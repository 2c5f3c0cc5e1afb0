// The directives of mime.
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "modules/mapping/mime/mime_settings.h"
#include "modules/response/input_filters.h"
#include "modules/response/output_filters.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

void ExtensionSettings::inherit_from(const ExtensionSettings& outer) {
    config::inherit(type, outer.type);
    config::inherit(encoding, outer.encoding);
    config::inherit(language, outer.language);
    config::inherit(charset, outer.charset);
    config::inherit(handler, outer.handler);
    config::inherit(output_filters, outer.output_filters);
    config::inherit(input_filters, outer.input_filters);
}

void MimeSettings::inherit_from(const MimeSettings& outer) {
    for (const auto& [extension, said] : outer.extensions) extensions[extension].inherit_from(said);
    config::inherit(default_language, outer.default_language);
    config::inherit(uses_path_info, outer.uses_path_info);
    config::inherit(claims, outer.claims);
}

namespace {

ExtensionSettings& extension(MimeSettings& settings, std::string_view name) {
    if (name.starts_with('.')) name.remove_prefix(1);
    return settings.extensions[lower(name)];
}

// AddX value extension: `Shape::first_and_each`. Apache keeps every such value in lower case: a
// stock "AddLanguage pt-BR .pt-br" is sent as pt-br.
template <auto Field>
Status add(MimeSettings& settings, Arguments arguments) {
    extension(settings, arguments[1]).*Field = lower(arguments[0]);
    return {};
}

Status add_output_filter(MimeSettings& settings, Arguments arguments, Invocation& invocation) {
    extension(settings, arguments[1]).output_filters =
        output_filters_named(invocation.configuration, arguments[0]);
    return {};
}

Status add_input_filter(MimeSettings& settings, Arguments arguments, Invocation& invocation) {
    extension(settings, arguments[1]).input_filters =
        input_filters_named(invocation.configuration, arguments[0]);
    return {};
}

// RemoveX extension. Of the same section, the later line counts.
template <auto Field>
Status remove(MimeSettings& settings, Arguments arguments) {
    (extension(settings, arguments[0]).*Field).emplace();
    return {};
}

template <auto Function>
constexpr config::Directive add_row(std::string_view name, std::string_view usage) {
    return {name, Shape::first_and_each, config::anywhere, config::override_file_info, Function,
            usage};
}

template <auto Function>
constexpr config::Directive remove_row(std::string_view name) {
    return {name,
            Shape::each,
            config::anywhere,
            config::override_file_info,
            Function,
            "one or more file extensions"};
}

Status set_types_file(MimeServerSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.types_file = invocation.server_relative(arguments[0]);
    return {};
}

Status set_path_info_use(MimeSettings& settings, Arguments arguments) {
    if (!iequals(arguments[0], "on") && !iequals(arguments[0], "off"))
        return Error{"ModMimeUsePathInfo must be On or Off"};
    settings.uses_path_info = iequals(arguments[0], "on");
    return {};
}

Status set_claims(MimeSettings& settings, Arguments arguments, Invocation& invocation) {
    if (invocation.section && invocation.section->kind == config::Section::Kind::location)
        return Error{fmt::format("{} cannot occur within {}> section", invocation.directive.name,
                                 invocation.enclosing->name)};
    MimeSettings::Claims claims;
    bool negotiated = false;
    for (const std::string& word : arguments) {
        const bool kinds = claims.handlers || claims.filters;
        if (iequals(word, "Any")) {
            if (claims.any || negotiated || kinds)
                return Error{"Any is incompatible with NegotiatedOnly, Filters and Handlers"};
            claims.any = true;
        } else if (iequals(word, "NegotiatedOnly")) {
            if (claims.any || negotiated || kinds)
                return Error{"NegotiatedOnly is incompatible with Any, Filters and Handlers"};
            negotiated = true;
        } else if (iequals(word, "Filters") || iequals(word, "Handlers")) {
            const bool filters = iequals(word, "Filters");
            if (claims.any || negotiated)
                return Error{std::string(filters ? "Filters" : "Handlers") +
                             " is incompatible with Any and NegotiatedOnly"};
            (filters ? claims.filters : claims.handlers) = true;
        } else {
            return Error{"Unrecognized option '" + word + "'"};
        }
    }
    settings.claims = claims;
    return {};
}

std::vector<config::Directive> add_rows() {
    using config::edits;
    return {
        add_row<edits<add<&ExtensionSettings::charset>>>(
            "AddCharset", "a charset (e.g., iso-2022-jp), followed by one or more file extensions"),
        add_row<edits<add<&ExtensionSettings::encoding>>>(
            "AddEncoding", "an encoding (e.g., gzip), followed by one or more file extensions"),
        add_row<edits<add<&ExtensionSettings::handler>>>(
            "AddHandler", "a handler name followed by one or more file extensions"),
        add_row<edits<add_input_filter>>(
            "AddInputFilter",
            "input filter name (or ; delimited names) followed by one or more file extensions"),
        add_row<edits<add<&ExtensionSettings::language>>>(
            "AddLanguage", "a language (e.g., fr), followed by one or more file extensions"),
        add_row<edits<add_output_filter>>(
            "AddOutputFilter",
            "output filter name (or ; delimited names) followed by one or more file extensions"),
        add_row<edits<add<&ExtensionSettings::type>>>(
            "AddType", "a mime type followed by one or more file extensions"),
    };
}

std::vector<config::Directive> remove_rows() {
    using config::edits;
    return {
        remove_row<edits<remove<&ExtensionSettings::charset>>>("RemoveCharset"),
        remove_row<edits<remove<&ExtensionSettings::encoding>>>("RemoveEncoding"),
        remove_row<edits<remove<&ExtensionSettings::handler>>>("RemoveHandler"),
        remove_row<edits<remove<&ExtensionSettings::input_filters>>>("RemoveInputFilter"),
        remove_row<edits<remove<&ExtensionSettings::language>>>("RemoveLanguage"),
        remove_row<edits<remove<&ExtensionSettings::output_filters>>>("RemoveOutputFilter"),
        remove_row<edits<remove<&ExtensionSettings::type>>>("RemoveType"),
    };
}

} // namespace

std::vector<config::Directive> mime_directives() {
    using config::anywhere;
    using config::override_file_info;
    std::vector<config::Directive> rows = add_rows();
    rows.push_back({"DefaultLanguage", Shape::one, anywhere, override_file_info,
                    config::sets_text<&MimeSettings::default_language>,
                    "language to use for documents with no other language file extension"});
    rows.push_back({"MultiviewsMatch", Shape::some_words, anywhere, override_file_info,
                    config::edits<set_claims>,
                    "NegotiatedOnly (default), Handlers and/or Filters, or Any"});
    for (auto& row : remove_rows()) rows.push_back(row);
    rows.push_back({"TypesConfig", Shape::one, config::server_config | config::virtual_host, 0,
                    config::edits<set_types_file>, "the MIME types config file"});
    rows.push_back({"ModMimeUsePathInfo", Shape::one, config::directory, 0,
                    config::edits<set_path_info_use>,
                    "Set to 'yes' to allow mod_mime to use path info for type checking"});
    return rows;
}

} // namespace preforkd
