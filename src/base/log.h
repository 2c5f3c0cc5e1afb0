// The error log: Apache's levels and line format, carried by spdlog.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd::log {

enum class Level : unsigned char {
    emerg,
    alert,
    crit,
    error,
    warn,
    notice,
    info,
    debug,
    trace1,
    trace2,
    trace3,
    trace4,
    trace5,
    trace6,
    trace7,
    trace8,
};

std::string_view name_of(Level level);
// Accepts any letter case; nothing for an unknown name.
std::optional<Level> parse_level(std::string_view name);

// A notice is written whatever the LogLevel, as by Apache.
inline bool passes(Level level, Level wanted) { return level <= wanted || level == Level::notice; }

// How much to say: one level for everything, others for single modules (Apache: LogLevel).
struct Levels {
    Level everywhere = Level::warn;
    std::vector<std::pair<std::string, Level>> modules; // by name without "mod_"

    Level of(std::string_view module) const;
    bool wants(std::string_view module, Level level) const { return passes(level, of(module)); }
};

// One thing to say. `module` is the name without "mod_" ("core", "mpm_prefork").
struct Entry {
    std::string_view module;
    Level level = Level::error;
    std::string_view text;        // with its "AH00163: " in front, where Apache has one
    std::string_view client = {}; // "127.0.0.1:4711", where there is a client
    std::string_view referer = {};
    int code = 0; // errno, a Cause or of cause_of_lookup(): adds "(2)No such file or directory: "
};

// Reasons that the system has no number for, as Apache writes them.
enum Cause : int {
    cause_filter = -102, // what a client sends is wrong, or too much
    cause_unspecified = 20014,
    cause_above_root = 20023, // a relative name that climbs, or an absolute one
    cause_timeout = 70007,
    cause_incomplete = 70008,
    cause_end_of_file = 70014,
    cause_no_such_host = 670002, // from the resolver, as the next one
    cause_wrong_family = 670009,
};
// For what getaddrinfo() answered.
constexpr int cause_of_lookup(int failure) { return 670000 - failure; }
// What stands in the log for a code: "(2)No such file or directory".
std::string describe(int code);

// The line for `entry`, without its newline:
// [Sat Nov 21 00:23:10.502706 2026] [core:error] [pid 7:tid 7] (2)No such file…: [client …] text
// Control characters in the text are escaped, so that a client cannot forge a line.
std::string format(const Entry& entry);

// Where lines go: an open descriptor (a file, a pipe, a terminal) that the caller owns and that
// outlives the log. Each line is one write(2), so children can share a file.
class ErrorLog {
  public:
    // Asked when a descriptor that does not block has no room: whether to try again. Otherwise the
    // line is lost.
    using WhenFull = std::function<bool()>;
    explicit ErrorLog(int descriptor, WhenFull when_full = {});
    ~ErrorLog();
    ErrorLog(const ErrorLog&) = delete;
    ErrorLog& operator=(const ErrorLog&) = delete;

    // Writes whatever the level; whoever has the Levels at hand asks them first.
    void write(const Entry& entry);
    // A line in a form of its own, without a newline. As long as others may be.
    void write_line(Level level, std::string line);

  private:
    struct Sink;
    std::unique_ptr<Sink> sink_;
};

} // namespace preforkd::log
