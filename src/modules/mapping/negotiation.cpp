// negotiation: its directives only. Choosing between variants of a file comes later
// (docs/deferred.md).
#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

Status check_force(Invocation& invocation, Arguments arguments) {
    for (std::string_view option : {"None", "Prefer", "Fallback"})
        if (iequals(arguments[0], option)) return config::accepted_for_later(invocation, arguments);
    return Error{"Invalid ForceLanguagePriority option " + arguments[0]};
}

} // namespace

Module negotiation_module() {
    using config::anywhere;
    using config::override_file_info;
    Module module{.name = "negotiation"};
    module.directives = {
        {"CacheNegotiatedDocs", Shape::flag, config::server_config | config::virtual_host, 0,
         config::accepted_for_later, "Either 'on' or 'off' (default)"},
        {"LanguagePriority", Shape::each, anywhere, override_file_info, config::accepted_for_later,
         "space-delimited list of MIME language abbreviations"},
        {"ForceLanguagePriority", Shape::each, anywhere, override_file_info, check_force,
         "Force LanguagePriority elections, either None, or Fallback and/or Prefer"},
    };
    return module;
}

} // namespace preforkd
