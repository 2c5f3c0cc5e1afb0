// Responses through a program.
#include <cerrno>

#include "modules/response/ext_filter/external_filters.h"

namespace preforkd {

namespace {

// Lives in the request's arena, which destroys nothing.
class ProgramSink final : public FilterSink {
  public:
    ProgramSink(Request& request, ScriptProgram& program) : request_(request), program_(program) {}
    Status write(std::string_view bytes) override { return checked(program_.feed(bytes, taker())); }
    // Only the program knows what it has to say by now.
    Status flush() override { return {}; }
    Status finish() override {
        if (auto taken = checked(program_.finish(taker())); !taken) return taken;
        return next_->finish();
    }

  private:
    ScriptProgram::Listener taker() {
        return {.output = [this](std::string_view text) { return next_->write(text); }};
    }
    Status checked(Status outcome) {
        if (!outcome) request_.response.filter_failed = true;
        return outcome;
    }

    Request& request_;
    ScriptProgram& program_;
};

// In the place of a program that could not be started.
class FailedSink final : public FilterSink {
  public:
    explicit FailedSink(Request& request) : request_(request) {}
    Status write(std::string_view) override { return fail(); }
    Status finish() override { return fail(); }

  private:
    Status fail() {
        request_.response.filter_failed = true;
        return Error{"the filter's program cannot be started", EINVAL};
    }
    Request& request_;
};

} // namespace

FilterSink* ExternalOutputFilter::begin(Request& request) const {
    if (!program_.is_for(request, request.response.content_type)) return nullptr;
    auto* program = program_.start(request);
    if (!program)
        return ExternalProgram::may_be_missing(request)
                   ? nullptr
                   : new (request.arena.bytes_for<FailedSink>()) FailedSink(request);
    const auto& definition = program_.definition();
    if (!definition.output_type.empty()) {
        request.response.content_type = definition.output_type;
        request.response.charset = {};
    }
    if (!definition.keeps_length) withdraw_length(request.response);
    return new (request.arena.bytes_for<ProgramSink>()) ProgramSink(request, *program);
}

} // namespace preforkd
