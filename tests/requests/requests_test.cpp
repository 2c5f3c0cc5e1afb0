// Feeds every NAME.http to the request reader and compares with NAME.expect (see README.md).
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "base/text.h"
#include "http/request_reader.h"
#include "support/scripted_stream.h"

namespace preforkd {

namespace {

using testing::ScriptedStream;

struct Expectation {
    http::Limits limits;
    std::vector<std::string> outcomes;
};

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool set_limit(http::Limits& limits, const std::string& name, std::size_t value) {
    if (name == "unsafe") limits.unsafe = true;
    else if (name == "no-http-0.9") limits.allow_http_0_9 = false;
    else if (name == "request-line") limits.request_line = value;
    else if (name == "field-count") limits.field_count = value;
    else if (name == "field-size") limits.field_size = value;
    else return false;
    return true;
}

Expectation read_expectation(const std::filesystem::path& path) {
    Expectation expected;
    std::istringstream lines(text_of(path));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#')) continue;
        if (!line.starts_with("with ")) {
            expected.outcomes.push_back(line);
            continue;
        }
        std::istringstream words(line.substr(5));
        std::string name;
        std::size_t value = 0;
        words >> name >> value;
        EXPECT_TRUE(set_limit(expected.limits, name, value)) << path << ": " << line;
    }
    return expected;
}

// A long target as its beginning and its length.
std::string shown(std::string_view target) {
    if (target.size() <= 100) return std::string(target);
    return std::string(target.substr(0, 40)) + "..." + std::to_string(target.size());
}

// RFC 9112 §9.3, for the fields that the cases send.
bool keeps_alive(const http::RequestHead& head) {
    const auto wish = head.fields.value_or_empty(http::FieldId::connection);
    if (head.simple || iequals(wish, "close")) return false;
    return head.at_least(1, 1) || iequals(wish, "keep-alive");
}

// One connection, as the driver saw it.
class Conversation {
  public:
    Conversation(ScriptedStream& stream, const http::Limits& limits)
        : limits_(limits), reader_(stream) {
        while (hear_one()) {
        }
    }
    const std::vector<std::string>& outcomes() const { return outcomes_; }

  private:
    bool hear_one() {
        Arena arena;
        http::RequestHead head(arena);
        const auto received =
            reader_.read_head(head, limits_, Deadline::after(std::chrono::seconds(60)), patience_);
        if (const auto* none = std::get_if<http::NoRequest>(&received)) {
            if (none->code != 0) outcomes_.push_back("error " + std::to_string(none->code));
            return false;
        }
        if (const auto* malformed = std::get_if<http::MalformedRequest>(&received)) {
            outcomes_.push_back(std::to_string(malformed->status));
            EXPECT_FALSE(malformed->reason.empty());
            return false;
        }
        return note(head, arena);
    }

    bool note(http::RequestHead& head, Arena& arena) {
        const auto content = drain(head, arena);
        const bool goes_on = keeps_alive(head);
        std::string outcome = "ok " + std::string(head.method_name) + " " + shown(head.target) +
                              ", " + std::to_string(head.fields.size()) + " fields, content " +
                              content;
        const bool whole = is_digit(content.front());
        if (whole) outcome += std::string(", keep-alive ") + (goes_on ? "yes" : "no");
        outcomes_.push_back(outcome);
        return goes_on && whole;
    }

    std::string drain(http::RequestHead& head, Arena& arena) {
        if (!head.has_content()) return "0";
        auto& content = reader_.content(head, {.patience = patience_}, arena);
        std::size_t total = 0;
        std::array<char, 997> piece;
        while (true) {
            const auto count = content.read(piece);
            if (!count) {
                const int code = count.error().code;
                if (code == ENOSPC) return "too large";
                return code == EBADMSG ? "broken" : "error " + std::to_string(code);
            }
            if (*count == 0) break;
            total += *count;
        }
        EXPECT_TRUE(content.at_end());
        return std::to_string(total);
    }

    http::Limits limits_;
    http::ReadPatience patience_{.otherwise = std::chrono::seconds(60)};
    http::RequestReader reader_;
    std::vector<std::string> outcomes_;
};

class RawRequests : public ::testing::TestWithParam<std::string> {
  protected:
    std::filesystem::path file(const char* extension) const {
        return std::filesystem::path(REQUESTS_DIRECTORY) / (GetParam() + extension);
    }
};

std::vector<std::string> every_case() {
    std::vector<std::string> cases;
    for (const std::string folder : {"accepted", "refused"})
        for (const auto& entry : std::filesystem::directory_iterator(
                 std::filesystem::path(REQUESTS_DIRECTORY) / folder))
            if (entry.path().extension() == ".http")
                cases.push_back(folder + "/" + entry.path().stem().string());
    std::sort(cases.begin(), cases.end());
    return cases;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
    auto name = info.param;
    std::replace(name.begin(), name.end(), '/', '_');
    return name;
}

TEST_P(RawRequests, AreReadTheSameInOnePieceAndByteByByte) {
    const auto bytes = text_of(file(".http"));
    const auto expected = read_expectation(file(".expect"));
    ScriptedStream whole;
    if (!bytes.empty()) whole.say(bytes);
    EXPECT_EQ(Conversation(whole, expected.limits).outcomes(), expected.outcomes) << "in one piece";
    ScriptedStream trickle;
    trickle.say_byte_by_byte(bytes);
    EXPECT_EQ(Conversation(trickle, expected.limits).outcomes(), expected.outcomes)
        << "byte by byte";
}

INSTANTIATE_TEST_SUITE_P(, RawRequests, ::testing::ValuesIn(every_case()), test_name);

} // namespace

} // namespace preforkd
