// Filters of requests that a configuration names: SetInputFilter DEFLATE.
#pragma once

#include "http/request_reader.h"
#include "pipeline/filter_list.h"

namespace preforkd {

// One filter, the same for every request. Never changes after the configuration is read.
class InputFilter {
  public:
    explicit InputFilter(FilterKind kind) : kind_(kind) {}
    virtual ~InputFilter() = default;
    FilterKind kind() const { return kind_; }
    // The handler is about to be asked. Answers what it reads in place of `content`, which
    // outlives it; both live as long as the request. Whether there is anything to do is found out
    // at the first read: most handlers want no content.
    virtual http::BodySource& begin(Request& request, http::BodySource& content) const = 0;

  private:
    FilterKind kind_;
};

using NamedInputFilters = std::vector<NamedFilter<InputFilter>>;

// Puts the filters of a request around its content: the handler reads from the first, and the last
// from the client (Apache's order, the other way round than the manual says).
void begin_input_filters(Request& request);

} // namespace preforkd
