#include "modules/access/authorization.h"

#include "config/words.h"
#include "pipeline/expression/expression.h"

namespace preforkd {

namespace {

class KnownWords final : public Requirement {
  public:
    KnownWords(std::vector<std::string> words, CheckWords check)
        : words_(std::move(words)), check_(check) {}
    Authorization check(Request& request) const override { return check_(request, words_); }

  private:
    std::vector<std::string> words_;
    CheckWords check_;
};

class ExpressedWords final : public Requirement {
  public:
    ExpressedWords(Expression text, CheckWords check) : text_(std::move(text)), check_(check) {}
    Authorization check(Request& request) const override {
        return check_(request, config::split_words(text_.text_or_logs(request, "authz_core")));
    }

  private:
    Expression text_;
    CheckWords check_;
};

} // namespace

RequirementLine::RequirementLine(std::string_view line, const config::Configuration& known)
    : text(line), words(config::split_words(line)), configuration(known) {}

Result<std::unique_ptr<Requirement>> words_requirement(const RequirementLine& line,
                                                       CheckWords check) {
    if (line.text.find("%{") == std::string_view::npos)
        return std::unique_ptr<Requirement>(std::make_unique<KnownWords>(line.words, check));
    auto text = Expression::text(line.text, line.configuration);
    if (!text) return Error{"Cannot parse expression in require line: " + text.error().what};
    return std::unique_ptr<Requirement>(std::make_unique<ExpressedWords>(std::move(*text), check));
}

} // namespace preforkd
