#include "modules/mapping/rewrite/conditions.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "os/file.h"
#include "pipeline/subrequest.h"

namespace preforkd::rewrite {

namespace {

using Test = Condition::Test;

const KnownFile& look_at(std::string_view path, Request& request, KnownFile& known) {
    if (known.path.data() && known.path == path) return known;
    known.path = path;
    known.exists = !path.empty() && stat_path(request.arena.c_string(path), known.status) == 0;
    return known;
}

bool is_link(std::string_view path, Request& request) {
    struct stat status {};
    return stat_link(request.arena.c_string(path), status) == 0 && S_ISLNK(status.st_mode);
}

bool is_served_file(std::string_view path, Request& request, KnownFile& known) {
    if (path.empty() || !may_look_ahead(request)) return false;
    const Request& found = look_up_file(request, path);
    return found.response.status < 300 && look_at(path, request, known).exists;
}

// Longer is greater, as in Apache.
int compare(std::string_view a, std::string_view b, bool any_case) {
    if (a.size() != b.size()) return a.size() > b.size() ? 1 : -1;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto x = static_cast<unsigned char>(any_case ? to_lower(a[i]) : a[i]);
        const auto y = static_cast<unsigned char>(any_case ? to_lower(b[i]) : b[i]);
        if (x != y) return x > y ? 1 : -1;
    }
    return 0;
}

// As atoi(3) reads it: 0 for what is no number, and no more bits than an int has.
long number(std::string_view text) {
    return static_cast<int>(std::strtol(std::string(text).c_str(), nullptr, 10));
}

bool expression_holds(const Condition& condition, Request& request, Groups& groups) {
    MatchGroups found{};
    const auto answer = condition.expression->holds(request, found);
    if (!answer)
        request.log("rewrite", log::Level::error,
                    request.arena.join({"RewriteCond: ", answer.error().what}));
    if (!answer || !*answer) return false;
    if (!condition.negated) groups = found;
    return true;
}

bool holds(const Condition& condition, std::string_view input, const Scope& scope, Groups& groups,
           KnownFile& known) {
    Request& request = scope.request;
    const auto compared = [&] { return compare(input, condition.operand, condition.any_case); };
    const auto difference = [&] { return number(input) - number(condition.operand); };
    switch (condition.test) {
    case Test::pattern: {
        Groups found{};
        if (!condition.regex->match(input, found)) return false;
        if (!condition.negated) groups = found;
        return true;
    }
    case Test::expression: return expression_holds(condition, request, groups);
    case Test::file: {
        const auto& file = look_at(input, request, known);
        return file.exists && S_ISREG(file.status.st_mode);
    }
    case Test::file_with_content: {
        const auto& file = look_at(input, request, known);
        return file.exists && S_ISREG(file.status.st_mode) && file.status.st_size > 0;
    }
    case Test::directory: {
        const auto& file = look_at(input, request, known);
        return file.exists && S_ISDIR(file.status.st_mode);
    }
    case Test::executable: {
        const auto& file = look_at(input, request, known);
        return file.exists && (file.status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
    }
    case Test::link: return is_link(input, request);
    case Test::served_uri:
        return !input.empty() && may_look_ahead(request) &&
               look_up_uri(request, input).response.status < 400;
    case Test::served_file: return is_served_file(input, request, known);
    case Test::greater: return compared() > 0;
    case Test::greater_or_equal: return compared() >= 0;
    case Test::less: return compared() < 0;
    case Test::less_or_equal: return compared() <= 0;
    case Test::equal: return compared() == 0;
    case Test::number_equal: return difference() == 0;
    case Test::number_not_equal: return difference() != 0;
    case Test::number_less: return difference() < 0;
    case Test::number_less_or_equal: return difference() <= 0;
    case Test::number_greater: return difference() > 0;
    case Test::number_greater_or_equal: return difference() >= 0;
    }
    return false;
}

bool check(const Condition& condition, const Scope& scope, Groups& groups, KnownFile& known,
           const Trace& trace) {
    const auto input = condition.input.expand(scope);
    const bool result = holds(condition, input, scope, groups, known) != condition.negated;
    trace(4, "RewriteCond: input='{}' pattern='{}{}'{} => {}", input, condition.negated ? "!" : "",
          condition.pattern, condition.any_case ? " [NC]" : "", result ? "matched" : "not-matched");
    return result;
}

} // namespace

bool conditions_hold(const Rule& rule, const Scope& scope, Groups& groups, KnownFile& known,
                     std::string_view& vary, const Trace& trace) {
    for (auto condition = rule.conditions.begin(); condition != rule.conditions.end();
         ++condition) {
        std::string_view read;
        Scope own{scope};
        own.vary = condition->no_vary ? nullptr : &read;
        if (!check(*condition, own, groups, known, trace)) {
            if (!condition->or_next) return false;
            continue;
        }
        // One of several is enough.
        while (condition->or_next && std::next(condition) != rule.conditions.end()) ++condition;
        if (read.empty()) continue;
        vary = vary.empty() ? read : scope.request.arena.join({vary, ", ", read});
    }
    return true;
}

} // namespace preforkd::rewrite
