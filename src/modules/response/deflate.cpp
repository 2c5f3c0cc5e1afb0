// deflate: the filter DEFLATE compresses responses for clients that accept gzip.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"
#include "modules/response/gzip_sink.h"
#include "modules/response/output_filters.h"
#include "modules/server/arguments.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;
using http::FieldId;

namespace {

enum class EtagChange : unsigned char { none, add_suffix, remove };

struct DeflateSettings {
    static constexpr config::Scope scope = config::Scope::server;
    // A virtual host has what it says itself, as in Apache.
    void inherit_from(const DeflateSettings&) {}
    std::optional<int> level;
    std::optional<int> window;
    std::optional<int> memory;
    std::optional<int> buffer;
    std::optional<EtagChange> etag_change;
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

Status set_etag_change(DeflateSettings& settings, Arguments arguments) {
    if (iequals(arguments[0], "NoChange")) settings.etag_change = EtagChange::none;
    else if (iequals(arguments[0], "AddSuffix")) settings.etag_change = EtagChange::add_suffix;
    else if (iequals(arguments[0], "Remove")) settings.etag_change = EtagChange::remove;
    else return Error{"DeflateAlterETAG accepts only 'NoChange', 'AddSuffix', and 'Remove'"};
    return {};
}

Status check_positive(Invocation& invocation, Arguments arguments) {
    if (leading_integer(arguments[0]) > 0) return {};
    return Error{fmt::format("{} must be positive", invocation.directive.name)};
}

Status check_limit(Invocation&, Arguments arguments) {
    if (parse_decimal(arguments[0])) return {};
    return Error{"DeflateInflateLimitRequestBody requires a non-negative integer."};
}

Status check_note(Invocation&, Arguments arguments) {
    if (arguments.size() < 2) return {};
    for (std::string_view type : {"Ratio", "Input", "Output"})
        if (iequals(arguments[0], type)) return {};
    return Error{"Unknown note type " + arguments[0]};
}

bool has_variable(const Request& request, std::string_view name) {
    return !request.variables.empty() && request.find_variable(name);
}

bool only_html_is_understood(const Request& request) {
    const auto* said =
        request.variables.empty() ? nullptr : request.find_variable("gzip-only-text/html");
    return said && *said == "1" && !request.response.content_type.starts_with("text/html");
}

// In its own right, by its name, or by a handler or ErrorDocument.
bool is_encoded(const Request& request) {
    if (!request.content_encoding.empty()) return true;
    for (const auto* fields : {&request.response.fields, &request.response.error_fields})
        if (const auto* encoding = fields->find(FieldId::content_encoding))
            if (!iequals(*encoding, "identity")) return true;
    return false;
}

bool may_compress(const Request& request) {
    const Response& response = request.response;
    return !request.main && response.status != 204 && response.status != 304 &&
           !response.fields.has(FieldId::content_range) && !has_variable(request, "no-gzip") &&
           !only_html_is_understood(request) && !is_encoded(request);
}

// How far a token reaches; a quoted string in it may hold anything.
std::size_t token_end(std::string_view text, std::string_view ends) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        else if (!quoted && ends.find(text[i]) != std::string_view::npos) return i;
    }
    return text.size();
}

std::string_view without_space(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

// The weight 0 in one of its spellings (RFC 9110 §12.4.2), right behind the coding.
bool has_no_weight(std::string_view parameters) {
    parameters =
        parameters.substr(std::min(parameters.find_first_not_of("; \t"), parameters.size()));
    if (!parameters.starts_with("q=0")) return false;
    parameters.remove_prefix(3);
    if (parameters.starts_with('.')) {
        const auto end = std::min(parameters.find_first_not_of('0', 1), parameters.size());
        if (end > 4) return false;
        parameters.remove_prefix(end);
    }
    return parameters.empty() || parameters[0] == ',' || parameters[0] == ';';
}

// As Apache reads the field: the first gzip decides, an empty element ends the search.
bool names_gzip(std::string_view accepted) {
    while (!accepted.empty()) {
        const auto end = token_end(accepted, ";, \t");
        const auto coding = accepted.substr(0, end);
        accepted = without_space(accepted.substr(end));
        if (iequals(coding, "gzip")) return !has_no_weight(accepted);
        if (coding.empty()) return false;
        while (accepted.starts_with(';'))
            accepted.remove_prefix(1 + token_end(accepted.substr(1), ";,"));
        if (accepted.starts_with(',')) accepted.remove_prefix(1);
        accepted = without_space(accepted);
    }
    return false;
}

bool accepts_gzip(const Request& request) {
    return has_variable(request, "force-gzip") ||
           names_gzip(request.head.fields.combined(FieldId::accept_encoding, request.arena));
}

void vary_by_encoding(Request& request) {
    auto& fields = request.response.fields;
    const auto* vary = fields.find(FieldId::vary);
    fields.set(FieldId::vary,
               vary ? request.arena.join(
                          {fields.combined(FieldId::vary, request.arena), ", Accept-Encoding"})
                    : "Accept-Encoding");
}

// The compressed content is another representation: its entity tag must be another.
void change_etag(Request& request, EtagChange change) {
    auto& fields = request.response.fields;
    const auto* etag = fields.find(FieldId::etag);
    if (!etag || change == EtagChange::none) return;
    if (change == EtagChange::remove) return fields.remove(FieldId::etag);
    if (!etag->ends_with('"')) return;
    fields.set(FieldId::etag, request.arena.join({etag->substr(0, etag->size() - 1), "-gzip\""}));
}

GzipParameters parameters_of(const DeflateSettings& settings) {
    GzipParameters parameters;
    if (settings.level) parameters.level = *settings.level;
    if (settings.window) parameters.window = *settings.window;
    if (settings.memory) parameters.memory = *settings.memory;
    if (settings.buffer) parameters.buffer = static_cast<std::size_t>(*settings.buffer);
    return parameters;
}

// The gzip format alone takes 18 bytes; Apache leaves content alone that is hardly longer.
constexpr std::uint64_t hardly_worth_it = 68;

bool has_enough_content(const Request& request) {
    const auto& length = request.response.length;
    return length ? *length > hardly_worth_it : !request.header_only();
}

FilterSink* compress(Request& request) {
    if (!has_enough_content(request) || !may_compress(request)) return nullptr;
    vary_by_encoding(request);
    if (!accepts_gzip(request)) return nullptr;
    const auto& settings = request.of<DeflateSettings>();
    auto* sink = begin_gzip(request, parameters_of(settings));
    if (!sink) return nullptr;
    request.response.fields.set(FieldId::content_encoding, "gzip");
    withdraw_length(request.response);
    request.response.fields.remove("Content-MD5");
    change_etag(request, settings.etag_change.value_or(EtagChange::add_suffix));
    return sink;
}

const FilterOf<compress> deflate_filter(FilterKind::content_set);

} // namespace

std::span<const FilterRegistration> deflate_filters() {
    static constexpr std::array filters{
        FilterRegistration{"DEFLATE", &deflate_filter, "deflate_module"},
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
        {"DeflateFilterNote", Shape::one_or_two, in_servers, nowhere_else, check_note,
         "Set a note to report on compression ratio"},
        {"DeflateWindowSize", Shape::one, in_servers, nowhere_else,
         edits<set_number<&DeflateSettings::window, 15>>, "Set the Deflate window size (1-15)"},
        {"DeflateBufferSize", Shape::one, in_servers, nowhere_else, edits<set_buffer>,
         "Set the Deflate Buffer Size"},
        {"DeflateMemLevel", Shape::one, in_servers, nowhere_else,
         edits<set_number<&DeflateSettings::memory, 9>>, "Set the Deflate Memory Level (1-9)"},
        {"DeflateCompressionLevel", Shape::one, in_servers, nowhere_else, edits<set_level>,
         "Set the Deflate Compression Level (1-9)"},
        {"DeflateInflateLimitRequestBody", Shape::one, anywhere, override_all, check_limit,
         "Set a limit on size of inflated input"},
        {"DeflateInflateRatioLimit", Shape::one, anywhere, override_all, check_positive,
         "Set the inflate ratio limit above which inflation is aborted (default: 200)"},
        {"DeflateInflateRatioBurst", Shape::one, anywhere, override_all, check_positive,
         "Set the maximum number of following inflate ratios above limit (default: 3)"},
        {"DeflateAlterEtag", Shape::one, in_servers, nowhere_else, edits<set_etag_change>,
         "Set how mod_deflate should modify ETAG response headers: 'AddSuffix' (default), "
         "'NoChange' (2.2.x behavior), 'Remove'"},
    };
    module.settings.push_back(config::settings_type<DeflateSettings>());
    return module;
}

} // namespace preforkd
