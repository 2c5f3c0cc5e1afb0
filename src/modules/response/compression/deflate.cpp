// deflate: the filter DEFLATE compresses responses for clients that accept gzip, and makes plain
// what clients send compressed; INFLATE does that with responses.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"
#include "modules/response/compression/coding_rules.h"
#include "modules/response/compression/gzip_coding.h"
#include "modules/response/compression/gzip_sink.h"
#include "modules/response/compression/inflate_sink.h"
#include "modules/response/compression/inflate_source.h"
#include "modules/response/input_filters.h"
#include "modules/response/output_filters.h"
#include "modules/server/arguments.h"
#include "pipeline/limited_source.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;
using http::FieldId;
namespace {

constexpr ContentCoding gzip{"gzip", "no-gzip", "-gzip"};

struct DeflateSettings {
    static constexpr config::Scope scope = config::Scope::server;
    // A virtual host has what it says itself, as in Apache.
    void inherit_from(const DeflateSettings&) {}
    std::optional<int> level;
    std::optional<int> window;
    std::optional<int> memory;
    std::optional<int> buffer;
    std::optional<TagChange> tag_change;
    SizeNotes notes;
};

struct InflateSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const InflateSettings& outer) {
        config::inherit(ratio, outer.ratio);
        config::inherit(burst, outer.burst);
        config::inherit(most, outer.most);
    }
    InflateLimits limits() const {
        return {ratio.value_or(InflateLimits{}.ratio), burst.value_or(InflateLimits{}.burst)};
    }
    std::optional<int> ratio, burst;
    std::optional<std::uint64_t> most; // bytes of a request's content
};

template <auto Field, int most>
Status set_number(DeflateSettings& settings, Arguments arguments, Invocation& invocation) {
    const int value = leading_integer(arguments[0]);
    if (value < 1 || value > most)
        return Error{fmt::format("{} must be between 1 and {}", invocation.directive.name, most)};
    settings.*Field = value;
    return {};
}

Status set_level(DeflateSettings& settings, Arguments arguments) {
    const int value = leading_integer(arguments[0]);
    if (value < 1 || value > 9) return Error{"Compression Level must be between 1 and 9"};
    settings.level = value;
    return {};
}

Status set_buffer(DeflateSettings& settings, Arguments arguments) {
    const int value = leading_integer(arguments[0]);
    if (value <= 0) return Error{"DeflateBufferSize should be positive"};
    settings.buffer = value;
    return {};
}

Status set_tag_change(DeflateSettings& settings, Arguments arguments) {
    settings.tag_change = parse_tag_change(arguments[0]);
    if (settings.tag_change) return {};
    return Error{"DeflateAlterETAG accepts only 'NoChange', 'AddSuffix', and 'Remove'"};
}

template <auto Field>
Status set_positive(InflateSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.*Field = leading_integer(arguments[0]);
    if (settings.*Field > 0) return {};
    return Error{fmt::format("{} must be positive", invocation.directive.name)};
}

Status set_limit(InflateSettings& settings, Arguments arguments) {
    settings.most = parse_decimal(arguments[0]);
    if (settings.most) return {};
    return Error{"DeflateInflateLimitRequestBody requires a non-negative integer."};
}

Status add_note(DeflateSettings& settings, Arguments arguments) {
    if (set_note(settings.notes, arguments)) return {};
    return Error{"Unknown note type " + arguments[0]};
}

bool only_html_is_understood(const Request& request) {
    const auto* said =
        request.variables.empty() ? nullptr : request.find_variable("gzip-only-text/html");
    return said && *said == "1" && !request.response.content_type.starts_with("text/html");
}

GzipParameters parameters_of(const DeflateSettings& settings) {
    GzipParameters parameters;
    if (settings.level) parameters.level = *settings.level;
    if (settings.window) parameters.window = *settings.window;
    if (settings.memory) parameters.memory = *settings.memory;
    if (settings.buffer) parameters.buffer = static_cast<std::size_t>(*settings.buffer);
    if (!settings.notes.empty()) parameters.notes = &settings.notes;
    return parameters;
}

// The gzip format alone takes 18 bytes; Apache leaves content alone that is hardly longer.
constexpr std::uint64_t hardly_worth_it = 68;

// Of a response to HEAD that is not made nobody knows.
bool has_enough_content(const Request& request) {
    const auto& response = request.response;
    const bool is_made = response.length || !request.header_only();
    return response.has_content.value_or(is_made) &&
           response.length.value_or(~0u) > hardly_worth_it;
}

FilterSink* compress(Request& request) {
    if (!has_enough_content(request) || !may_be_coded(request, gzip) ||
        only_html_is_understood(request))
        return nullptr;
    vary_by_encoding(request);
    if (!has_variable(request, "force-gzip") && !accepts(request, gzip)) return nullptr;
    const auto& settings = request.of<DeflateSettings>();
    auto* sink = begin_gzip(request, parameters_of(settings));
    if (!sink) return nullptr;
    say_coded(request, gzip, settings.tag_change.value_or(TagChange::add_suffix));
    return sink;
}

const FilterOf<compress> deflate_filter(FilterKind::content_set);

bool take_coding(Request& request) {
    if (take_gzip(request, request.response.fields) ||
        take_gzip(request, request.response.error_fields))
        return true;
    if (!is_gzip(request.content_encoding)) return false;
    request.content_encoding = {};
    return true;
}

FilterSink* decompress(Request& request) {
    const Response& response = request.response;
    if (request.main || request.previous || response.status == 204 || response.status == 304 ||
        response.fields.has(FieldId::content_range) || !take_coding(request))
        return nullptr;
    withdraw_length(request.response);
    request.response.fields.remove("Content-MD5");
    change_tag(request, request.of<DeflateSettings>().tag_change.value_or(TagChange::add_suffix),
               "-gunzip");
    return begin_inflating(request, request.of<InflateSettings>().limits());
}

const FilterOf<decompress> inflate_filter(FilterKind::content_set);

class InflateContent final : public InputFilter {
  public:
    using InputFilter::InputFilter;
    http::BodySource& begin(Request& request, http::BodySource& content) const override {
        const auto& settings = request.of<InflateSettings>();
        const auto piece = request.of<DeflateSettings>().buffer.value_or(usual_piece);
        return begin_inflating(request, content,
                               {settings.limits(),
                                settings.most.value_or(limit_of_content(request)),
                                static_cast<std::size_t>(piece)});
    }

  private:
    static constexpr int usual_piece = 8096; // DeflateBufferSize
};

const InflateContent inflate_content(FilterKind::content_set);

} // namespace

std::span<const OutputFilterRegistration> deflate_filters() {
    static constexpr std::array filters{
        OutputFilterRegistration{"DEFLATE", &deflate_filter, "deflate_module"},
        OutputFilterRegistration{"INFLATE", &inflate_filter, "deflate_module"},
    };
    return filters;
}

std::span<const InputFilterRegistration> deflate_input_filters() {
    static constexpr std::array filters{
        InputFilterRegistration{"DEFLATE", &inflate_content, "deflate_module"},
    };
    return filters;
}

Module deflate_module() {
    using config::anywhere;
    using config::edits;
    using config::override_all;
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    constexpr unsigned nowhere_else = config::override_none;
    Module module{.name = "deflate"};
    module.directives = {
        {"DeflateFilterNote", Shape::one_or_two, in_servers, nowhere_else, edits<add_note>,
         "Set a note to report on compression ratio"},
        {"DeflateWindowSize", Shape::one, in_servers, nowhere_else,
         edits<set_number<&DeflateSettings::window, 15>>, "Set the Deflate window size (1-15)"},
        {"DeflateBufferSize", Shape::one, in_servers, nowhere_else, edits<set_buffer>,
         "Set the Deflate Buffer Size"},
        {"DeflateMemLevel", Shape::one, in_servers, nowhere_else,
         edits<set_number<&DeflateSettings::memory, 9>>, "Set the Deflate Memory Level (1-9)"},
        {"DeflateCompressionLevel", Shape::one, in_servers, nowhere_else, edits<set_level>,
         "Set the Deflate Compression Level (1-9)"},
        {"DeflateInflateLimitRequestBody", Shape::one, anywhere, override_all, edits<set_limit>,
         "Set a limit on size of inflated input"},
        {"DeflateInflateRatioLimit", Shape::one, anywhere, override_all,
         edits<set_positive<&InflateSettings::ratio>>,
         "Set the inflate ratio limit above which inflation is aborted (default: 200)"},
        {"DeflateInflateRatioBurst", Shape::one, anywhere, override_all,
         edits<set_positive<&InflateSettings::burst>>,
         "Set the maximum number of following inflate ratios above limit (default: 3)"},
        {"DeflateAlterEtag", Shape::one, in_servers, nowhere_else, edits<set_tag_change>,
         "Set how mod_deflate should modify ETAG response headers: 'AddSuffix' (default), "
         "'NoChange' (2.2.x behavior), 'Remove'"},
    };
    module.settings.push_back(config::settings_type<DeflateSettings>());
    module.settings.push_back(config::settings_type<InflateSettings>());
    return module;
}

} // namespace preforkd
