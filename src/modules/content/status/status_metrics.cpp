// server-metrics: the pool in the OpenMetrics text format, for Prometheus and its like.
#include <fmt/format.h>

#include "base/product.h"
#include "modules/content/status/status_text.h"

namespace preforkd::status {

namespace {

class Metrics {
  public:
    // The metrics that follow are samples of this family.
    void family(std::string_view name, std::string_view type, std::string_view help,
                std::string_view unit = {}) {
        name_ = fmt::format("{}_{}", product::name, name);
        fmt::format_to(end(), "# TYPE {} {}\n", name_, type);
        if (!unit.empty()) fmt::format_to(end(), "# UNIT {} {}\n", name_, unit);
        fmt::format_to(end(), "# HELP {} {}\n", name_, help);
    }
    template <class Value>
    void sample(Value value, std::string_view suffix = {}, std::string_view labels = {}) {
        fmt::format_to(end(), "{}{}{} {}\n", name_, suffix, labels, value);
    }
    template <class Value>
    void gauge(std::string_view name, Value value, std::string_view help,
               std::string_view unit = {}) {
        family(name, "gauge", help, unit);
        sample(value);
    }
    template <class Value>
    void counter(std::string_view name, Value value, std::string_view help,
                 std::string_view unit = {}) {
        family(name, "counter", help, unit);
        sample(value, "_total");
    }
    std::string finish() { return std::move(text_) + "# EOF\n"; }

  private:
    std::back_insert_iterator<std::string> end() { return std::back_inserter(text_); }

    std::string text_, name_;
};

void add_server(Metrics& metrics, const PoolNumbers& pool, const Surroundings& surroundings) {
    metrics.family("build", "info", "The program that serves.");
    metrics.sample(1, "_info", fmt::format("{{version=\"{}\",mpm=\"prefork\"}}", product::version));
    metrics.gauge("start_time_seconds", pool.started, "When the server was started.", "seconds");
    metrics.gauge("restart_time_seconds", pool.restarted,
                  "When the configuration at work was read.", "seconds");
    metrics.gauge("uptime_seconds", pool.age, "Time since the start.", "seconds");
    metrics.gauge("generation", pool.generation, "Restarts since the start.");
    metrics.family("load", "gauge", "Load average of the machine.");
    for (std::size_t i = 0; i < surroundings.loads.size(); ++i)
        metrics.sample(surroundings.loads[i], {},
                       fmt::format("{{minutes=\"{}\"}}", std::array{1, 5, 15}[i]));
}

void add_children(Metrics& metrics, const PoolNumbers& pool, const Surroundings& surroundings) {
    metrics.family("children", "gauge", "Children by what they do.");
    for (const auto state : living_states)
        metrics.sample(count_in(pool, state), {}, fmt::format("{{state=\"{}\"}}", name_of(state)));
    metrics.gauge("children_leaving", pool.graceful,
                  "Busy children that leave after their connection.");
    metrics.gauge("children_limit", pool.limit, "MaxRequestWorkers.");
    // Not a counter: it goes with the child that spent it.
    metrics.family("children_cpu_seconds", "gauge",
                   "Processor time of the latest child in each slot.", "seconds");
    metrics.sample(surroundings.seconds_of(pool.cpu_user_ticks), {}, "{mode=\"user\"}");
    metrics.sample(surroundings.seconds_of(pool.cpu_system_ticks), {}, "{mode=\"system\"}");
}

} // namespace

std::string metrics_text(const PoolNumbers& pool, const Surroundings& surroundings) {
    Metrics metrics;
    add_server(metrics, pool, surroundings);
    add_children(metrics, pool, surroundings);
    metrics.counter("requests", pool.requests, "Requests answered.");
    metrics.counter("sent_bytes", pool.bytes, "Bytes sent to clients, with the heads.", "bytes");
    metrics.counter("request_seconds", static_cast<double>(pool.duration) / 1000,
                    "Time spent on requests.", "seconds");
    return metrics.finish();
}

} // namespace preforkd::status
