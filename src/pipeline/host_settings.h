// What makes one host unlike another. modules/server/core fills it. Apart from the rest that the
// core directives say of servers: of a thousand hosts each says this, and few say more.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "config/settings.h"
#include "os/pipe_room.h"
#include "os/unique_fd.h"

namespace preforkd {

// The open log of one server.
struct OpenErrorLog {
    UniqueFd descriptor; // for standard error, which programs inherit
    UniqueFd own;        // the same pipe, but not blocking; nothing where it is no pipe
    log::ErrorLog log;
    explicit OpenErrorLog(UniqueFd fd, UniqueFd not_blocking = {})
        : descriptor(std::move(fd)), own(std::move(not_blocking)),
          log(own ? own.get() : descriptor.get(), PipeRoom(own.get())) {}
};

struct HostSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const HostSettings& outer);

    std::optional<std::string> document_root; // absolute; a last slash stays
    std::optional<std::string> admin;         // ServerAdmin
    std::optional<std::string> error_log;     // "logs/error_log", "|program", "syslog"
    // Opened by control/ before the fork; shared by servers with the same ErrorLog.
    std::shared_ptr<OpenErrorLog> open_log;
};

} // namespace preforkd
