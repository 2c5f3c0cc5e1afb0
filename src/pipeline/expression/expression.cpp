#include "pipeline/expression/expression.h"

#include "pipeline/expression/parser.h"

namespace preforkd {

using expression::Scope;

namespace {

void log_failure(const Request& request, std::string_view module, const Error& error) {
    request.log(module, log::Level::error,
                request.arena.join({"Evaluation of expression failed: ", error.what}));
}

} // namespace

Result<Expression> Expression::condition(std::string_view text,
                                         const config::Configuration& configuration, Vary vary) {
    Expression made;
    auto test = expression::parse_condition(text, configuration, expression::Comparisons::usual,
                                            made.asks_for_user_);
    if (!test) return test.error();
    made.test_ = std::move(*test);
    made.vary_ = vary;
    return made;
}

Result<Expression> Expression::document_condition(std::string_view text,
                                                  const config::Configuration& configuration) {
    Expression made;
    auto test = expression::parse_condition(text, configuration, expression::Comparisons::usual,
                                            made.asks_for_user_, expression::Names::harmless);
    if (!test) return test.error();
    made.test_ = std::move(*test);
    made.vary_ = Vary::silent; // the head may be gone
    return made;
}

Result<Expression> Expression::ssl_requirement(std::string_view text,
                                               const config::Configuration& configuration) {
    Expression made;
    auto test = expression::parse_condition(text, configuration, expression::Comparisons::by_length,
                                            made.asks_for_user_);
    if (!test) return test.error();
    made.test_ = std::move(*test);
    made.vary_ = Vary::silent;
    return made;
}

Result<Expression> Expression::text(std::string_view text,
                                    const config::Configuration& configuration) {
    Expression made;
    auto word = expression::parse_text(text, configuration, made.asks_for_user_);
    if (!word) return word.error();
    made.word_ = std::move(*word);
    return made;
}

Result<bool> Expression::holds(Request& request) const {
    MatchGroups groups{};
    return holds(request, groups);
}

Result<bool> Expression::holds(Request& request, MatchGroups& groups) const {
    Scope scope{request, groups};
    const bool answer = test_->holds(scope);
    groups = scope.groups;
    if (!scope.error.empty()) return Error{std::move(scope.error)};
    if (vary_ == Vary::named && !scope.vary.empty())
        request.response.fields.add(http::FieldId::vary, scope.vary);
    return answer;
}

Result<std::string_view> Expression::text_for(Request& request) const {
    return text_for(request, MatchGroups{});
}

Result<std::string_view> Expression::text_for(Request& request, const MatchGroups& groups) const {
    Scope scope{request, groups};
    const auto text = word_->of(scope);
    if (!scope.error.empty()) return Error{std::move(scope.error)};
    return text;
}

bool Expression::holds_or_logs(Request& request, std::string_view module) const {
    const auto answer = holds(request);
    if (!answer) log_failure(request, module, answer.error());
    return answer && *answer;
}

std::string_view Expression::text_or_logs(Request& request, std::string_view module) const {
    const auto text = text_for(request);
    if (!text) log_failure(request, module, text.error());
    return text ? *text : std::string_view();
}

} // namespace preforkd
