// A LogFormat, taken apart once at configuration time and rendered for each transaction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/fields.h"
#include "modules/connection/ssl/ssl_variables.h"
#include "modules/logging/line_buffer.h"
#include "modules/logging/log_time.h"
#include "modules/logging/transaction.h"

namespace preforkd::logging {

// One directive of a format ("%>s"), or the text between two.
struct LogItem {
    // `request` is the first or the last of the chain, as the item says.
    using Append = void (*)(LineBuffer&, const LogItem&, const Request& request, Transaction&);

    Append append = nullptr;
    std::string argument; // what stands in braces, or the text
    bool looks_at_first = false;
    // Statuses of the last request with which (or, `except`, without which) the item speaks.
    std::vector<int> statuses;
    bool except = false;
    http::FieldId field = http::FieldId::other;   // for %{…}i and %{…}o
    TimeFormat time = {};                         // for %t
    std::optional<ssl::SslVariable> ssl_variable; // for %{…}x and %{…}c

    bool speaks_of(int status) const;
};

class LogFormat {
  public:
    // Fails with Apache's words.
    static Result<LogFormat> compile(std::string_view format);

    // The whole line, with its newline.
    void render(LineBuffer& line, Transaction& transaction) const;

  private:
    std::vector<LogItem> items_;
};

// What stands for "%s", or for "^FB" behind the percent sign.
struct LogDirective {
    std::string_view name;
    LogItem::Append append;
    bool looks_at_first = false; // unless > says otherwise
    // Looks up what its argument names.
    void (*prepare)(LogItem&) = nullptr;
};
// nullptr for a name that there is not.
const LogDirective* find_log_directive(std::string_view name);

} // namespace preforkd::logging
