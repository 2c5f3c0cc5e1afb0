// How much a client may ask for, and how much a request may use.
#include <array>
#include <fmt/format.h>
#include <limits>

#include "base/text.h"
#include "modules/server/arguments.h"
#include "modules/server/core/core_directives.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

template <auto Field>
Status set_limit(CoreServerSettings& settings, Arguments arguments, Invocation& invocation) {
    const int limit = leading_integer(arguments[0]);
    if (limit < 0) {
        const bool zero_is_no_limit = invocation.directive.name == "LimitRequestFields";
        return Error{fmt::format("{} \"{}\" must be a non-negative integer{}",
                                 invocation.directive.name, arguments[0],
                                 zero_is_no_limit ? " (0 = no limit)" : "")};
    }
    settings.*Field = static_cast<std::size_t>(limit);
    return {};
}

Status set_limit_request_body(ContentSettings& settings, Arguments arguments) {
    const std::string& argument = arguments[0];
    if (argument.find_first_not_of("0123456789") != std::string::npos)
        return Error{"LimitRequestBody requires a non-negative integer."};
    const auto bytes = parse_decimal(argument);
    if (!bytes) return Error{"LimitRequestBody argument is not parsable."};
    settings.limit_request_body = static_cast<std::uint64_t>(*bytes);
    return {};
}

Status check_limit_xml_request_body(Invocation&, Arguments arguments) {
    if (leading_integer(arguments[0]) < 0)
        return Error{"LimitXMLRequestBody requires a non-negative integer."};
    return {};
}

// One number for both, or one for redirects and one for subrequests.
Status set_internal_recursion(CoreServerSettings& settings, Arguments arguments,
                              Invocation& invocation) {
    for (const std::string& argument : arguments) {
        const int limit = leading_integer(argument);
        if (limit <= 0) return Error{"The recursion limit must be greater than zero."};
        if (limit < 4)
            invocation.warn("AH00119: Limiting internal redirects to very low numbers may cause "
                            "normal requests to fail.");
    }
    settings.most_redirects = leading_integer(arguments.front());
    settings.most_nested_subrequests = leading_integer(arguments.back());
    return {};
}

// "none": no ranges at all (-1 here), "unlimited": 0, "default": as if nothing was said.
template <auto Field, int Default>
Status set_ranges(ContentSettings& settings, Arguments arguments, Invocation& invocation) {
    const std::string& argument = arguments[0];
    if (iequals(argument, "none")) {
        settings.*Field = -1;
    } else if (iequals(argument, "unlimited")) {
        settings.*Field = 0;
    } else if (iequals(argument, "default")) {
        settings.*Field = Default;
    } else {
        const int number = leading_integer(argument);
        if (number <= 0)
            return Error{fmt::format("{} requires 'none', 'default', 'unlimited' or a positive "
                                     "integer",
                                     invocation.directive.name)};
        settings.*Field = number;
    }
    return {};
}

Status check_unsigned(Invocation&, Arguments arguments) {
    const auto number = parse_decimal(arguments[0]);
    if (!number || *number > std::numeric_limits<unsigned>::max())
        return Error{"parameter must be a number between 0 and (4294967295U)): " + arguments[0]};
    return {};
}

Status check_flush_max_pipelined(Invocation&, Arguments arguments) {
    const auto number = parse_decimal(arguments[0]);
    const bool fits = number && *number <= std::numeric_limits<int>::max();
    if (!fits && arguments[0] != "-1")
        return Error{"parameter must be a number between -1 and (2147483647): " + arguments[0]};
    return {};
}

const std::array limit_rows{
    config::Directive{"LimitRequestLine", Shape::one, in_servers, config::override_none,
                      config::edits<set_limit<&CoreServerSettings::limit_request_line>>,
                      "Limit on maximum size of an HTTP request line"},
    config::Directive{"LimitRequestFieldsize", Shape::one, in_servers, config::override_none,
                      config::edits<set_limit<&CoreServerSettings::limit_request_field_size>>,
                      "Limit on maximum size of an HTTP request header field"},
    config::Directive{"LimitRequestFields", Shape::one, in_servers, config::override_none,
                      config::edits<set_limit<&CoreServerSettings::limit_request_fields>>,
                      "Limit (0 = unlimited) on max number of header fields in a request message"},
    config::Directive{"LimitRequestBody", Shape::one, config::anywhere, config::override_all,
                      config::edits<set_limit_request_body>,
                      "Limit (in bytes) on maximum size of request message body"},
    config::Directive{"LimitXMLRequestBody", Shape::one, config::anywhere, config::override_all,
                      check_limit_xml_request_body,
                      "Limit (in bytes) on maximum size of an XML-based request body"},
    config::Directive{"LimitInternalRecursion", Shape::one_or_two, in_servers,
                      config::override_none, config::edits<set_internal_recursion>,
                      "maximum recursion depth of internal redirects and subrequests"},
    config::Directive{"MaxRanges", Shape::one, in_files, config::override_none,
                      config::edits<set_ranges<&ContentSettings::max_ranges, 200>>,
                      "Maximum number of Ranges in a request before returning the entire resource, "
                      "or 0 for unlimited"},
    config::Directive{"MaxRangeOverlaps", Shape::one, in_files, config::override_none,
                      config::edits<set_ranges<&ContentSettings::max_range_overlaps, 20>>,
                      "Maximum number of overlaps in Ranges in a request before returning the "
                      "entire resource, or 0 for unlimited"},
    config::Directive{"MaxRangeReversals", Shape::one, in_files, config::override_none,
                      config::edits<set_ranges<&ContentSettings::max_range_reversals, 20>>,
                      "Maximum number of reversals in Ranges in a request before returning the "
                      "entire resource, or 0 for unlimited"},
    config::Directive{"ReadBufferSize", Shape::one, in_files, config::override_none, check_unsigned,
                      "Size (in bytes) of the memory buffers used to read data"},
    config::Directive{"FlushMaxThreshold", Shape::one, in_servers, config::override_none,
                      check_unsigned,
                      "Maximum threshold above which pending data are flushed to the network"},
    config::Directive{"FlushMaxPipelined", Shape::one, in_servers, config::override_none,
                      check_flush_max_pipelined,
                      "Maximum number of pipelined responses (pending) above which they are "
                      "flushed to the network"},
};

} // namespace

std::span<const config::Directive> limit_directives() { return limit_rows; }

} // namespace preforkd
