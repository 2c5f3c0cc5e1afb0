// deflate: its directives only. Compressing responses comes later (docs/deferred.md).
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"
#include "modules/server/arguments.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

Status check_range(int value, int most, std::string_view name) {
    if (value >= 1 && value <= most) return {};
    return Error{fmt::format("{} must be between 1 and {}", name, most)};
}

Status check_level(Invocation&, Arguments arguments) {
    return check_range(leading_integer(arguments[0]), 9, "Compression Level");
}

template <int most>
Status check_size(Invocation& invocation, Arguments arguments) {
    return check_range(leading_integer(arguments[0]), most, invocation.directive.name);
}

Status check_buffer(Invocation&, Arguments arguments) {
    if (leading_integer(arguments[0]) > 0) return {};
    return Error{"DeflateBufferSize should be positive"};
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

Status check_etag(Invocation&, Arguments arguments) {
    for (std::string_view way : {"NoChange", "AddSuffix", "Remove"})
        if (iequals(arguments[0], way)) return {};
    return Error{"DeflateAlterETAG accepts only 'NoChange', 'AddSuffix', and 'Remove'"};
}

} // namespace

Module deflate_module() {
    using config::anywhere;
    using config::override_all;
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    constexpr unsigned nowhere_else = config::override_none;
    Module module{.name = "deflate"};
    module.directives = {
        {"DeflateFilterNote", Shape::one_or_two, in_servers, nowhere_else, check_note,
         "Set a note to report on compression ratio"},
        {"DeflateWindowSize", Shape::one, in_servers, nowhere_else, check_size<15>,
         "Set the Deflate window size (1-15)"},
        {"DeflateBufferSize", Shape::one, in_servers, nowhere_else, check_buffer,
         "Set the Deflate Buffer Size"},
        {"DeflateMemLevel", Shape::one, in_servers, nowhere_else, check_size<9>,
         "Set the Deflate Memory Level (1-9)"},
        {"DeflateCompressionLevel", Shape::one, in_servers, nowhere_else, check_level,
         "Set the Deflate Compression Level (1-9)"},
        {"DeflateInflateLimitRequestBody", Shape::one, anywhere, override_all, check_limit,
         "Set a limit on size of inflated input"},
        {"DeflateInflateRatioLimit", Shape::one, anywhere, override_all, check_positive,
         "Set the inflate ratio limit above which inflation is aborted (default: 200)"},
        {"DeflateInflateRatioBurst", Shape::one, anywhere, override_all, check_positive,
         "Set the maximum number of following inflate ratios above limit (default: 3)"},
        {"DeflateAlterEtag", Shape::one, in_servers, nowhere_else, check_etag,
         "Set how mod_deflate should modify ETAG response headers: 'AddSuffix' (default), "
         "'NoChange' (2.2.x behavior), 'Remove'"},
    };
    return module;
}

} // namespace preforkd
