// The form of error log lines that an administrator chose (Apache: ErrorLogFormat).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "config/configuration.h"
#include "pipeline/request.h"

namespace preforkd {

// What a line is about. What is not there is nullptr.
struct LogScene {
    const log::Entry& entry;
    const config::Server& server;
    const Request* request = nullptr;
    const ConnectionFacts* connection = nullptr;
};

class ErrorLogFormat {
  public:
    // Of every line, or of one that comes once for a connection or a request, before any message.
    enum class Use : unsigned char { each_message, once };
    // Fails with Apache's words.
    static Result<ErrorLogFormat> compile(std::string_view text, Use use = Use::each_message);

    // Without a newline. Nothing where an item that the line cannot do without has nothing to say.
    std::optional<std::string> line_for(const LogScene& scene) const;

  private:
    // Appends what it has to say; nothing appended means that there is nothing.
    using Append = void (*)(std::string& line, const std::string& argument, const LogScene& scene);
    struct Item {
        Append append = nullptr; // nullptr: the argument is a text
        std::string argument = {};
        bool begins_field = false;   // a text between two fields, which may be empty
        bool needs_hyphen = false;   // %-…: where there is nothing
        bool is_needed = false;      // %+…: or no line
        unsigned least_severity = 0; // only for messages of that level or less severe ones
    };
    static Status check(const std::vector<Item>& items, Use use);
    class Parser;
    struct Letter;
    static const Letter letters[];
    std::vector<Item> items_;
};

// The IDs by which lines about the same connection, or the same request, can be told (%L). Chosen
// when they are first asked for.
std::string_view log_id_of(const ConnectionFacts& connection);
std::string_view log_id_of(const Request& request);

} // namespace preforkd
