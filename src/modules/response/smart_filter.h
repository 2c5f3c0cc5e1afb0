// A filter of mod_filter: it is one of several others, chosen by what the response is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/expression/expression.h"
#include "pipeline/output_filter.h"

namespace preforkd {

// What follows for a response from being filtered, beside its content (FilterProtocol).
struct FilterEffects {
    bool changes_content = false; // what tells of the content tells no longer of it
    bool prevents_ranges = false;
    bool prevents_caching = false;
    bool not_for_proxied = false;    // another server's response stays as it is
    bool obeys_no_transform = false; // the same, where that server says so
};

class SmartFilter final : public OutputFilter {
  public:
    // A filter that does the work where the response is of one of the media types, or where the
    // condition holds. Types are compared as they are written, without parameters (as in Apache).
    struct Provider {
        std::string name;
        const OutputFilter* filter;
        std::vector<std::string> types;
        std::optional<Expression> condition; // in the place of the types
        FilterEffects effects = {};
    };

    explicit SmartFilter(std::string name, FilterKind kind = FilterKind::resource)
        : OutputFilter(kind), name_(std::move(name)) {}
    const std::string& name() const { return name_; }
    std::vector<Provider>& providers() { return providers_; }
    // Of all providers, beside what each says itself.
    FilterEffects& effects() { return effects_; }

    void prepare(Request& request) const override;
    // Does nothing to a response that is no success, but where filter-errordocs is set.
    FilterSink* begin(Request& request) const override;

  private:
    std::string name_;
    std::vector<Provider> providers_;
    FilterEffects effects_;
};

} // namespace preforkd
