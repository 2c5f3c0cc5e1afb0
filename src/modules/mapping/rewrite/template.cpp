#include "modules/mapping/rewrite/template.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "modules/mapping/rewrite/rewrite_settings.h"

namespace preforkd::rewrite {

namespace {

// Where the bracket that stands before `text` is closed; brackets inside come in pairs.
std::size_t closing_bracket(std::string_view text) {
    int depth = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') ++i;
        else if (text[i] == '{') ++depth;
        else if (text[i] == '}' && --depth == 0) return i;
    }
    return text.npos;
}

// The first `wanted` that stands in no bracket.
std::size_t find_outside_brackets(std::string_view text, char wanted) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == wanted && depth == 0) return i;
        if (text[i] == '\\') ++i;
        else if (text[i] == '{') ++depth;
        else if (text[i] == '}') --depth;
    }
    return text.npos;
}

bool is_escaped(char c, const GroupEscaping& how) {
    const auto byte = static_cast<unsigned char>(c);
    if (how.never.find(c) != std::string::npos) return false;
    if (how.controls) return byte <= 0x20 || byte == 0x7f;
    if (!how.only.empty()) return how.only.find(c) != std::string::npos;
    return !is_alpha(c) && !is_digit(c) && c != '_';
}

std::string_view escape(std::string_view group, const GroupEscaping& how, Arena& arena) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (std::none_of(group.begin(), group.end(), [&](char c) { return is_escaped(c, how); }))
        return group;
    std::string escaped;
    for (const char c : group) {
        const auto byte = static_cast<unsigned char>(c);
        if (!is_escaped(c, how)) escaped += c;
        else if (c == ' ' && !how.no_plus) escaped += '+';
        else (escaped += '%') += {digits[byte >> 4], digits[byte & 15]};
    }
    return arena.copy(escaped);
}

std::string_view group_of(const Groups& groups, unsigned number, const Scope& scope) {
    const auto group = groups[number];
    if (!scope.escaping || !scope.escaping->wanted) return group;
    return escape(group, *scope.escaping, scope.request.arena);
}

} // namespace

// ${map:key|otherwise}
struct Template::Lookup {
    std::string map; // one of the request's server
    Template key;
    Template otherwise;

    // What stands in the brackets, with the colon at `colon`.
    static std::shared_ptr<const Lookup> parse(std::string_view inside, std::size_t colon) {
        const auto rest = inside.substr(colon + 1);
        const auto bar = std::min(find_outside_brackets(rest, '|'), rest.size());
        return std::make_shared<const Lookup>(
            Lookup{std::string(inside.substr(0, colon)), Template::parse(rest.substr(0, bar)),
                   Template::parse(rest.substr(std::min(bar + 1, rest.size())))});
    }
    std::string_view value(const Scope& scope) const {
        const Map* known = scope.request.of<ServerRewrite>().find_map(map);
        const auto value = known ? known->find(key.expand(scope), scope.request) : std::nullopt;
        return value ? *value : otherwise.expand(scope);
    }
};

void Template::add_text(std::string_view text) {
    if (pieces_.empty() || !std::holds_alternative<std::string>(pieces_.back()))
        pieces_.emplace_back();
    std::get<std::string>(pieces_.back()) += text;
}

// `text` begins with $ or %. Answers how much of it was taken.
std::size_t Template::add_special(std::string_view text) {
    const bool is_dollar = text[0] == '$';
    const char next = text.size() > 1 ? text[1] : '\0';
    if (is_digit(next)) {
        pieces_.emplace_back(Group{!is_dollar, static_cast<unsigned>(next - '0')});
        return 2;
    }
    const auto end = next == '{' ? closing_bracket(text.substr(2)) : text.npos;
    const auto inside = end == text.npos ? std::string_view() : text.substr(2, end);
    const auto colon = is_dollar ? find_outside_brackets(inside, ':') : 0;
    if (end == text.npos || colon == inside.npos) {
        const std::size_t taken = next == '{' ? 2 : 1;
        add_text(text.substr(0, taken));
        return taken;
    }
    if (is_dollar) pieces_.emplace_back(Lookup::parse(inside, colon));
    else pieces_.emplace_back(std::make_shared<const Variable>(find_variable(inside)));
    return end + 3;
}

Template Template::parse(std::string_view text) {
    Template made;
    while (!text.empty()) {
        const auto plain = std::min(text.find_first_of("\\$%"), text.size());
        if (plain > 0) made.add_text(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        if (text[0] != '\\') {
            text.remove_prefix(made.add_special(text));
        } else if (text.size() == 1) {
            made.add_text(text);
            break;
        } else {
            made.add_text(text.substr(1, 1));
            text.remove_prefix(2);
        }
    }
    return made;
}

std::string_view Template::value_of(const Piece& piece, const Scope& scope) {
    if (const auto* text = std::get_if<std::string>(&piece)) return *text;
    if (const auto* group = std::get_if<Group>(&piece))
        return group_of(group->of_condition ? scope.condition_groups : scope.rule_groups,
                        group->number, scope);
    if (const auto* variable = std::get_if<std::shared_ptr<const Variable>>(&piece))
        return (*variable)->of(scope);
    return std::get<std::shared_ptr<const Lookup>>(piece)->value(scope);
}

std::string_view Template::expand(const Scope& scope) const {
    QuestionMarks marks;
    return expand(scope, marks);
}

std::string_view Template::expand(const Scope& scope, QuestionMarks& marks) const {
    const auto next = [&](const Piece& piece) {
        const auto value = value_of(piece, scope);
        if (value.find('?') == value.npos) return value;
        marks.last_is_borrowed = !std::holds_alternative<std::string>(piece);
        if (!std::exchange(marks.any, true)) marks.first_is_borrowed = marks.last_is_borrowed;
        return value;
    };
    if (pieces_.empty()) return {};
    if (pieces_.size() == 1) return next(pieces_.front());
    std::pmr::string text(scope.request.arena.resource());
    for (const Piece& piece : pieces_) text += next(piece);
    return scope.request.arena.copy(text);
}

} // namespace preforkd::rewrite
