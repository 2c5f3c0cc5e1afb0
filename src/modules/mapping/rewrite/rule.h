// One RewriteRule with the RewriteConds before it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/regex.h"
#include "modules/mapping/rewrite/template.h"
#include "pipeline/expression/expression.h"

namespace preforkd::rewrite {

struct Condition {
    enum class Test : unsigned char {
        pattern,
        expression, // whatever the input
        // Of a file or a URL.
        file,
        file_with_content,
        directory,
        link,
        executable,
        served_uri,
        served_file,
        // Of text: longer is greater, then byte by byte.
        greater,
        greater_or_equal,
        less,
        less_or_equal,
        equal,
        // Of numbers.
        number_equal,
        number_not_equal,
        number_less,
        number_less_or_equal,
        number_greater,
        number_greater_or_equal,
    };
    Template input;
    Test test = Test::pattern;
    std::optional<Regex> regex;
    std::optional<Expression> expression;
    std::string pattern; // as it was written, but for the !
    std::string operand; // what follows the operator
    bool negated = false;
    bool any_case = false;
    bool or_next = false;
    bool no_vary = false;
};

// [E=name:value]; [E=!name] takes one away.
struct VariableChange {
    Template name;
    Template value;
    bool removes = false;
};

// [CO=name:value:domain:minutes:path:secure:httponly:samesite], expanded before it is taken apart.
using Cookie = Template;

// What a rule does beside the path, where it matches. Few rules do.
struct Effects {
    std::vector<VariableChange> variables;
    std::vector<Cookie> cookies;
    std::optional<Template> forced_type, forced_handler;
};

struct Rule {
    std::string pattern; // as it was written, for the log
    std::optional<Regex> regex;
    Template output;
    std::string output_text; // as it was written
    std::vector<Condition> conditions;
    std::unique_ptr<Effects> effects;        // nothing where no flag asks for it
    std::unique_ptr<GroupEscaping> escaping; // the same
    int status = 302;                        // of a redirect, or what ends the request
    unsigned skip = 0;                       // [S=n]
    int most_rounds = 10000;                 // [N], with the first
    bool negated = false;
    bool any_case = false;
    bool no_substitution = false; // "-"
    bool ends_request = false;    // [F], [G], [R=404]: `status` is the answer
    bool redirects = false;       // [R]
    bool leads_away = false;      // a subrequest, where [R] does not count, to an end or a URL
    bool last = false;
    bool end = false;
    bool next_round = false;
    bool chained = false;
    bool passes_through = false;
    bool proxy = false;
    bool no_subrequests = false;
    bool no_escape = false;
    bool appends_query = false;        // [QSA]
    bool discards_query = false;       // [QSD]
    bool splits_at_last = false;       // [QSL]
    bool discards_path_info = false;   // [DPI]
    bool allows_question_mark = false; // [UnsafeAllow3F]
    bool leaves_document_root = false; // [UnsafePrefixStat]
};

// `line` is what follows the directive's name. Fails with Apache's sentences.
Result<Condition> parse_condition(std::string_view line,
                                  const config::Configuration& configuration);
Result<Rule> parse_rule(std::string_view line);

} // namespace preforkd::rewrite
