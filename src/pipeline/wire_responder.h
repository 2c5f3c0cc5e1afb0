// The Responder of a client's request: filters, ranges, framing, then the connection.
#pragma once

#include <string>
#include <vector>

#include "http/response_writer.h"
#include "pipeline/phases.h"
#include "pipeline/range_sink.h"
#include "pipeline/request.h"

namespace preforkd {

// One a connection, used for one request after another.
class WireResponder final : public Responder {
  public:
    WireResponder(http::ResponseWriter& writer, const Phases& phases)
        : filters_(phases.filter_response), late_(writer) {}

    http::BodySink& send(Request& request) override;
    bool has_sent_head() const override { return sent_ && late_.has_sent_head(); }

    // A head was sent, or will be with the first content: nothing else can be answered any more.
    bool has_sent() const { return sent_; }
    // Before the next request.
    void begin();

  private:
    // Sends the head when the first content comes, so that filters could still change it and short
    // content tells its length (Apache: ap_content_length_filter).
    class LateSink final : public http::BodySink {
      public:
        explicit LateSink(http::ResponseWriter& writer) : writer_(writer) {}
        void begin(Request& request);
        bool has_sent_head() const { return next_ != nullptr; }
        Status write(std::string_view bytes) override;
        Status send_file(int file, off_t offset, std::size_t length) override;
        Status flush() override;
        Status finish() override;

      private:
        void send_head();
        // In its place: a field of it would not be one field.
        void send_refusal(const http::Field& field);
        Status send_held();

        http::ResponseWriter& writer_;
        RangeSink range_;
        Request* request_ = nullptr;
        http::BodySink* next_ = nullptr; // once the head was sent
        bool drops_content_ = false;     // the response is another than was meant
        std::string held_;
    };

    const std::vector<http::BodySink* (*)(Request&, http::BodySink*)>& filters_;
    LateSink late_;
    bool sent_ = false;
};

} // namespace preforkd
