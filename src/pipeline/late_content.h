// The beginning of content whose end is not known: where it is all there is, its length can be
// told, and filters see that it is short. What a script said of its length counts as long as it
// does not turn out to be wrong here.
#pragma once

#include <array>

#include "pipeline/request.h"

namespace preforkd {

// Sends the head when more content comes than is worth holding, or the end, or a flush.
class LateContent final : public http::BodySink {
  public:
    // As little as no filter compresses.
    static constexpr std::size_t short_content = 68;

    // `most`: no more is held, up to that; where it is 0 the first byte is waited for.
    LateContent(Request& request, Responder& responder, std::size_t most = short_content)
        : request_(request), responder_(responder), most_(most) {}

    Status write(std::string_view bytes) override;
    Status send_file(int file, off_t offset, std::size_t length) override;
    Status flush() override;
    Status finish() override;

  private:
    Status send_held();

    Request& request_;
    Responder& responder_;
    http::BodySink* sink_ = nullptr; // once the head is on its way
    const std::size_t most_;
    std::size_t size_ = 0; // of what is held
    std::array<char, short_content> held_;
};

} // namespace preforkd
