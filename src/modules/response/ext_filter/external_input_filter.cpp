// Content of requests through a program.
#include <cerrno>

#include "modules/response/ext_filter/external_filters.h"

namespace preforkd {

namespace {

// Lives in the request's arena, which destroys nothing.
class ProgramSource final : public http::BodySource {
  public:
    ProgramSource(Request& request, http::BodySource& content, const ExternalProgram& program)
        : request_(request), content_(content), description_(program),
          made_(request.arena.resource()) {}

    Result<std::size_t> read(std::span<char> into) override;
    bool at_end() const override {
        if (state_ == State::running) return false;
        return content_.at_end() && taken_ == made_.size();
    }
    bool has_more_at_hand() const override {
        return taken_ < made_.size() || content_.has_more_at_hand() ||
               (content_.at_end() && !at_end());
    }

  private:
    enum class State : unsigned char { not_begun, none, running, ended };

    Status begin();
    Status make_some();

    Request& request_;
    http::BodySource& content_;
    const ExternalProgram& description_;
    State state_ = State::not_begun;
    ScriptProgram* program_ = nullptr;
    std::pmr::string made_; // by the program
    std::size_t taken_ = 0; // of that
};

Status ProgramSource::begin() {
    const auto* type = request_.head.fields.find(http::FieldId::content_type);
    const bool is_wanted = description_.is_for(request_, type ? *type : std::string_view());
    if (is_wanted) program_ = description_.start(request_);
    if (is_wanted && !program_ && !ExternalProgram::may_be_missing(request_))
        return Error{"the filter's program cannot be started", EINVAL};
    state_ = program_ ? State::running : State::none;
    return {};
}

Status ProgramSource::make_some() {
    const ScriptProgram::Listener listener{.output = [this](std::string_view text) -> Status {
        made_.append(text);
        return {};
    }};
    char part[8192];
    const auto count =
        content_.at_end() ? Result<std::size_t>(std::size_t{0}) : content_.read(part);
    if (!count) return count.error();
    if (*count > 0) return program_->feed({part, *count}, listener);
    state_ = State::ended;
    return program_->finish(listener);
}

Result<std::size_t> ProgramSource::read(std::span<char> into) {
    if (state_ == State::not_begun)
        if (auto begun = begin(); !begun) return begun.error();
    if (state_ == State::none) return content_.read(into);
    if (taken_ == made_.size()) {
        made_.clear();
        taken_ = 0;
    }
    while (made_.empty() && state_ == State::running)
        if (auto made = make_some(); !made) return made.error();
    const auto count = made_.copy(into.data(), into.size(), taken_);
    taken_ += count;
    return count;
}

} // namespace

http::BodySource& ExternalInputFilter::begin(Request& request, http::BodySource& content) const {
    return *new (request.arena.bytes_for<ProgramSource>())
        ProgramSource(request, content, program_);
}

} // namespace preforkd
