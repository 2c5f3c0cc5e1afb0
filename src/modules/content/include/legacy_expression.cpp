#include "modules/content/include/legacy_expression.h"

#include <fmt/format.h>

#include "base/regex.h"
#include "base/text.h"
#include "pipeline/subrequest.h"

namespace preforkd::ssi {

namespace {

using View = std::string_view;

constexpr int deepest = 100; // parentheses and negations inside each other

enum class Sign : unsigned char {
    end,
    open,
    close,
    negation,
    conjunction,
    alternative,
    equal,
    unequal,
    less,
    at_most,
    greater,
    at_least,
    access,
    text,
    regex,
};

struct Token {
    Sign sign = Sign::end;
    std::string text = {};
};

struct Spelling {
    View text;
    Sign sign;
};
constexpr Spelling spellings[] = {
    {"(", Sign::open},     {")", Sign::close},        {"==", Sign::equal},
    {"=", Sign::equal},    {"!=", Sign::unequal},     {"!", Sign::negation},
    {"<=", Sign::at_most}, {"<", Sign::less},         {">=", Sign::at_least},
    {">", Sign::greater},  {"&&", Sign::conjunction}, {"||", Sign::alternative},
};

class Tokens {
  public:
    explicit Tokens(View text) : rest_(text) { advance(); }
    const Token& now() const { return now_; }
    void advance() { now_ = read(); }

  private:
    Token read() {
        while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
        if (rest_.empty()) return {};
        for (const auto& spelling : spellings)
            if (rest_.starts_with(spelling.text)) {
                rest_.remove_prefix(spelling.text.size());
                return {spelling.sign};
            }
        if (rest_.starts_with("-A") && (rest_.size() == 2 || is_space(rest_[2]))) {
            rest_.remove_prefix(2);
            return {Sign::access};
        }
        const bool is_path = now_.sign == Sign::access;
        if (rest_.front() == '\'' || (rest_.front() == '/' && !is_path))
            return read_quoted(rest_.front());
        return read_bare();
    }

    // Without its delimiters. A backslash takes the meaning of what follows it away; in a regular
    // expression that is the delimiter's alone.
    Token read_quoted(char delimiter) {
        Token token{delimiter == '/' ? Sign::regex : Sign::text};
        rest_.remove_prefix(1);
        while (!rest_.empty() && rest_.front() != delimiter) {
            const bool escapes = rest_.front() == '\\' && rest_.size() > 1;
            if (escapes && (delimiter != '/' || rest_[1] == delimiter)) rest_.remove_prefix(1);
            token.text += rest_.front();
            rest_.remove_prefix(1);
        }
        if (!rest_.empty()) rest_.remove_prefix(1);
        return token;
    }

    bool ends_bare() const {
        if (is_space(rest_.front()) || View("()=!<>").find(rest_.front()) != View::npos)
            return true;
        return rest_.starts_with("&&") || rest_.starts_with("||");
    }

    Token read_bare() {
        Token token{Sign::text};
        do {
            if (rest_.starts_with("\\") && rest_.size() > 1 && rest_[1] != '$')
                rest_.remove_prefix(1);
            token.text += rest_.front();
            rest_.remove_prefix(1);
        } while (!rest_.empty() && !ends_bare());
        return token;
    }

    View rest_;
    Token now_;
};

// Evaluates while it reads, so that every regular expression leaves its groups.
class Evaluation {
  public:
    Evaluation(Document& document, View text) : document_(document), text_(text), tokens_(text) {}

    Result<bool> whole() {
        const bool holds = tokens_.now().sign != Sign::end && conditions();
        if (tokens_.now().sign == Sign::close)
            fail(fmt::format("AH03189: Unmatched ')' in \"{}\" in file {}", text_, file()));
        else if (tokens_.now().sign != Sign::end) fail_at("AH03188");
        if (!error_.empty()) return Error{error_};
        return holds;
    }

  private:
    View file() const { return document_.request.filename; }
    void fail(std::string what) {
        if (error_.empty()) error_ = std::move(what);
    }
    void fail_at(View number) {
        fail(fmt::format("{}: Invalid expression \"{}\" in file {}", number, text_, file()));
    }
    bool take(Sign sign) {
        if (tokens_.now().sign != sign) return false;
        tokens_.advance();
        return true;
    }

    // && and || bind equally, and the last one first.
    bool conditions() {
        const bool holds = condition();
        if (take(Sign::conjunction)) return conditions() && holds;
        if (take(Sign::alternative)) return conditions() || holds;
        return holds;
    }

    bool condition() {
        if (take(Sign::negation)) return !operand();
        if (tokens_.now().sign == Sign::open || tokens_.now().sign == Sign::access)
            return operand();
        return comparison();
    }

    // What a negation is about: it binds more tightly than a comparison.
    bool operand() {
        if (++depth_ > deepest) fail_at("AH03188");
        const bool holds = error_.empty() && simple_operand();
        --depth_;
        return holds;
    }

    bool simple_operand() {
        if (take(Sign::negation)) return !operand();
        if (take(Sign::open)) {
            const bool holds = tokens_.now().sign != Sign::end && conditions();
            if (error_.empty() && !take(Sign::close))
                fail(fmt::format("AH03191: Unmatched '(' in \"{}\" in file {}", text_, file()));
            return holds;
        }
        if (take(Sign::access)) return may_be_accessed();
        if (tokens_.now().sign == Sign::text) return !words().empty();
        fail_at("AH03188");
        return false;
    }

    bool may_be_accessed() {
        if (tokens_.now().sign != Sign::text) {
            fail(fmt::format("AH01335: Invalid expression \"{}\" in file {}: Token '-A' must be "
                             "followed by a URI string.",
                             text_, file()));
            return false;
        }
        return look_up_uri(document_.request, words()).response.status == 200;
    }

    // Several in a row are joined by blanks.
    std::string words() {
        std::string joined;
        while (tokens_.now().sign == Sign::text) {
            if (!joined.empty()) joined += ' ';
            joined += tokens_.now().text;
            tokens_.advance();
        }
        return document_.expand(joined);
    }

    bool comparison() {
        if (tokens_.now().sign != Sign::text) {
            fail_at("AH03188");
            return false;
        }
        const auto left = words();
        const Sign sign = tokens_.now().sign;
        if (sign < Sign::equal || sign > Sign::at_least) return !left.empty();
        tokens_.advance();
        if (tokens_.now().sign == Sign::regex) return matches(left, sign);
        if (tokens_.now().sign != Sign::text) {
            fail_at("AH01332");
            return false;
        }
        return compares(left.compare(words()), sign);
    }

    static bool compares(int order, Sign sign) {
        switch (sign) {
        case Sign::equal: return order == 0;
        case Sign::unequal: return order != 0;
        case Sign::less: return order < 0;
        case Sign::at_most: return order <= 0;
        case Sign::greater: return order > 0;
        default: return order >= 0;
        }
    }

    bool matches(const std::string& left, Sign sign) {
        const auto pattern = document_.expand(tokens_.now().text);
        tokens_.advance();
        if (sign != Sign::equal && sign != Sign::unequal) {
            fail(fmt::format("AH03190: No operator before regex in expr \"{}\" in file {}", text_,
                             file()));
            return false;
        }
        const auto regex = Regex::compile(pattern);
        if (!regex) {
            fail(fmt::format("AH02667: unable to compile pattern \"{}\"", pattern));
            return false;
        }
        MatchGroups groups{};
        const bool found = regex->match(document_.request.arena.copy(left), groups);
        if (found) document_.groups = groups;
        return found == (sign == Sign::equal);
    }

    Document& document_;
    View text_;
    Tokens tokens_;
    std::string error_;
    int depth_ = 0;
};

} // namespace

Result<bool> legacy_condition_holds(Document& document, View text) {
    return Evaluation(document, text).whole();
}

} // namespace preforkd::ssi
