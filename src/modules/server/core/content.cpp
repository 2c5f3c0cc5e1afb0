// What is sent: documents and their types, error pages, validators.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "http/response_writer.h"
#include "modules/response/input_filters.h"
#include "modules/response/output_filters.h"
#include "modules/server/arguments.h"
#include "modules/server/core/core_directives.h"
#include "os/file.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/proxied_name.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

Status set_document_root(HostSettings& settings, Arguments arguments, Invocation& invocation) {
    std::string root =
        std::filesystem::path(invocation.server_relative(arguments[0])).lexically_normal().string();
    if (invocation.configuration.check_document_roots && !is_directory(root)) {
        if (!invocation.server.is_virtual)
            return Error{
                fmt::format("DocumentRoot '{}' is not a directory, or is not readable", root)};
        // One host that is not there yet must not keep the others from starting.
        invocation.configuration.warnings.push_back(
            {.text = fmt::format("AH00112: Warning: DocumentRoot [{}] does not exist",
                                 invocation.server_relative(arguments[0])),
             .bare = true});
    }
    settings.document_root = std::move(root);
    return {};
}

// What begins with a scheme, as "mailto:me@host" does, too.
bool is_url(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == text.npos || colon == 0) return false;
    const auto scheme = text.substr(0, colon);
    return std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
}

// What has a blank in it is said, however it begins.
ErrorDocument::Kind kind_of_document(std::string_view text) {
    if (iequals(text, "default")) return ErrorDocument::Kind::standard;
    if (text.find(' ') != text.npos) return ErrorDocument::Kind::text;
    if (text.starts_with('/')) return ErrorDocument::Kind::local;
    return is_url(text) ? ErrorDocument::Kind::remote : ErrorDocument::Kind::text;
}

config::Warning bad_url(const Invocation& invocation) {
    const auto& place = invocation.node.place;
    return {.text = fmt::format("AH00113: {}:{} cannot use a full URL in a 401 ErrorDocument "
                                "directive --- ignoring!",
                                place.file ? *place.file : std::string(), place.line),
            .level = log::Level::notice};
}

Status set_error_document(ContentSettings& settings, Arguments arguments, Invocation& invocation) {
    const int status = leading_integer(arguments[0]);
    if (!http::can_be_configured(status))
        return Error{"Unsupported HTTP response code " + arguments[0]};
    ErrorDocument document{kind_of_document(arguments[1])};
    if (status == 401 && document.kind == ErrorDocument::Kind::remote) {
        invocation.configuration.warnings.push_back(bad_url(invocation));
        return {};
    }
    if (document.kind != ErrorDocument::Kind::standard) {
        auto text = Expression::text(arguments[1], invocation.configuration);
        if (!text) return Error{"Cannot parse expression in ErrorDocument: " + text.error().what};
        document.text = std::move(*text);
    }
    settings.error_documents.insert_or_assign(status, std::move(document));
    return {};
}

// Only "none" has a meaning since Apache 2.4.
Status warn_of_default_type(Invocation& invocation, Arguments arguments) {
    if (iequals(arguments[0], "none")) return {};
    const auto& place = invocation.node.place;
    invocation.warn(fmt::format("AH00117: Ignoring deprecated use of DefaultType in line {} of {}.",
                                place.line, place.file ? *place.file : std::string()));
    return {};
}

Status set_default_charset(ContentSettings& settings, Arguments arguments) {
    const auto on = parse_on_off(arguments[0]);
    if (!on) settings.add_default_charset = arguments[0];
    else settings.add_default_charset = *on ? "iso-8859-1" : "";
    return {};
}

std::string unless_none(const std::string& text) {
    return iequals(text, "none") ? std::string() : text;
}

Status force_type(ContentSettings& settings, Arguments arguments) {
    settings.forced_type = lower(unless_none(arguments[0]));
    return {};
}

Status set_handler(ContentSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.handler.reset();
    settings.handler_expression.reset();
    if (arguments[0].find("%{") == std::string::npos) {
        const auto name = unless_none(arguments[0]);
        settings.handler = is_proxied(name) ? name : lower(name);
        return {};
    }
    auto name = Expression::text(arguments[0], invocation.configuration);
    if (!name) return Error{"Can't parse expression : " + name.error().what};
    settings.handler_expression = std::move(*name);
    return {};
}

constexpr unsigned bits_of(EtagPart part) { return static_cast<unsigned>(part); }

std::optional<unsigned> etag_bits(std::string_view keyword) {
    if (iequals(keyword, "none")) return bits_of(EtagPart::none);
    if (iequals(keyword, "all")) return EtagChange::usual | bits_of(EtagPart::inode);
    if (iequals(keyword, "inode")) return bits_of(EtagPart::inode);
    if (iequals(keyword, "mtime")) return bits_of(EtagPart::mtime);
    if (iequals(keyword, "size")) return bits_of(EtagPart::size);
    if (iequals(keyword, "digest")) return bits_of(EtagPart::digest);
    return {};
}

Status add_etag_part(EtagChange& change, const std::string& argument, bool first) {
    std::string_view keyword = argument;
    const bool adds = keyword.starts_with('+');
    const bool removes = keyword.starts_with('-');
    if (adds || removes) keyword.remove_prefix(1);
    const auto bits = etag_bits(keyword);
    if (!bits) return Error{fmt::format("Unknown keyword '{}' for FileETag directive", keyword)};
    const bool is_whole = iequals(keyword, "none") || iequals(keyword, "all");
    if (is_whole && (adds || removes))
        return Error{fmt::format("FileETag keyword '{}' cannot be used with '+' or '-'",
                                 iequals(keyword, "none") ? "None" : "All")};
    if (removes) {
        change.removed |= *bits;
        change.added &= ~*bits;
    } else if (adds) {
        change.added |= *bits;
        change.removed &= ~*bits;
    } else {
        change.set = is_whole || first || !change.replaces ? *bits : change.set | *bits;
        change.replaces = true;
        change.added = change.removed = 0;
    }
    return {};
}

Status set_file_etag(ContentSettings& settings, Arguments arguments) {
    EtagChange change = settings.file_etag.value_or(EtagChange{});
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (auto added = add_etag_part(change, arguments[i], i == 0); !added) return added;
    settings.file_etag = change;
    return {};
}

Status set_accept_path_info(CoreDirectorySettings& settings, Arguments arguments) {
    const auto on = parse_on_off(arguments[0]);
    if (!on && !iequals(arguments[0], "default"))
        return Error{"AcceptPathInfo must be set to on, off or default"};
    settings.accept_path_info_on = on.value_or(false);
    settings.accept_path_info_default = !on;
    return {};
}

Status set_output_filter(ContentSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.output_filters = output_filters_named(invocation.configuration, arguments[0]);
    return {};
}

Status set_input_filter(ContentSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.input_filters = input_filters_named(invocation.configuration, arguments[0]);
    return {};
}

template <auto Field>
Status set_on_or_off(CoreDirectorySettings& settings, Arguments arguments) {
    const auto on = parse_on_off(arguments[0]);
    if (!on) return Error{"parameter must be 'on' or 'off'"};
    settings.*Field = *on;
    return {};
}

const std::array content_rows{
    config::Directive{"DocumentRoot", Shape::one, in_servers, config::override_none,
                      config::edits<set_document_root>, "Root directory of the document tree"},
    config::Directive{"ErrorDocument", Shape::two, config::anywhere, config::override_file_info,
                      config::edits<set_error_document>, "Change responses for HTTP errors"},
    config::Directive{"DefaultType", Shape::one, config::anywhere, config::override_file_info,
                      warn_of_default_type,
                      "the default media type for otherwise untyped files (DEPRECATED)"},
    config::Directive{"AddDefaultCharset", Shape::one, config::anywhere, config::override_file_info,
                      config::edits<set_default_charset>,
                      "The name of the default charset to add to any Content-Type without one or "
                      "'Off' to disable"},
    config::Directive{"ForceType", Shape::one, config::anywhere, config::override_file_info,
                      config::edits<force_type>,
                      "a mime type that overrides other configured type"},
    config::Directive{"SetHandler", Shape::one, config::anywhere, config::override_file_info,
                      config::edits<set_handler>,
                      "a handler name that overrides any other configured handler"},
    config::Directive{"SetOutputFilter", Shape::one, config::anywhere, config::override_file_info,
                      config::edits<set_output_filter>,
                      "filter (or ; delimited list of filters) to be run on the request content"},
    config::Directive{"SetInputFilter", Shape::one, config::anywhere, config::override_file_info,
                      config::edits<set_input_filter>,
                      "filter (or ; delimited list of filters) to be run on the request body"},
    config::Directive{"FileETag", Shape::words, config::anywhere, config::override_file_info,
                      config::edits<set_file_etag>,
                      "Specify components used to construct a file's ETag"},
    config::Directive{"AcceptPathInfo", Shape::one, config::anywhere, config::override_file_info,
                      config::edits<set_accept_path_info>,
                      "Set to on or off for PATH_INFO to be accepted by handlers, or default for "
                      "the per-handler preference"},
    config::Directive{"EnableSendfile", Shape::one, config::anywhere, config::override_file_info,
                      config::edits<set_on_or_off<&CoreDirectorySettings::enable_sendfile>>,
                      "Controls whether sendfile may be used to transmit files"},
    config::Directive{"EnableMMAP", Shape::one, config::anywhere, config::override_file_info,
                      config::edits<set_on_or_off<&CoreDirectorySettings::enable_mmap>>,
                      "Controls whether memory-mapping may be used to read files"},
    config::Directive{"ContentDigest", Shape::flag, config::anywhere, config::override_options,
                      config::sets_flag<&ContentSettings::content_digest>,
                      "whether or not to send a Content-MD5 header with each request"},
};

} // namespace

std::span<const config::Directive> content_directives() { return content_rows; }

} // namespace preforkd
