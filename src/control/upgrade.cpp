#include "control/upgrade.h"

#include <csignal>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "os/environment.h"
#include "os/signals.h"

namespace preforkd {

namespace {

// "7 4=127.0.0.1:80 5~:443": where to write the word, then each socket with its Listen line, '~' if
// the service manager lent it.
constexpr const char* variable = "PREFORKD_INHERITANCE";
constexpr auto longest_start = std::chrono::seconds(60);

std::string describe(const Listeners& listeners, int word) {
    std::string text = std::to_string(word);
    for (std::size_t i = 0; i < listeners.open.size(); ++i)
        text += fmt::format(" {}{}{}:{}", listeners.open[i].socket.get(),
                            listeners.open[i].lent ? '~' : '=', listeners.asked[i].host,
                            listeners.asked[i].port);
    return text;
}

std::optional<int> parse_descriptor(std::string_view text) {
    const auto number = parse_decimal(text);
    if (!number || *number < 3 || *number > 1'000'000) return std::nullopt;
    return static_cast<int>(*number);
}

void take_listener(std::string_view text, Listeners& into) {
    const auto sign = text.find_first_of("=~"), colon = text.rfind(':');
    if (sign == text.npos || colon == text.npos || colon < sign) return;
    const auto descriptor = parse_descriptor(text.substr(0, sign));
    const auto port = parse_decimal(text.substr(colon + 1));
    if (!descriptor || !port || *port > 65535) return;
    keep_over_exec(*descriptor, false);
    auto listener = net::Listener::adopt(UniqueFd(*descriptor));
    if (!listener) return;
    listener->lent = text[sign] == '~';
    into.asked.push_back({.host = std::string(text.substr(sign + 1, colon - sign - 1)),
                          .port = static_cast<unsigned short>(*port),
                          .protocol = {},
                          .place = {}});
    into.open.push_back(std::move(*listener));
}

} // namespace

// The signal is waited for, and the handler never called. But while somebody waits for a signal,
// /proc does not show it as blocked, and preforkctl looks there whether this version knows it.
Upgrade::Upgrade(const CommandWords& program, bool detached)
    : program_(program), detached_(detached) {
    handle_signal(SIGUSR2, [](int) {});
}

Status Upgrade::begin(const Listeners& listeners, const ServiceManager& manager) {
    auto pipe = Pipe::open();
    if (!pipe) return pipe.error();
    word_ = std::move(*pipe);
    const auto pid = fork_orphan([&] { become_successor(listeners, manager); });
    if (!pid) return pid.error();
    word_.writing.reset();
    successor_ = *pid;
    patience_ = Deadline::after(longest_start);
    return {};
}

// In the forked process, which a service manager can supervise only as a child of its own, so that
// it is none of ours. Standard error is the error log already.
void Upgrade::become_successor(const Listeners& listeners, const ServiceManager& manager) {
    if (detached_) begin_session();
    default_signal(SIGPIPE);
    unblock_all_signals();
    for (const auto& listener : listeners.open) keep_over_exec(listener.socket.get(), true);
    keep_over_exec(word_.writing.get(), true);
    set_in_environment(variable, describe(listeners, word_.writing.get()));
    manager.hand_over_in_environment();
    const Error failed = become_program(program_);
    fmt::print(stderr, "{}\n", failed.what);
    end_process(EXIT_FAILURE);
}

Upgrade::News Upgrade::hear() {
    if (!under_way()) return News::none;
    const Word word = hear_word(word_);
    if (word == Word::said) return News::serves;
    if (word == Word::never) {
        successor_ = 0;
        return News::failed;
    }
    if (patience_->passed()) send_signal(successor_, SIGKILL);
    return News::none;
}

void Upgrade::abandon() {
    if (under_way()) send_signal(successor_, SIGTERM);
}

bool Inheritance::is_offered() { return std::getenv(variable) != nullptr; }

std::optional<Inheritance> Inheritance::from_environment() {
    const std::string text = take_from_environment(variable);
    const auto words = split(text, ' ');
    const auto word = parse_descriptor(words.front());
    if (!word) return std::nullopt;
    Inheritance inheritance;
    keep_over_exec(*word, false);
    inheritance.word_ = UniqueFd(*word);
    for (std::size_t i = 1; i < words.size(); ++i) take_listener(words[i], inheritance.listeners_);
    return inheritance;
}

void Inheritance::accept(const Listeners& taken) {
    for (const auto& listener : listeners_.open)
        if (!taken.have(listener.address)) listener.stop_listening();
    listeners_ = {};
    say_word(word_.get());
    word_.reset();
}

} // namespace preforkd
