#include "pipeline/output_filter.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "os/file.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

constexpr std::size_t read_at_a_time = 64 * 1024;

} // namespace

Status FilterSink::send_file(int file, off_t offset, std::size_t length) {
    std::array<char, read_at_a_time> content;
    while (length > 0) {
        const auto count = read_at(file, content.data(), std::min(length, content.size()), offset);
        if (!count) return count.error();
        if (*count == 0) return Error{"read: the file became shorter", EIO};
        if (auto written = write({content.data(), *count}); !written) return written;
        offset += static_cast<off_t>(*count);
        length -= *count;
    }
    return {};
}

FilterChain begin_filters(Request& request) {
    FilterChain chain;
    for (const OutputFilter* filter : request.output_filters) {
        FilterSink* sink = filter->begin(request);
        if (!sink) continue;
        if (chain.last) chain.last->pass_to(*sink);
        else chain.first = sink;
        chain.last = sink;
    }
    return chain;
}

} // namespace preforkd
