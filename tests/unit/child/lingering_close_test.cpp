#include "child/lingering_close.h"

#include <cerrno>
#include <deque>
#include <gtest/gtest.h>

namespace preforkd {

namespace {

// Answers reads from a script: bytes, an end (0) or an errno (negative).
class ScriptedStream final : public Stream {
  public:
    explicit ScriptedStream(std::deque<int> script) : script_(std::move(script)) {}
    Result<std::size_t> read(std::span<char>, Deadline deadline) override {
        EXPECT_TRUE(shut);
        EXPECT_LE(deadline.remaining(), std::chrono::seconds(2));
        if (script_.empty()) return Error{"", ETIMEDOUT};
        const int next = script_.front();
        script_.pop_front();
        if (next < 0) return Error{"", -next};
        return static_cast<std::size_t>(next);
    }
    using Stream::write;
    Status write(std::string_view, std::string_view, Duration, bool) override { return {}; }
    Status send_file(int, off_t&, std::size_t, Duration) override { return {}; }
    void shut_down_writing() override { shut = true; }

    std::size_t left() const { return script_.size(); }
    bool shut = false;

  private:
    std::deque<int> script_;
};

} // namespace

TEST(LingeringClose, ReadsUntilTheClientHasClosed) {
    ScriptedStream stream({100, 2048, 0, 5});
    linger(stream);
    EXPECT_EQ(stream.left(), 1u);
}

TEST(LingeringClose, IsNotCutShortByASignal) {
    ScriptedStream stream({-EINTR, 100, 0});
    linger(stream);
    EXPECT_EQ(stream.left(), 0u);
}

TEST(LingeringClose, EndsWithTheConnection) {
    ScriptedStream stream({-ECONNRESET, 1});
    linger(stream);
    EXPECT_EQ(stream.left(), 1u);
}

TEST(LingeringClose, EndsWhenTheClientIsSilent) {
    ScriptedStream stream({-ETIMEDOUT, 1});
    linger(stream);
    EXPECT_EQ(stream.left(), 1u);
}

} // namespace preforkd
