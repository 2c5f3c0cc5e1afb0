// logio: what went over the wire for a request (%I, %O, %S), and when the first of it (%^FB).
#include <fmt/format.h>

#include "config/directive.h"
#include "modules/logging/log_items.h"
#include "modules/modules.h"

namespace preforkd {

namespace {

struct LogioSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const LogioSettings& outer) {
        config::inherit(track_first_byte, outer.track_first_byte);
    }
    std::optional<bool> track_first_byte;
};

// No directive can name a variable that has a space in its name.
constexpr std::string_view first_byte_note = "logio first byte";

// Notes when the first byte passes on its way to the client.
class FirstByteSink final : public http::BodySink {
  public:
    FirstByteSink(Request& request, http::BodySink* next) : request_(request), next_(next) {}

    Status write(std::string_view bytes) override {
        note();
        return next_->write(bytes);
    }
    Status send_file(int file, off_t offset, std::size_t length) override {
        note();
        return next_->send_file(file, offset, length);
    }
    Status flush() override {
        note();
        return next_->flush();
    }
    Status finish() override {
        note();
        return next_->finish();
    }

  private:
    void note() {
        if (noted_) return;
        noted_ = true;
        const auto spent =
            std::chrono::duration_cast<Duration>(SteadyClock::now() - request_.original().started);
        const fmt::format_int text(spent.count());
        request_.set_note(first_byte_note, request_.arena.copy({text.data(), text.size()}));
    }

    Request& request_;
    http::BodySink* next_;
    bool noted_ = false;
};

http::BodySink* watch_first_byte(Request& request, http::BodySink* next) {
    if (!request.of<LogioSettings>().track_first_byte.value_or(false)) return next;
    return new (request.arena.bytes_for<FirstByteSink>()) FirstByteSink(request, next);
}

} // namespace

Module logio_module() {
    return {
        .name = "logio",
        .built_in = true,
        .directives = {{"LogIOTrackTTFB", config::Shape::flag, config::anywhere,
                        config::override_all, config::sets_flag<&LogioSettings::track_first_byte>,
                        "Set to 'ON' to enable tracking time to first byte"}},
        .settings = {config::settings_type<LogioSettings>()},
        .hooks = {.filter_response = watch_first_byte},
    };
}

namespace logging {

namespace {

void append_received(LineBuffer& line, const LogItem&, const Request&, Transaction& transaction) {
    line.append_number(transaction.last.bytes_received);
}

void append_sent(LineBuffer& line, const LogItem&, const Request&, Transaction& transaction) {
    line.append_number(transaction.last.bytes_sent);
}

void append_both(LineBuffer& line, const LogItem&, const Request&, Transaction& transaction) {
    line.append_number(transaction.last.bytes_received + transaction.last.bytes_sent);
}

void append_first_byte(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    const auto* micros = request.find_note(first_byte_note);
    line.append(micros ? *micros : "-");
}

constexpr LogDirective directives[] = {
    {"I", append_received},
    {"O", append_sent},
    {"S", append_both},
    {"^FB", append_first_byte},
};

} // namespace

std::span<const LogDirective> byte_log_directives() { return directives; }

} // namespace logging

} // namespace preforkd
