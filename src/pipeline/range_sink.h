// Sends parts of a content instead of the whole (RFC 9110 §14).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/conditional.h"
#include "http/response_writer.h"
#include "pipeline/request.h"

namespace preforkd {

class RangeSink final : public http::BodySink {
  public:
    // Looks at the request's Range: answers whether parts are to be sent, and shapes the response
    // for them (206 or 416, Content-Range, the new length).
    bool begin(Request& request);
    void wrap(http::BodySink& next) { next_ = &next; }

    Status write(std::string_view bytes) override;
    Status send_file(int file, off_t offset, std::size_t length) override;
    Status flush() override { return {}; }
    Status finish() override;

  private:
    struct Part {
        http::ByteRange range;
        std::string_view heading; // of multipart/byteranges; empty for a single part
    };
    void shape_unsatisfiable(Request& request);
    void shape_single(Request& request, const http::ByteRange& range);
    void shape_multipart(Request& request, const std::vector<http::ByteRange>& ranges);
    Status send_parts(std::string_view content);

    http::BodySink* next_ = nullptr;
    std::uint64_t whole_ = 0; // length of the content that is pushed
    std::vector<Part> parts_;
    std::string_view end_;  // after the last part
    std::string_view page_; // sent instead of the content (416)
    std::string collected_; // content that came in pieces
};

} // namespace preforkd
