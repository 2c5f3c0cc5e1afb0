// Filters of responses that a configuration names: SetOutputFilter DEFLATE.
#pragma once

#include "http/response_writer.h"
#include "pipeline/filter_list.h"

namespace preforkd {

// A sink that changes content and passes it on.
class FilterSink : public http::BodySink {
  public:
    // `next` outlives the response. To be said before any content.
    void pass_to(http::BodySink& next) { next_ = &next; }
    // Reads the file and writes it: a filter wants to see everything.
    Status send_file(int file, off_t offset, std::size_t length) override;
    Status flush() override { return next_->flush(); }

  protected:
    http::BodySink* next_ = nullptr;
};

// One filter, the same for every response. Never changes after the configuration is read.
class OutputFilter {
  public:
    explicit OutputFilter(FilterKind kind) : kind_(kind) {}
    virtual ~OutputFilter() = default;
    FilterKind kind() const { return kind_; }
    // Before the handler makes the content: may say what the handler needs to know.
    virtual void prepare(Request&) const {}
    // The head is about to be sent: may edit request.response. Answers the sink for this response,
    // which lives as long as the request, or nullptr where it has nothing to do.
    virtual FilterSink* begin(Request& request) const = 0;

  private:
    FilterKind kind_;
};

template <FilterSink* (*Begin)(Request&)>
class FilterOf final : public OutputFilter {
  public:
    using OutputFilter::OutputFilter;
    FilterSink* begin(Request& request) const override { return Begin(request); }
};

using NamedOutputFilters = std::vector<NamedFilter<OutputFilter>>;

// The sinks of a request's filters, each passing to the next.
struct FilterChain {
    FilterSink* first = nullptr; // nullptr: no filter has anything to do
    FilterSink* last = nullptr;  // to be told where to pass to
};

// Begins the filters in their order, so that each sees what those before it did to the head.
FilterChain begin_filters(Request& request);

} // namespace preforkd
