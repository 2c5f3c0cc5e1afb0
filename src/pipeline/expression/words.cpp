#include "pipeline/expression/words.h"

namespace preforkd::expression {

namespace {

class Literal final : public Word {
  public:
    explicit Literal(std::string text) : text_(std::move(text)) {}
    std::string_view of(Scope&) const override { return text_; }
    std::optional<std::string_view> constant() const override { return text_; }

  private:
    std::string text_;
};

class Group final : public Word {
  public:
    explicit Group(std::size_t number) : number_(number) {}
    std::string_view of(Scope& scope) const override { return scope.groups[number_]; }

  private:
    std::size_t number_;
};

class Concatenation final : public Word {
  public:
    explicit Concatenation(std::vector<WordPointer> parts) : parts_(std::move(parts)) {}
    std::string_view of(Scope& scope) const override {
        std::pmr::string whole(scope.request.arena.resource());
        for (const auto& part : parts_) whole += part->of(scope);
        return scope.request.arena.copy(whole);
    }

  private:
    std::vector<WordPointer> parts_;
};

class VariableWord final : public Word {
  public:
    explicit VariableWord(std::function<std::string_view(const Request&)> read)
        : read_(std::move(read)) {}
    std::string_view of(Scope& scope) const override { return read_(scope.request); }

  private:
    std::function<std::string_view(const Request&)> read_;
};

class RequestField final : public Word {
  public:
    explicit RequestField(std::string_view name) : name_(name) {}
    std::string_view of(Scope& scope) const override {
        scope.note_field(name_);
        return scope.request.head.fields.combined(name_, scope.request.arena);
    }

  private:
    std::string_view name_;
};

class Call final : public Word {
  public:
    Call(StringFunction function, WordPointer argument)
        : function_(function), argument_(std::move(argument)) {}
    std::string_view of(Scope& scope) const override {
        return function_(argument_->of(scope), scope);
    }

  private:
    StringFunction function_;
    WordPointer argument_;
};

} // namespace

void Scope::note_field(std::string_view name) {
    // Which host is asked for is part of the URI, and so of every cache's key.
    if (http::identify_field(name) == http::FieldId::host) return;
    vary = vary.empty() ? name : request.arena.join({vary, ", ", name});
}

WordPointer literal(std::string text) { return std::make_unique<Literal>(std::move(text)); }

WordPointer group(std::size_t number) { return std::make_unique<Group>(number); }

WordPointer concatenation(std::vector<WordPointer> parts) {
    if (parts.empty()) return literal({});
    if (parts.size() == 1) return std::move(parts.front());
    return std::make_unique<Concatenation>(std::move(parts));
}

WordPointer variable(std::function<std::string_view(const Request&)> read) {
    return std::make_unique<VariableWord>(std::move(read));
}

WordPointer request_field(std::string_view name) { return std::make_unique<RequestField>(name); }

WordPointer call(StringFunction function, WordPointer argument) {
    return std::make_unique<Call>(function, std::move(argument));
}

} // namespace preforkd::expression
