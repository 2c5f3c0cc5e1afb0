// Content that is read to its end before anybody gets it, because its length has to be told.
#pragma once

#include <cstdint>

#include "http/request_reader.h"
#include "os/unique_fd.h"

namespace preforkd::proxy {

class SpooledContent final : public http::BodySource {
  public:
    // Takes all that is left of `content`; in a file, since it may be much. A failure to write has
    // the code EIO, others are those of the content.
    static Result<SpooledContent> take(http::BodySource& content);

    std::uint64_t size() const { return size_; }
    Result<std::size_t> read(std::span<char> into) override;
    bool at_end() const override { return taken_ == size_; }
    bool has_more_at_hand() const override { return !at_end(); }

  private:
    SpooledContent() = default;

    UniqueFd file_;
    std::uint64_t size_ = 0, taken_ = 0;
};

} // namespace preforkd::proxy
