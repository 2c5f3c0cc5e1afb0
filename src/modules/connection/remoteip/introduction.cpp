#include "modules/connection/remoteip/introduction.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>

#include "http/read_timer.h"
#include "modules/connection/remoteip/expectation.h"
#include "net/proxy_protocol.h"
#include "pipeline/core_settings.h"
#include "pipeline/server_log.h"

namespace preforkd {

namespace {

using net::ProxyHeader;

// A stream that was read from already: what came too early is read from here.
class IntroducedStream final : public Stream {
  public:
    explicit IntroducedStream(Stream& next) : next_(next) {}

    // Whoever connected is served whatever signal comes.
    Result<ProxyHeader> read_header(http::ReadTimer& timer) {
        char bytes[net::longest_proxy_header];
        std::size_t size = 0;
        for (;;) {
            const auto count = next_.read({bytes + size, sizeof bytes - size}, timer.deadline());
            if (!count && count.error().code == EINTR) continue;
            timed_out_ = !count && count.error().code == ETIMEDOUT;
            if (!count) return count.error();
            if (*count == 0) return Error{"end of file", log::cause_end_of_file};
            timer.received(*count);
            size += *count;
            auto header = net::parse_proxy_header({bytes, size});
            if (header.state == ProxyHeader::State::incomplete) continue;
            rest_.assign(bytes + header.size, size - header.size);
            return header;
        }
    }
    bool timed_out() const { return timed_out_; }

    const Client* introduce(const net::Address& address, std::string_view ip) {
        ip_ = ip;
        text_ = fmt::format("{}:{}", ip, address.port());
        client_ = {address, ip_, text_};
        return &client_;
    }

    Result<std::size_t> read(std::span<char> into, Deadline deadline) override {
        if (timed_out_) return Error{"no header", ETIMEDOUT};
        if (rest_.empty()) return next_.read(into, deadline);
        const auto count = std::min(into.size(), rest_.size());
        std::memcpy(into.data(), rest_.data(), count);
        rest_.erase(0, count);
        return count;
    }
    Status write(std::string_view first, std::string_view second, Duration stall,
                 bool more) override {
        return next_.write(first, second, stall, more);
    }
    Status send_file(int file, off_t& offset, std::size_t length, Duration stall) override {
        return next_.send_file(file, offset, length, stall);
    }
    void conclude() override { next_.conclude(); }
    void shut_down_writing() override { next_.shut_down_writing(); }
    bool has_buffered_input() const override {
        return !rest_.empty() || next_.has_buffered_input();
    }
    int descriptor() const override { return next_.descriptor(); }

  private:
    Stream& next_;
    std::string rest_;
    bool timed_out_ = false;
    std::string ip_, text_; // what client_ shows
    Client client_;
};

void say(const ConnectionFacts& facts, log::Level level, std::string_view text, int code = 0) {
    log_to(facts, {.module = "remoteip", .level = level, .text = text, .code = code});
}

void say_begin(const ConnectionFacts& facts) {
    if (wants_log(*facts.first_server, "remoteip", log::Level::debug))
        say(facts, log::Level::debug,
            fmt::format("AH03503: RemoteIPProxyProtocol: enabled on connection to {}:{}",
                        facts.local_ip, facts.local.port()));
}

void say_failure(const ConnectionFacts& facts, int code, const http::ReadTimer& timer) {
    if (code == log::cause_end_of_file)
        return say(facts, log::Level::info,
                   "AH10634: RemoteIPProxyProtocol: connection closed before a complete header was "
                   "received",
                   code);
    const bool timed_out = code == ETIMEDOUT;
    if (timed_out && timer.has_run_out())
        log_to(facts, {.module = "reqtimeout",
                       .level = log::Level::info,
                       .text = fmt::format("AH01382: Request {} read timeout", "header")});
    say(facts, log::Level::error, "AH10184: failed reading input",
        timed_out ? log::cause_timeout : code);
}

// The proxy speaks for itself where it names nobody.
const Client* introduce(IntroducedStream& stream, const ProxyHeader& header,
                        const ConnectionFacts& facts) {
    const auto* client = header.client ? stream.introduce(*header.client, header.client_ip)
                                       : stream.introduce(facts.client, facts.client_ip);
    if (wants_log(*facts.first_server, "remoteip", log::Level::debug))
        say(facts, log::Level::debug,
            fmt::format("AH03511: RemoteIPProxyProtocol: received valid PROXY header: {}",
                        client->text));
    return client;
}

} // namespace

void read_introduction(ConnectionOpening& opening) {
    auto& facts = opening.facts;
    if (!expects_introduction(facts)) return;
    say_begin(facts);
    const auto& server = *facts.first_server;
    http::ReadTimer timer(patience_of(server.of<RequestReadTimeoutSettings>().head, server),
                          SteadyClock::now());
    auto stream = std::make_unique<IntroducedStream>(*opening.stream);
    const auto header = stream->read_header(timer);
    using State = ProxyHeader::State;
    if (!header) say_failure(facts, header.error().code, timer);
    else if (header->state == State::malformed)
        say(facts, log::Level::error, header->problem, header->code);
    else if (header->state == State::complete)
        facts.introduced = introduce(*stream, *header, facts);
    // A client that says too little is logged as one whose request does not come: the stream has
    // run out of time for it as well.
    opening.is_over = !facts.introduced && !stream->timed_out();
    opening.stream = stream.get();
    opening.layers.push_back(std::move(stream));
}

} // namespace preforkd
