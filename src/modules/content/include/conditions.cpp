#include "modules/content/include/conditions.h"

#include <fmt/format.h>

#include "modules/content/include/legacy_expression.h"

namespace preforkd::ssi {

namespace {

// Whether the condition holds. Nothing where it makes no sense: then the document was told.
std::optional<bool> evaluate(Document& document, std::string_view text,
                             const config::Configuration& configuration) {
    if (document.settings.legacy_expressions.value_or(false)) {
        const auto holds = legacy_condition_holds(document, text);
        if (!holds) document.fail(holds.error().what);
        return holds ? std::optional(*holds) : std::nullopt;
    }
    const auto parsed = Expression::document_condition(text, configuration);
    if (!parsed) {
        document.fail(fmt::format("AH01337: Could not parse expr \"{}\" in {}: {}", text,
                                  document.request.filename, parsed.error().what));
        return std::nullopt;
    }
    const auto holds = parsed->holds(document.request, document.groups);
    if (holds) return *holds;
    document.fail(fmt::format("AH01338: Could not evaluate expr \"{}\" in {}: {}", text,
                              document.request.filename, holds.error().what));
    return std::nullopt;
}

// What is wrong with the attributes of an if or elif, or "".
std::string wrong_attributes(const Document& document, const Element& element) {
    const bool elif = element.name == "elif";
    const auto& attributes = element.attributes;
    const auto file = document.request.filename;
    if (attributes.empty())
        return fmt::format("{}: missing expr argument for if element in {}",
                           elif ? "AH01357" : "AH01353", file);
    if (attributes.size() > 1)
        return fmt::format("{}: too many arguments for if element in {}",
                           elif ? "AH01356" : "AH01352", file);
    if (attributes[0].name != "expr")
        return fmt::format("{}: unknown parameter \"{}\" to tag if in {}",
                           elif ? "AH01358" : "AH01354", attributes[0].name, file);
    if (attributes[0].value) return {};
    return elif ? fmt::format("AH01359: missing expr in elif statement: {}", file)
                : fmt::format("AH01355: missing expr value for if element in {}", file);
}

// Text is passed on from here, or is not.
void take_branch(Document& document, bool taken) {
    document.printing = document.branch_taken = taken;
}

void begin_branch(Document& document, const Element& element,
                  const config::Configuration& configuration) {
    const auto wrong = wrong_attributes(document, element);
    if (!wrong.empty()) document.fail(wrong);
    const auto holds = wrong.empty()
                           ? evaluate(document, *element.attributes[0].value, configuration)
                           : std::nullopt;
    take_branch(document, holds.value_or(false));
    if (!holds) document.ignores_else = true;
}

void obey_if(Document& document, const Element& element,
             const config::Configuration& configuration) {
    if (document.printing) begin_branch(document, element, configuration);
    else ++document.skipped_depth;
}

void obey_elif(Document& document, const Element& element,
               const config::Configuration& configuration) {
    if (document.skipped_depth > 0) return;
    if (document.branch_taken && wrong_attributes(document, element).empty())
        document.printing = false;
    else begin_branch(document, element, configuration);
}

void obey_else(Document& document, const Element&, const config::Configuration&) {
    if (document.skipped_depth > 0 || document.ignores_else) return;
    take_branch(document, !document.branch_taken);
}

void obey_endif(Document& document, const Element&, const config::Configuration&) {
    if (document.skipped_depth > 0) {
        --document.skipped_depth;
        return;
    }
    take_branch(document, true);
    document.ignores_else = false;
}

struct Conditional {
    std::string_view name;
    void (*obey)(Document&, const Element&, const config::Configuration&);
    std::string_view number; // of the message about attributes, where it takes none
};
constexpr Conditional conditionals[] = {
    {"if", obey_if, {}},
    {"elif", obey_elif, {}},
    {"else", obey_else, "AH01360"},
    {"endif", obey_endif, "AH01361"},
};

} // namespace

bool obey_condition(Document& document, const Element& element,
                    const config::Configuration& configuration) {
    for (const auto& known : conditionals) {
        if (known.name != element.name) continue;
        if (!known.number.empty() && !element.attributes.empty()) {
            const auto why = fmt::format("{}: {} directive does not take tags in {}", known.number,
                                         known.name, document.request.filename);
            if (document.printing) document.fail(why);
            else document.log(log::Level::warn, why);
            if (document.skipped_depth == 0) return true;
        }
        known.obey(document, element, configuration);
        return true;
    }
    return false;
}

} // namespace preforkd::ssi
