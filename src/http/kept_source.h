// Content that was taken from the connection already.
#pragma once

#include <string_view>

#include "http/request_reader.h"

namespace preforkd::http {

class KeptSource final : public BodySource {
  public:
    explicit KeptSource(std::string_view kept) : left_(kept) {}

    Result<std::size_t> read(std::span<char> into) override {
        const auto count = left_.copy(into.data(), into.size());
        left_.remove_prefix(count);
        return count;
    }
    bool at_end() const override { return left_.empty(); }
    bool has_more_at_hand() const override { return !left_.empty(); }

  private:
    std::string_view left_;
};

} // namespace preforkd::http
