// What LogFormat and CustomLog said, and the logs that were opened for it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/configuration.h"
#include "config/settings.h"
#include "modules/logging/log_format.h"
#include "os/piped_program.h"
#include "os/unique_fd.h"
#include "pipeline/expression/expression.h"

namespace preforkd::logging {

// One CustomLog, GlobalLog or TransferLog.
struct AccessLog {
    struct Condition {
        std::string variable;                 // env=NAME: requests that have it…
        bool without_variable = false;        // …or, for env=!NAME, those that lack it
        std::optional<Expression> expression; // expr=: requests for which it holds

        bool holds(Request& first) const;
    };

    std::string target;                         // "logs/access.log" or "|program"
    std::optional<std::string> format;          // or its nickname; none for TransferLog
    std::unique_ptr<const Condition> condition; // few have one
    bool for_every_host = false;                // GlobalLog
    config::Place place;

    // Made when it is opened.
    std::shared_ptr<const LogFormat> compiled; // of `format`
    std::shared_ptr<UniqueFd> descriptor;      // of several logs, where they are one file
    std::size_t number = 0;                    // among all logs
};

struct AccessLogSettings {
    static constexpr config::Scope scope = config::Scope::server;
    // A host that has logs of its own shares only the global ones.
    void inherit_from(const AccessLogSettings& outer);

    std::vector<std::shared_ptr<AccessLog>> logs;
    // By nickname in lower case. A host that names none shares those of the main server.
    using Formats = std::map<std::string, std::string>;
    std::shared_ptr<const Formats> formats;
    const std::string* find_format(const std::string& nickname) const {
        if (!formats) return nullptr;
        const auto found = formats->find(nickname);
        return found == formats->end() ? nullptr : &found->second;
    }
    void name_format(const std::string& nickname, const std::string& format) {
        auto mine = formats ? *formats : Formats{};
        mine[nickname] = format;
        formats = std::make_shared<const Formats>(std::move(mine));
    }
    std::optional<std::string> usual_format; // LogFormat without a nickname, for TransferLog
    std::optional<bool> buffered;            // BufferedLogs; the main server's counts for all

    // Made when the logs are opened, for each server by itself.
    std::shared_ptr<const LogFormat> usual;
};

// Fails where a log's folder cannot be looked at.
Status check_log_folders(const config::Configuration& configuration);

// How many logs there are, once they are open.
std::size_t count_of_logs(const config::Configuration& configuration);

// Opens the logs of all servers, each once. Settings are merged anew.
Status open_access_logs(config::Configuration& configuration, LogPrograms& programs);

} // namespace preforkd::logging
