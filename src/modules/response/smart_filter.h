// A filter of mod_filter: it is one of several others, chosen by what the response is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/expression/expression.h"
#include "pipeline/output_filter.h"

namespace preforkd {

class SmartFilter final : public OutputFilter {
  public:
    // A filter that does the work where the response is of one of the media types, or where the
    // condition holds. Types are compared as they are written, without parameters (as in Apache).
    struct Provider {
        std::string name;
        const OutputFilter* filter;
        std::vector<std::string> types;
        std::optional<Expression> condition; // in the place of the types
    };

    explicit SmartFilter(std::string name, FilterKind kind = FilterKind::resource)
        : OutputFilter(kind), name_(std::move(name)) {}
    const std::string& name() const { return name_; }
    std::vector<Provider>& providers() { return providers_; }

    void prepare(Request& request) const override;
    // Does nothing to a response that is no success, but where filter-errordocs is set.
    FilterSink* begin(Request& request) const override;

  private:
    std::string name_;
    std::vector<Provider> providers_;
};

} // namespace preforkd
