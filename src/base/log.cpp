#include "base/log.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <netdb.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/sink.h>
#include <unistd.h>

#include "base/log_text.h"
#include "base/text.h"

namespace preforkd::log {

namespace {

constexpr std::array<std::string_view, 16> level_names{
    "emerg",  "alert",  "crit",   "error",  "warn",   "notice", "info",   "debug",
    "trace1", "trace2", "trace3", "trace4", "trace5", "trace6", "trace7", "trace8"};

// Apache cuts a line there (MAX_STRING_LEN).
constexpr std::size_t longest_line = 8191;

spdlog::level::level_enum spdlog_level(Level level) {
    if (level <= Level::crit) return spdlog::level::critical;
    if (level == Level::error) return spdlog::level::err;
    if (level == Level::warn) return spdlog::level::warn;
    if (level <= Level::info) return spdlog::level::info;
    return level == Level::debug ? spdlog::level::debug : spdlog::level::trace;
}

// "[Sat Nov 21 00:23:10.502706 2026] "
void append_time(std::string& line) {
    using namespace std::chrono;
    const auto now = system_clock::now().time_since_epoch();
    const std::time_t second = duration_cast<seconds>(now).count();
    const auto fraction = duration_cast<microseconds>(now - seconds(second)).count();
    std::tm local{};
    ::localtime_r(&second, &local);
    char day[32], year[8];
    line.append(day, std::strftime(day, sizeof day, "[%a %b %d %H:%M:%S", &local));
    line.append(year, std::strftime(year, sizeof year, "%Y", &local));
    line.insert(line.size() - 4, fmt::format(".{:06} ", fraction));
    line += "] ";
}

void append_origin(std::string& line, const Entry& entry) {
    const auto pid = ::getpid();
    fmt::format_to(std::back_inserter(line), "[{}:{}] [pid {}:tid {}] ",
                   entry.module.empty() ? std::string_view("-") : entry.module,
                   name_of(entry.level), pid, pid);
    if (entry.code != 0) line.append(describe(entry.code)).append(": ");
    if (!entry.client.empty())
        fmt::format_to(std::back_inserter(line), "[client {}] ", entry.client);
}

std::string_view without_last_newlines(std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    return text;
}

} // namespace

std::string_view name_of(Level level) { return level_names[static_cast<std::size_t>(level)]; }

std::optional<Level> parse_level(std::string_view name) {
    for (std::size_t i = 0; i < level_names.size(); ++i)
        if (iequals(name, level_names[i])) return static_cast<Level>(i);
    return {};
}

Level Levels::of(std::string_view module) const {
    for (const auto& [name, level] : modules)
        if (name == module) return level;
    return everywhere;
}

namespace {

std::string_view words_for(int code) {
    switch (code) {
    case cause_unspecified: return "Internal error (specific information not available)";
    case cause_above_root: return "The given path was above the root path";
    case cause_timeout: return "The timeout specified has expired";
    case cause_incomplete: return "Partial results are valid but processing is incomplete";
    case cause_end_of_file: return "End of file found";
    default: return std::strerror(code);
    }
}

} // namespace

std::string describe(int code) {
    const int lookup = code - cause_of_lookup(0);
    if (lookup > 0) return fmt::format("(EAI {}){}", lookup, ::gai_strerror(-lookup));
    return fmt::format("({}){}", code, words_for(code));
}

std::string format(const Entry& entry) {
    std::string line;
    line.reserve(entry.text.size() + 128);
    append_time(line);
    append_origin(line, entry);
    append_escaped(line, without_last_newlines(entry.text));
    if (!entry.referer.empty()) {
        line += ", referer: ";
        append_escaped(line, entry.referer);
    }
    return line;
}

// Takes finished lines from spdlog and writes each with one call, so that the lines of several
// processes never mix.
struct ErrorLog::Sink {
    class Writer final : public spdlog::sinks::sink {
      public:
        Writer(int descriptor, WhenFull when_full)
            : descriptor_(descriptor), when_full_(std::move(when_full)) {}
        void log(const spdlog::details::log_msg& message) override {
            const char* bytes = message.payload.data();
            const auto size = message.payload.size();
            // Whom could one tell that the error log cannot be written?
            while (::write(descriptor_, bytes, size) < 0)
                if (errno != EINTR && !(errno == EAGAIN && when_full_ && when_full_())) return;
        }
        void flush() override {}
        void set_pattern(const std::string&) override {}
        void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

      private:
        int descriptor_;
        WhenFull when_full_;
    };

    Sink(int descriptor, WhenFull when_full)
        : logger("error_log", std::make_shared<Writer>(descriptor, std::move(when_full))) {
        logger.set_level(spdlog::level::trace);
    }
    spdlog::logger logger;
};

ErrorLog::ErrorLog(int descriptor, WhenFull when_full)
    : sink_(std::make_unique<Sink>(descriptor, std::move(when_full))) {}
ErrorLog::~ErrorLog() = default;

void ErrorLog::write_line(Level level, std::string line) {
    if (line.size() > longest_line) line.resize(longest_line);
    line += '\n';
    sink_->logger.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

void ErrorLog::write(const Entry& entry) { write_line(entry.level, format(entry)); }

} // namespace preforkd::log
