// key=value of ProxyPass, ProxySet, BalancerMember and <Proxy>.
#include <array>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/proxy/worker.h"
#include "modules/server/arguments.h"

namespace preforkd::proxy {

namespace {

constexpr Duration millisecond = std::chrono::milliseconds(1);

// At least a millisecond.
Result<Duration> short_duration(const std::string& value, std::string_view malformed,
                                std::string_view too_short) {
    const auto duration = parse_duration(value);
    if (!duration) return Error{std::string(malformed)};
    if (*duration < millisecond) return Error{std::string(too_short)};
    return *duration;
}

Status set_timeout(Worker& worker, const std::string& value) {
    const int seconds = leading_integer(value);
    if (seconds < 1) return Error{"Timeout must be at least one second"};
    worker.timeout = std::chrono::seconds(seconds);
    return {};
}

Status set_connection_timeout(Worker& worker, const std::string& value) {
    const auto duration = short_duration(value, "Connectiontimeout has wrong format",
                                         "Connectiontimeout must be at least one millisecond.");
    if (!duration) return duration.error();
    worker.connection_timeout = *duration;
    return {};
}

Status check_ping(Worker&, const std::string& value) {
    const auto duration = short_duration(value, "Ping/Pong timeout has wrong format",
                                         "Ping/Pong timeout must be at least one millisecond");
    return duration ? Status() : duration.error();
}

// AJP's, which nothing here speaks.
Status check_secret(Worker&, const std::string&) { return {}; }

Status set_time_to_live(Worker& worker, const std::string& value) {
    const int seconds = leading_integer(value);
    if (seconds < 1) return Error{"TTL must be at least one second"};
    worker.time_to_live = std::chrono::seconds(seconds);
    return {};
}

Result<bool> flag(std::string_view name, std::string_view value) {
    const auto on = parse_on_off(value);
    if (!on) return Error{fmt::format("{} must be On|Off", name)};
    return *on;
}

Status set_keep_alive(Worker& worker, const std::string& value) {
    const auto on = flag("KeepAlive", value);
    if (!on) return on.error();
    worker.keep_alive = *on;
    return {};
}

Status set_disable_reuse(Worker& worker, const std::string& value) {
    const auto on = flag("DisableReuse", value);
    if (!on) return on.error();
    worker.disables_reuse = *on;
    return {};
}

Status set_enable_reuse(Worker& worker, const std::string& value) {
    const auto on = flag("EnableReuse", value);
    if (!on) return on.error();
    worker.disables_reuse = !*on;
    return {};
}

Status set_flushing(Worker& worker, const std::string& value) {
    if (iequals(value, "auto")) worker.flushes.reset();
    else if (const auto on = parse_on_off(value)) worker.flushes = *on;
    else return Error{"flushpackets must be on|off|auto"};
    return {};
}

Status check_flush_wait(Worker&, const std::string& value) {
    const int wait = leading_integer(value);
    if (wait < 0 || wait > 1000)
        return Error{"flushwait must be <= 1000, or 0 for system default of 10 millseconds."};
    return {};
}

Status set_receive_buffer(Worker& worker, const std::string& value) {
    const int size = leading_integer(value);
    if (size < 512 && size != 0)
        return Error{"ReceiveBufferSize must be >= 512 bytes, or 0 for system default."};
    worker.receive_buffer = size;
    return {};
}

Status check_io_buffer(Worker&, const std::string& value) {
    const int size = leading_integer(value);
    if (size < 512 && size != 0)
        return Error{"IOBufferSize must be >= 512 bytes, or 0 for system default."};
    return {};
}

Status check_field_size(Worker&, const std::string& value) {
    if (leading_integer(value) >= 0) return {};
    return Error{"ResponseFieldSize must be greater than 0 bytes, or 0 for system default."};
}

Status check_address_life(Worker&, const std::string& value) {
    if (leading_integer(value) >= -1) return {};
    return Error{"AddressTTL must be -1 or a number of seconds not exceeding (2147483647)"};
}

// How many connections a process may keep: a child never needs more than one.
Status check_most(Worker&, const std::string& value) {
    return leading_integer(value) < 0 ? Status(Error{"Max must be a positive number"}) : Status();
}
Status check_least(Worker&, const std::string& value) {
    return leading_integer(value) < 0 ? Status(Error{"Min must be a positive number"}) : Status();
}
Status check_soft_most(Worker&, const std::string& value) {
    return leading_integer(value) < 0 ? Status(Error{"Smax must be a positive number"}) : Status();
}

Status check_acquire(Worker&, const std::string& value) {
    const auto duration = short_duration(value, "Acquire timeout has wrong format",
                                         "Acquire must be at least one millisecond");
    return duration ? Status() : duration.error();
}

Status set_retry(Worker& worker, const std::string& value) {
    const int seconds = leading_integer(value);
    if (seconds < 0) return Error{"Retry must be a positive value"};
    worker.retry = std::chrono::seconds(seconds);
    return {};
}

Status set_load_factor(Worker& worker, const std::string& value) {
    const double factor = std::strtod(value.c_str(), nullptr) * 100;
    if (!(factor >= 100 && factor <= 10000))
        return Error{"LoadFactor must be a number between 1..100"};
    worker.load_factor = static_cast<int>(std::lround(factor));
    return {};
}

Status set_set(Worker& worker, const std::string& value) {
    worker.set = leading_integer(value);
    if (worker.set < 0 || worker.set > 99) return Error{"lbset must be between 0 and 99"};
    return {};
}

template <std::string Worker::*field>
Status set_text(Worker& worker, const std::string& value) {
    worker.*field = value;
    return {};
}

unsigned status_bit(char letter) {
    switch (to_upper(letter)) {
    case 'I': return worker_ignores_errors;
    case 'N': return worker_drains;
    case 'S': return worker_stopped;
    case 'D': return worker_disabled;
    case 'E': return worker_failed;
    case 'H': return worker_hot_standby;
    case 'R': return worker_hot_spare;
    default: return 0;
    }
}

// Letters, each taken away where a minus stands before it.
Status set_status(Worker& worker, const std::string& value) {
    bool takes_away = false;
    for (const char letter : value) {
        if (letter == '+' || letter == '-') {
            takes_away = letter == '-';
            continue;
        }
        const unsigned bit = status_bit(letter);
        if (bit == 0) return Error{"Unknown status parameter option"};
        worker.status = takes_away ? worker.status & ~bit : worker.status | bit;
        takes_away = false;
    }
    return {};
}

struct Parameter {
    std::string_view key;
    Status (*set)(Worker&, const std::string&);
};

constexpr std::array parameters{
    Parameter{"loadfactor", set_load_factor},
    Parameter{"retry", set_retry},
    Parameter{"ttl", set_time_to_live},
    Parameter{"min", check_least},
    Parameter{"max", check_most},
    Parameter{"smax", check_soft_most},
    Parameter{"acquire", check_acquire},
    Parameter{"timeout", set_timeout},
    Parameter{"iobuffersize", check_io_buffer},
    Parameter{"receivebuffersize", set_receive_buffer},
    Parameter{"keepalive", set_keep_alive},
    Parameter{"disablereuse", set_disable_reuse},
    Parameter{"enablereuse", set_enable_reuse},
    Parameter{"addressttl", check_address_life},
    Parameter{"route", set_text<&Worker::route>},
    Parameter{"redirect", set_text<&Worker::redirect>},
    Parameter{"status", set_status},
    Parameter{"flushpackets", set_flushing},
    Parameter{"flushwait", check_flush_wait},
    Parameter{"ping", check_ping},
    Parameter{"lbset", set_set},
    Parameter{"connectiontimeout", set_connection_timeout},
    Parameter{"responsefieldsize", check_field_size},
    Parameter{"secret", check_secret},
    Parameter{"upgrade", set_text<&Worker::upgrade>},
};

} // namespace

Status set_parameter(Worker& worker, std::string_view key, const std::string& value) {
    for (const auto& parameter : parameters)
        if (iequals(parameter.key, key)) return parameter.set(worker, value);
    return Error{"unknown Worker parameter"};
}

} // namespace preforkd::proxy
