// Filters of responses that a configuration names: SetOutputFilter DEFLATE.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/response_writer.h"

namespace preforkd {

class Request;

// Which filters see a response first: those of the lower kind (Apache: ap_filter_type).
enum class FilterKind : unsigned char {
    resource,    // changes what the content says
    content_set, // changes how it is coded
    protocol,    // changes how it is sent; these and the next are Apache's, for FilterDeclare
    transcode,
    connection,
    network,
};

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

// What a directive named. `filter` is nullptr where no enabled module has one of that name.
struct NamedFilter {
    std::string name;
    const OutputFilter* filter = nullptr;
};
using NamedFilters = std::vector<NamedFilter>;

// Puts `filter` behind those of its kind that the request has.
void insert_filter(Request& request, const OutputFilter& filter);
// The same for each that exists; the log tells of the others.
void insert_filters(Request& request, const NamedFilters& filters);

// The sinks of a request's filters, each passing to the next.
struct FilterChain {
    FilterSink* first = nullptr; // nullptr: no filter has anything to do
    FilterSink* last = nullptr;  // to be told where to pass to
};

// Begins the filters in their order, so that each sees what those before it did to the head.
FilterChain begin_filters(Request& request);

} // namespace preforkd
