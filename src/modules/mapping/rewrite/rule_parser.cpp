// Reads the lines of RewriteRule and RewriteCond.
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "http/response_writer.h"
#include "modules/mapping/rewrite/rule.h"
#include "modules/server/arguments.h"

namespace preforkd::rewrite {

namespace {

std::string_view skip_space(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

// Takes a word off the front: up to the next quote if it begins with one, which no backslash hides,
// or up to white space that no backslash stands before.
std::string take_word(std::string_view& text) {
    const char quote = !text.empty() && (text[0] == '"' || text[0] == '\'') ? text[0] : '\0';
    if (quote) text.remove_prefix(1);
    std::string word;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        const bool ends = quote ? text[i] == quote : is_space(text[i]);
        if (ends) break;
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] == '\\' && is_space(next)) word += text[i++];
        word += text[i];
    }
    text.remove_prefix(std::min(i + (quote ? 1 : 0), text.size()));
    text = skip_space(text);
    return word;
}

struct Words {
    std::string first, second;
    std::optional<std::string> flags;
};

std::optional<Words> take_words(std::string_view line) {
    Words words;
    line = skip_space(line);
    if (line.empty()) return {};
    words.first = take_word(line);
    if (line.empty()) return {};
    words.second = take_word(line);
    if (!line.empty()) words.flags = take_word(line);
    return words;
}

struct Flag {
    std::string_view name, value;
};

// "[NC,R=301]", taken apart. Between two commas stands a flag without a name.
Result<std::vector<Flag>> split_flags(const std::optional<std::string>& written) {
    std::vector<Flag> flags;
    if (!written) return flags;
    const std::string_view text = *written;
    if (text.size() < 2 || text.front() != '[' || text.back() != ']')
        return Error{"bad flag delimiters"};
    for (const auto piece : split(text.substr(1, text.size() - 2), ',')) {
        const auto flag = trim(piece);
        const auto equals = flag.find('=');
        flags.push_back({flag.substr(0, equals),
                         equals == flag.npos ? std::string_view() : flag.substr(equals + 1)});
    }
    return flags;
}

bool is_either(std::string_view name, std::string_view brief, std::string_view whole) {
    return iequals(name, brief) || iequals(name, whole);
}

using Test = Condition::Test;

struct TestName {
    std::string_view text;
    Test test;
};

constexpr std::array tests_of_names{
    TestName{"-f", Test::file},        TestName{"-s", Test::file_with_content},
    TestName{"-d", Test::directory},   TestName{"-l", Test::link},
    TestName{"-h", Test::link},        TestName{"-L", Test::link},
    TestName{"-x", Test::executable},  TestName{"-U", Test::served_uri},
    TestName{"-F", Test::served_file},
};

constexpr std::array tests_of_numbers{
    TestName{"-eq", Test::number_equal},   TestName{"-ne", Test::number_not_equal},
    TestName{"-lt", Test::number_less},    TestName{"-le", Test::number_less_or_equal},
    TestName{"-gt", Test::number_greater}, TestName{"-ge", Test::number_greater_or_equal},
};

constexpr std::array tests_of_text{
    TestName{">=", Test::greater_or_equal},
    TestName{"<=", Test::less_or_equal},
    TestName{">", Test::greater},
    TestName{"<", Test::less},
    TestName{"=", Test::equal},
};

void read_test(std::string_view pattern, Condition& condition) {
    if (pattern.starts_with('!') && pattern.size() > 1) {
        condition.negated = true;
        pattern.remove_prefix(1);
    }
    condition.pattern = condition.operand = pattern;
    if (condition.test == Test::expression) return;
    for (const auto& [text, test] : tests_of_names)
        if (pattern == text) condition.test = test;
    for (const auto& [text, test] : tests_of_numbers) {
        if (!pattern.starts_with(text)) continue;
        condition.test = test;
        condition.operand = skip_space(pattern.substr(text.size()));
    }
    if (condition.test != Test::pattern) return;
    for (const auto& [text, test] : tests_of_text) {
        if (!pattern.starts_with(text)) continue;
        condition.test = test;
        condition.operand = pattern.substr(text.size());
        if (condition.operand == "\"\"") condition.operand.clear();
        return;
    }
}

Status read_condition_flags(const std::optional<std::string>& written, Condition& condition) {
    const auto flags = split_flags(written);
    if (!flags) return Error{"RewriteCond: " + flags.error().what};
    for (const auto& [name, value] : *flags) {
        if (is_either(name, "NC", "nocase")) condition.any_case = true;
        else if (is_either(name, "OR", "ornext")) condition.or_next = true;
        else if (is_either(name, "NV", "novary")) condition.no_vary = true;
        else return Error{fmt::format("RewriteCond: unknown flag '{}'", name)};
    }
    return {};
}

Status set_redirect(std::string_view value, Rule& rule) {
    rule.redirects = true;
    if (value.empty()) return {};
    constexpr std::pair<std::string_view, int> names[] = {
        {"permanent", 301}, {"temp", 302}, {"seeother", 303}};
    for (const auto& [name, status] : names)
        if (iequals(value, name)) {
            rule.status = status;
            return {};
        }
    if (!is_digit(value[0])) return {}; // any other word is no word, as in Apache
    const auto status = parse_decimal(value);
    const int number = status && *status < 600 ? static_cast<int>(*status) : 0;
    if (!http::can_be_configured(number))
        return Error{fmt::format("invalid HTTP response code '{}' for flag 'R'", value)};
    rule.status = number;
    if (number >= 300 && number < 400) return {};
    rule.redirects = false;
    rule.ends_request = true;
    rule.no_substitution = true;
    return {};
}

void end_with(int status, Rule& rule) {
    rule.status = status;
    rule.ends_request = true;
    rule.no_substitution = true;
}

Effects& effects_of(Rule& rule) {
    if (!rule.effects) rule.effects = std::make_unique<Effects>();
    return *rule.effects;
}

void add_variable(std::string_view text, Rule& rule) {
    VariableChange change;
    change.removes = text.starts_with('!');
    if (change.removes) text.remove_prefix(1);
    const auto colon = text.find(':');
    change.name = Template::parse(text.substr(0, colon));
    if (colon != text.npos) change.value = Template::parse(text.substr(colon + 1));
    effects_of(rule).variables.push_back(std::move(change));
}

struct Switch {
    std::string_view brief, whole;
    bool Rule::*field;
};

constexpr std::array switches{
    Switch{"C", "chain", &Rule::chained},
    Switch{"DPI", "discardpath", &Rule::discards_path_info},
    Switch{"DPI", "discardpathinfo", &Rule::discards_path_info},
    Switch{"END", "END", &Rule::end},
    Switch{"L", "last", &Rule::last},
    Switch{"NC", "nocase", &Rule::any_case},
    Switch{"NE", "noescape", &Rule::no_escape},
    Switch{"NS", "nosubreq", &Rule::no_subrequests},
    Switch{"P", "proxy", &Rule::proxy},
    Switch{"PT", "passthrough", &Rule::passes_through},
    Switch{"QSA", "qsappend", &Rule::appends_query},
    Switch{"QSD", "qsdiscard", &Rule::discards_query},
    Switch{"QSL", "qslast", &Rule::splits_at_last},
    Switch{"UNC", "UNC", nullptr},
    Switch{"UnsafeAllow3F", "UnsafeAllow3F", &Rule::allows_question_mark},
    Switch{"UnsafePrefixStat", "UnsafePrefixStat", &Rule::leaves_document_root},
};

GroupEscaping& escaping_of(Rule& rule) {
    if (!rule.escaping) rule.escaping = std::make_unique<GroupEscaping>();
    return *rule.escaping;
}

Status read_flag(const Flag& flag, Rule& rule) {
    const auto& [name, value] = flag;
    for (const auto& one : switches)
        if (is_either(name, one.brief, one.whole)) {
            if (one.field) rule.*one.field = true;
            return {};
        }
    // What Apache calls [B] and [BNP], and what its manual does.
    if (is_either(name, "B", "backrefescaping") || iequals(name, "escapebackref")) {
        escaping_of(rule).wanted = true;
        escaping_of(rule).only = value;
    } else if (iequals(name, "BNE")) {
        if (value.empty()) return Error{"flag 'BNE' wants a list of characters (i.e. [BNE=...])"};
        escaping_of(rule).never = value;
    } else if (iequals(name, "BCTLS")) {
        escaping_of(rule).wanted = escaping_of(rule).controls = true;
    } else if (is_either(name, "BNP", "backrefernoplus") || iequals(name, "backrefnoplus")) {
        escaping_of(rule).no_plus = true;
    } else if (is_either(name, "CO", "cookie")) {
        effects_of(rule).cookies.push_back(Template::parse(value));
    } else if (is_either(name, "E", "env")) {
        add_variable(value, rule);
    } else if (is_either(name, "F", "forbidden")) {
        end_with(403, rule);
    } else if (is_either(name, "G", "gone")) {
        end_with(410, rule);
    } else if (is_either(name, "H", "handler")) {
        effects_of(rule).forced_handler = Template::parse(value);
    } else if (is_either(name, "T", "type")) {
        effects_of(rule).forced_type = Template::parse(value);
    } else if (is_either(name, "N", "next")) {
        rule.next_round = true;
        if (!value.empty()) rule.most_rounds = leading_integer(value);
    } else if (is_either(name, "R", "redirect")) {
        return set_redirect(value, rule);
    } else if (is_either(name, "S", "skip")) {
        rule.skip = static_cast<unsigned>(parse_decimal(value).value_or(0));
    } else {
        return Error{fmt::format("unknown flag '{}'", name)};
    }
    return {};
}

} // namespace

Result<Condition> parse_condition(std::string_view line,
                                  const config::Configuration& configuration) {
    const auto words = take_words(line);
    if (!words) return Error{fmt::format("RewriteCond: bad argument line '{}'", line)};
    Condition condition;
    condition.input = Template::parse(words->first);
    if (iequals(words->first, "expr")) condition.test = Test::expression;
    read_test(words->second, condition);
    if (auto read = read_condition_flags(words->flags, condition); !read) return read.error();
    if (condition.test == Test::expression) {
        auto expression = Expression::condition(condition.operand, configuration,
                                                condition.no_vary ? Expression::Vary::silent
                                                                  : Expression::Vary::named);
        if (!expression)
            return Error{fmt::format("RewriteCond: cannot compile expression \"{}\" {}",
                                     condition.operand, expression.error().what)};
        condition.expression = std::move(*expression);
        return condition;
    }
    if (condition.test != Test::pattern) return condition;
    auto regex = Regex::compile(condition.operand,
                                condition.any_case ? Regex::Case::ignored : Regex::Case::sensitive);
    if (!regex)
        return Error{
            fmt::format("RewriteCond: cannot compile regular expression '{}'", words->second)};
    condition.regex = std::move(*regex);
    return condition;
}

Result<Rule> parse_rule(std::string_view line) {
    const auto words = take_words(line);
    if (!words) return Error{fmt::format("RewriteRule: bad argument line '{}'", line)};
    Rule rule;
    const auto flags = split_flags(words->flags);
    if (!flags) return Error{"RewriteRule: " + flags.error().what};
    for (const Flag& flag : *flags)
        if (auto read = read_flag(flag, rule); !read)
            return Error{"RewriteRule: " + read.error().what};
    std::string_view pattern = words->first;
    rule.pattern = pattern;
    if (pattern.starts_with('!')) {
        rule.negated = true;
        pattern.remove_prefix(1);
    }
    auto regex =
        Regex::compile(pattern, rule.any_case ? Regex::Case::ignored : Regex::Case::sensitive);
    if (!regex)
        return Error{
            fmt::format("RewriteRule: cannot compile regular expression '{}'", words->first)};
    rule.regex = std::move(*regex);
    if (words->second == "-") rule.no_substitution = true;
    rule.output_text = words->second;
    rule.output = Template::parse(words->second);
    const bool to_a_url = rule.output_text.find("://") != std::string::npos;
    rule.leads_away = rule.ends_request || rule.proxy || (to_a_url && !rule.redirects);
    return rule;
}

} // namespace preforkd::rewrite
