// Opening access logs before the fork, with the rights of whoever started the server.
#include "base/text.h"
#include "config/merge_servers.h"
#include "modules/logging/log_settings.h"
#include "modules/logging/log_target.h"

namespace preforkd::logging {

namespace {

constexpr const char* common_format = "%h %l %u %t \"%r\" %>s %b";

// Opens logs one after the other. What many hosts say alike is there once: formats and files.
class Opener {
  public:
    Opener(const config::Configuration& configuration, LogPrograms& programs)
        : configuration_(configuration), programs_(programs) {}

    Status open_logs_of(config::Server& server) {
        const auto& settings = server.of<AccessLogSettings>();
        auto usual = format_for(settings, settings.usual_format.value_or(common_format));
        if (!usual) return usual.error();
        // A log that hosts inherit is open already when their turn comes.
        for (const auto& log : settings.logs)
            if (!log->descriptor)
                if (auto opened = open(*log, settings); !opened) return opened;
        server.server_settings.edit<AccessLogSettings>().usual = std::move(*usual);
        return {};
    }

  private:
    using Format = std::shared_ptr<const LogFormat>;

    // `text` may be a nickname; one that is none is a format itself.
    Result<Format> format_for(const AccessLogSettings& settings, const std::string& text) {
        const auto named = settings.find_format(lower(text));
        const std::string& format = named ? *named : text;
        Format& known = formats_[format];
        if (known) return known;
        auto compiled = LogFormat::compile(format);
        if (!compiled) return compiled.error();
        return known = std::make_shared<const LogFormat>(std::move(*compiled));
    }

    Status open(AccessLog& log, const AccessLogSettings& settings) {
        if (log.format) {
            auto format = format_for(settings, *log.format);
            if (!format) return format.error();
            log.compiled = std::move(*format);
        }
        auto descriptor = descriptor_for(log.target);
        if (!descriptor) return descriptor.error();
        log.descriptor = std::move(*descriptor);
        log.number = count_++;
        return {};
    }

    // Each log that is a program has one of its own, as in Apache.
    Result<std::shared_ptr<UniqueFd>> descriptor_for(const std::string& target) {
        const bool is_file = !target.starts_with('|');
        if (const auto known = files_.find(target); is_file && known != files_.end())
            return known->second;
        auto opened = open_log_target(target, configuration_, programs_);
        if (!opened) return opened.error();
        auto descriptor = std::make_shared<UniqueFd>(std::move(*opened));
        if (is_file) files_[target] = descriptor;
        return descriptor;
    }

    const config::Configuration& configuration_;
    LogPrograms& programs_;
    std::map<std::string, Format> formats_;
    std::map<std::string, std::shared_ptr<UniqueFd>> files_;
    std::size_t count_ = 0;
};

} // namespace

Status check_log_folders(const config::Configuration& configuration) {
    LogFolders folders;
    for (const auto& server : configuration.servers)
        for (const auto& log : server->of<AccessLogSettings>().logs)
            if (auto checked = check_log_folder(folders, log->target, log->place, configuration);
                !checked)
                return checked;
    return {};
}

std::size_t count_of_logs(const config::Configuration& configuration) {
    std::size_t count = 0;
    for (const auto& server : configuration.servers)
        for (const auto& log : server->of<AccessLogSettings>().logs)
            count = std::max(count, log->number + 1);
    return count;
}

Status open_access_logs(config::Configuration& configuration, LogPrograms& programs) {
    Opener opener(configuration, programs);
    for (auto& server : configuration.servers)
        if (auto opened = opener.open_logs_of(*server); !opened) return opened;
    config::merge_servers<AccessLogSettings>(configuration, config::Merging::for_good);
    return {};
}

} // namespace preforkd::logging
