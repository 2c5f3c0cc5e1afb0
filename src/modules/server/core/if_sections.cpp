// <If>, <ElseIf> and <Else>.
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/words.h"
#include "modules/server/core/core_directives.h"
#include "pipeline/expression/expression.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::Section;
using config::Shape;

Result<std::shared_ptr<const Expression>> read_condition(const Invocation& invocation,
                                                         std::string_view arguments) {
    const auto name = invocation.directive.name;
    if (trim(arguments).empty())
        return Error{fmt::format("{}> directive requires additional arguments", name)};
    auto condition = Expression::condition(config::next_word(arguments), invocation.configuration);
    if (!trim(arguments).empty())
        return Error{fmt::format("Multiple {}> arguments not supported.", name)};
    if (!condition) return Error{"Cannot parse condition clause: " + condition.error().what};
    return std::shared_ptr<const Expression>(std::make_shared<Expression>(std::move(*condition)));
}

// Whether there is a condition before this one to be an alternative to.
bool follows_condition(const std::vector<std::unique_ptr<Section>>& ifs) {
    return !ifs.empty() && ifs.back()->condition;
}

template <bool has_condition, bool is_alternative>
Status add_section(Invocation& invocation, Arguments arguments) {
    if (invocation.limit)
        return Error{fmt::format("{}> cannot occur within <Limit> or <LimitExcept> section",
                                 invocation.directive.name)};
    auto& ifs = invocation.section ? invocation.section->ifs : invocation.server.ifs;
    auto made = std::make_unique<Section>();
    made->kind = Section::Kind::if_;
    made->place = invocation.node.place;
    made->is_alternative = is_alternative;
    if (has_condition) {
        auto condition = read_condition(invocation, arguments[0]);
        if (!condition) return condition.error();
        made->condition = std::move(*condition);
    } else if (!trim(arguments[0]).empty()) {
        return Error{"<Else> does not take an argument"};
    }
    if (is_alternative && !follows_condition(ifs))
        return Error{"<Else> or <ElseIf> section without previous <If> or <ElseIf> section in "
                     "same scope"};
    Section& section = *made;
    ifs.push_back(std::move(made));
    const auto context = invocation.in_htaccess ? config::htaccess : config::directory;
    return config::apply_content(invocation,
                                 {invocation.server, section.settings, &section, context});
}

const std::array if_rows{
    config::Directive{"<If", Shape::raw, config::anywhere, config::override_all,
                      add_section<true, false>,
                      "Container for directives to be conditionally applied"},
    config::Directive{"<ElseIf", Shape::raw, config::anywhere, config::override_all,
                      add_section<true, true>,
                      "Container for directives to be conditionally applied"},
    config::Directive{.name = "<Else",
                      .shape = Shape::raw,
                      .contexts = config::anywhere,
                      .override_class = config::override_all,
                      .apply = add_section<false, true>,
                      .usage = "Container for directives to be conditionally applied",
                      .needs_no_bracket = true},
};

} // namespace

std::span<const config::Directive> if_directives() { return if_rows; }

} // namespace preforkd
