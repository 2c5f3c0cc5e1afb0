#include "control/announcement.h"

#include <fmt/format.h>

#include "base/product.h"
#include "child/main_log.h"
#include "os/processors.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

// Into the main log, each with its module.
class Teller {
  public:
    explicit Teller(const Generation& generation) : configuration_(*generation.configuration) {}

    void say(std::string_view module, log::Level level, std::string_view text) const {
        write_main_log(configuration_, {.module = module, .level = level, .text = text});
    }

  private:
    const config::Configuration& configuration_;
};

void tell_buckets(const Generation& generation, const Teller& teller) {
    const int ratio = generation.settings.listen_cores_buckets_ratio;
    if (ratio == 0) return;
    teller.say("core", log::Level::info,
               fmt::format("AH02819: Using {} listeners bucket(s) based on {} online CPU cores and "
                           "a ratio of {}",
                           generation.listeners.buckets, processors_online(), ratio));
}

std::string_view mechanism_of(const Generation& generation) {
    const auto* mutex = generation.accept_mutex_of(0);
    return mutex ? mutex->mechanism() : "none";
}

} // namespace

void announce(const Generation& generation, const RunOptions& options) {
    const Teller teller(generation);
    if (!generation.identity)
        teller.say("unixd", log::Level::warn,
                   "User and Group do not apply: the server was started by an ordinary user, who "
                   "serves");
    tell_buckets(generation, teller);
    const auto& core = generation.configuration->main_server().of<CoreServerSettings>();
    teller.say(
        "mpm_prefork", log::Level::notice,
        fmt::format("AH00163: {} configured -- resuming normal operations", core.description));
    teller.say("mpm_prefork", log::Level::info,
               fmt::format("AH00164: Server built: {}", product::built()));
    teller.say("core", log::Level::notice,
               fmt::format("AH00094: Command line: '{}'", options.command_line));
    teller.say(
        "mpm_prefork", log::Level::debug,
        fmt::format("AH00165: Accept mutex: {} (default: pthread)", mechanism_of(generation)));
}

} // namespace preforkd
