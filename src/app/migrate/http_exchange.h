// One GET and its whole answer, from a server of this machine.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "app/migrate/logged_requests.h"
#include "base/result.h"
#include "net/address.h"
#include "os/deadline.h"

namespace preforkd::migrate {

struct Answer {
    int status = 0;
    std::map<std::string, std::string> fields; // by name in lower case; several are joined
    std::string content;
};

// What came until the connection was closed. Fails for what is not HTTP/1.
Result<Answer> parse_answer(std::string_view response);

// `host` is what the field Host says.
Result<Answer> get(const net::Address& server, const std::string& host,
                   const LoggedRequest& request, Duration patience);

} // namespace preforkd::migrate
