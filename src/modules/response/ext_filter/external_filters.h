// External programs as filters of responses and of requests.
#pragma once

#include "modules/response/ext_filter/external_program.h"
#include "modules/response/input_filters.h"
#include "modules/response/output_filters.h"

namespace preforkd {

class ExternalOutputFilter final : public OutputFilter {
  public:
    explicit ExternalOutputFilter(const ExternalProgram& program)
        : OutputFilter(program.kind()), program_(program) {}
    FilterSink* begin(Request& request) const override;

  private:
    const ExternalProgram& program_;
};

class ExternalInputFilter final : public InputFilter {
  public:
    explicit ExternalInputFilter(const ExternalProgram& program)
        : InputFilter(program.kind()), program_(program) {}
    http::BodySource& begin(Request& request, http::BodySource& content) const override;

  private:
    const ExternalProgram& program_;
};

// What one ExtFilterDefine makes: a filter of the one kind or of the other.
class ExternalFilter {
  public:
    explicit ExternalFilter(ExternalDefinition definition)
        : program_(std::move(definition)), output_(program_),
          input_(program_), output_registration_{name(), &output_}, input_registration_{name(),
                                                                                        &input_} {}
    ExternalFilter(const ExternalFilter&) = delete;
    const std::string& name() const { return program_.definition().name; }
    // nullptr where it is of the other kind.
    const OutputFilterRegistration* output() const {
        return program_.definition().is_for_requests ? nullptr : &output_registration_;
    }
    const InputFilterRegistration* input() const {
        return program_.definition().is_for_requests ? &input_registration_ : nullptr;
    }

  private:
    ExternalProgram program_;
    ExternalOutputFilter output_;
    ExternalInputFilter input_;
    OutputFilterRegistration output_registration_;
    InputFilterRegistration input_registration_;
};

} // namespace preforkd
