#include "pipeline/expression/parser.h"

#include <fmt/format.h>

#include "net/address.h"
#include "pipeline/expression/cursor.h"
#include "pipeline/expression/tests.h"
#include "pipeline/expression/words.h"

namespace preforkd::expression {

namespace {

using View = std::string_view;

// Parentheses, negations and variables in variables, inside each other.
constexpr int deepest = 100;

constexpr char end_of_text = '\0'; // where a text is no part of a condition

// One function a rule of the grammar (docs/expressions.md). After a mistake the rules go on to
// their ends with nothing in their hands, and the first mistake counts.
class Parser {
  public:
    Parser(View text, const config::Configuration& configuration, Comparisons comparisons,
           Names names = Names::all)
        : cursor_(text), configuration_(configuration), comparisons_(comparisons), names_(names) {}

    Result<TestPointer> whole_condition() {
        auto test = alternatives();
        cursor_.skip_spaces();
        if (error_.empty() && !cursor_.at_end()) fail_at("an operator");
        if (!error_.empty()) return Error{error_};
        return test;
    }

    Result<WordPointer> whole_text() {
        auto word = text_until(end_of_text);
        if (!error_.empty()) return Error{error_};
        return word;
    }

    bool asks_for_user() const { return asks_for_user_; }

  private:
    std::nullptr_t fail(std::string what) {
        if (error_.empty()) error_ = std::move(what);
        return nullptr;
    }
    std::nullptr_t fail_at(View expected) {
        if (cursor_.at_end())
            return fail(fmt::format("syntax error, {} is missing at the end", expected));
        return fail(fmt::format("syntax error at '{}', {} is expected here",
                                cursor_.rest().substr(0, 20), expected));
    }
    bool failed() const { return !error_.empty(); }

    bool take_word(View name) {
        cursor_.skip_spaces();
        if (cursor_.name() != name) return false;
        cursor_.take(name.size());
        return true;
    }
    bool take_sign(View sign) {
        cursor_.skip_spaces();
        return cursor_.take_if(sign);
    }

    TestPointer alternatives() {
        std::vector<TestPointer> tests;
        do tests.push_back(conjunction());
        while (!failed() && (take_sign("||") || take_word("or")));
        return any(std::move(tests));
    }

    TestPointer conjunction() {
        std::vector<TestPointer> tests;
        do tests.push_back(condition());
        while (!failed() && (take_sign("&&") || take_word("and")));
        return all(std::move(tests));
    }

    TestPointer condition() {
        if (++depth_ > deepest) return fail("the expression is nested too deep");
        auto test = simple_condition();
        --depth_;
        return test;
    }

    TestPointer simple_condition() {
        if (take_sign("!") || take_word("not")) return negation(condition());
        if (take_sign("(")) {
            auto inner = alternatives();
            if (!failed() && !take_sign(")")) fail_at("')'");
            return inner;
        }
        if (take_word("true")) return constant(true);
        if (take_word("false")) return constant(false);
        if (cursor_.peek() == '-' && cursor_.name(1).size() == 1) return unary_condition();
        auto left = word();
        return failed() ? nullptr : comparison(std::move(left));
    }

    TestPointer unary_condition() {
        const char name = cursor_.take(2)[1];
        const auto holds = find_unary_operator(name);
        if (!holds) return fail(fmt::format("Unary operator '-{}' does not exist", name));
        if (names_ == Names::harmless && looks_into_files(holds))
            return fail(fmt::format("-{} not available in restricted context", name));
        auto operand = word();
        if (takes_network(holds)) check_network(operand);
        return unary(holds, std::move(operand));
    }

    void check_network(const WordPointer& word) {
        const auto network = word ? word->constant() : std::nullopt;
        if (network && !net::AddressRange::parse(*network))
            fail("parsing of subnet/netmask failed");
    }

    // What follows the first word.
    TestPointer comparison(WordPointer left) {
        cursor_.skip_spaces();
        const bool has_hyphen = cursor_.peek() == '-';
        const auto name = cursor_.name(has_hyphen ? 1 : 0);
        if (!name.empty()) return named_comparison(std::move(left), name, has_hyphen);
        if (cursor_.take_if("=~")) return matching(std::move(left));
        if (cursor_.take_if("!~")) return negation(matching(std::move(left)));
        for (const View sign : {"==", "=", "!=", "<=", "<", ">=", ">"}) {
            if (!cursor_.take_if(sign)) continue;
            return binary(find_comparison(sign, comparisons_), std::move(left), word());
        }
        return fail_at("a comparison");
    }

    TestPointer named_comparison(WordPointer left, View name, bool has_hyphen) {
        BinaryOperator holds = find_comparison(name, comparisons_);
        if (!holds && name != "in") {
            if (!has_hyphen) return fail_at("a comparison");
            holds = find_binary_operator(name);
            if (!holds) return fail(fmt::format("Binary operator '-{}' does not exist", name));
        }
        cursor_.take(name.size() + (has_hyphen ? 1 : 0));
        if (!holds) return membership_in(std::move(left));
        auto right = word();
        if (takes_network(holds)) check_network(right);
        return binary(holds, std::move(left), std::move(right));
    }

    TestPointer membership_in(WordPointer left) {
        if (!take_sign("{")) return membership_in_function(std::move(left));
        std::vector<WordPointer> list;
        do list.push_back(word());
        while (!failed() && take_sign(","));
        if (!failed() && !take_sign("}")) return fail_at("',' or '}'");
        return membership(std::move(left), std::move(list));
    }

    TestPointer membership_in_function(WordPointer left) {
        const auto name = cursor_.name();
        if (name.empty()) return fail_at("'{' or a function");
        cursor_.take(name.size());
        const auto list = find_list_function(name, configuration_);
        if (!list) return fail(fmt::format("Function '{}' does not exist", name));
        return membership(std::move(left), list, argument());
    }

    // /pattern/, /pattern/i, m#pattern#: no character of a pattern can be its end.
    TestPointer matching(WordPointer left) {
        cursor_.skip_spaces();
        if (!cursor_.take_if("m") && cursor_.peek() != '/') return fail_at("a regular expression");
        const char end = cursor_.peek();
        if (View("/#$%^,;:_?!|.'\"-").find(end) == View::npos)
            return fail_at("a regular expression");
        cursor_.take(1);
        const auto length = cursor_.rest().find(end);
        if (length == View::npos) return fail("Unterminated regular expression");
        const auto pattern = cursor_.take(length);
        cursor_.take(1);
        const bool any_case = cursor_.take_if("i");
        auto regex =
            Regex::compile(pattern, any_case ? Regex::Case::ignored : Regex::Case::sensitive);
        if (!regex) return fail("Failed to compile regular expression");
        return match(std::move(left), std::move(*regex));
    }

    WordPointer word() {
        if (++depth_ > deepest) return fail("the expression is nested too deep");
        std::vector<WordPointer> parts;
        do parts.push_back(simple_word());
        while (!failed() && take_sign("."));
        --depth_;
        return failed() ? nullptr : concatenation(std::move(parts));
    }

    WordPointer simple_word() {
        cursor_.skip_spaces();
        const char first = cursor_.peek();
        if (first == '\'' || first == '"') {
            cursor_.take(1);
            return text_until(first);
        }
        if (cursor_.take_if("%{")) return braced();
        if (is_digit(first) || (first == '-' && is_digit(cursor_.peek(1)))) return digits();
        if (first == '$' && is_digit(cursor_.peek(1))) return group_reference();
        if (const auto name = cursor_.name(); !name.empty()) {
            cursor_.take(name.size());
            return function_call(name);
        }
        return fail_at("a word");
    }

    WordPointer digits() {
        std::size_t length = 1;
        while (is_digit(cursor_.peek(length))) ++length;
        return literal(std::string(cursor_.take(length)));
    }

    WordPointer group_reference() {
        return group(static_cast<std::size_t>(cursor_.take(2)[1] - '0'));
    }

    WordPointer function_call(View name) {
        auto inner = argument();
        if (failed()) return nullptr;
        const auto function = function_named(name);
        if (!function) return nullptr;
        return call(function, std::move(inner));
    }

    WordPointer argument() {
        if (!take_sign("(")) return fail_at("'('");
        auto inner = word();
        if (!failed() && !take_sign(")")) return fail_at("')'");
        return inner;
    }

    StringFunction function_named(View name) {
        const auto function = find_string_function(name, configuration_);
        if (!function) fail(fmt::format("Function '{}' does not exist", name));
        else if (names_ == Names::harmless && looks_into_files(function))
            fail(fmt::format("{} not available in restricted context", name));
        return failed() ? nullptr : function;
    }

    // Behind "%{".
    WordPointer braced() {
        const auto name = cursor_.name();
        cursor_.take(name.size());
        if (name.empty()) return fail_at("a variable");
        if (cursor_.take_if("}")) return named_variable(name);
        if (!cursor_.take_if(":")) return fail_at("'}' or ':'");
        const auto function = function_named(name);
        if (!function) return nullptr;
        if (cursor_.peek() == '}') return fail_at("an argument");
        if (++depth_ > deepest) return fail("the expression is nested too deep");
        auto inner = text_until('}');
        --depth_;
        return call(function, std::move(inner));
    }

    WordPointer named_variable(View name) {
        if (iequals(name, "REMOTE_USER")) asks_for_user_ = true;
        if (const auto field = field_of_variable(name); !field.empty()) return request_field(field);
        if (auto read = find_variable(name, configuration_)) return variable(std::move(read));
        return fail(fmt::format("Variable '{}' does not exist", name));
    }

    WordPointer text_until(char end) {
        std::vector<WordPointer> parts;
        std::string plain;
        const auto add = [&](WordPointer part) {
            if (!plain.empty()) parts.push_back(literal(std::exchange(plain, {})));
            parts.push_back(std::move(part));
        };
        while (!failed()) {
            if (cursor_.at_end()) {
                if (end != end_of_text) return fail("Unterminated string or variable");
                break;
            }
            const char next = cursor_.peek();
            if (end != end_of_text && next == end) {
                cursor_.take(1);
                break;
            }
            if (next == '\n' && end != end_of_text) return fail("Unterminated string or variable");
            if (next == '$' && is_digit(cursor_.peek(1))) add(group_reference());
            else if (cursor_.take_if("%{")) add(braced());
            else if (next == '\\') plain += escaped();
            else plain += cursor_.take(1);
        }
        if (failed()) return nullptr;
        if (!plain.empty() || parts.empty()) parts.push_back(literal(std::move(plain)));
        return concatenation(std::move(parts));
    }

    // \n, \101, \': one character.
    char escaped() {
        cursor_.take(1);
        if (is_digit(cursor_.peek())) return octal();
        constexpr View letters = "nrtbf", meanings = "\n\r\t\b\f";
        if (cursor_.at_end()) return '\\';
        const char c = cursor_.take(1).front();
        const auto place = letters.find(c);
        return place == View::npos ? c : meanings[place];
    }

    char octal() {
        int value = 0, count = 0;
        while (count < 3 && cursor_.peek() >= '0' && cursor_.peek() <= '7') {
            value = value * 8 + (cursor_.take(1).front() - '0');
            ++count;
        }
        if (count == 0 || is_digit(cursor_.peek())) fail("Bad escape sequence");
        if (value > 0xff) fail("Escape sequence out of bound");
        return static_cast<char>(value);
    }

    Cursor cursor_;
    const config::Configuration& configuration_;
    Comparisons comparisons_;
    Names names_;
    std::string error_;
    int depth_ = 0;
    bool asks_for_user_ = false;
};

} // namespace

Result<TestPointer> parse_condition(View text, const config::Configuration& configuration,
                                    Comparisons comparisons, bool& asks_for_user, Names names) {
    Parser parser(text, configuration, comparisons, names);
    auto test = parser.whole_condition();
    asks_for_user = parser.asks_for_user();
    return test;
}

Result<WordPointer> parse_text(View text, const config::Configuration& configuration,
                               bool& asks_for_user) {
    Parser parser(text, configuration, Comparisons::usual);
    auto word = parser.whole_text();
    asks_for_user = parser.asks_for_user();
    return word;
}

} // namespace preforkd::expression
