#include "modules/connection/remoteip/introduction.h"

#include <algorithm>
#include <cstring>

#include "config/merge_servers.h"
#include "modules/connection/remoteip/remoteip_settings.h"
#include "net/proxy_protocol.h"
#include "pipeline/core_settings.h"
#include "pipeline/server_log.h"

namespace preforkd {

namespace {

// A stream that was read from already: what came too early is read from here.
class IntroducedStream final : public Stream {
  public:
    explicit IntroducedStream(Stream& next) : next_(next) {}

    // Answers what there is of the header so far.
    net::ProxyHeader read_header(Deadline deadline) {
        char bytes[net::longest_proxy_header];
        std::size_t size = 0;
        for (;;) {
            const auto count = next_.read({bytes + size, sizeof bytes - size}, deadline);
            if (!count || *count == 0) return {};
            size += *count;
            auto header = net::parse_proxy_header({bytes, size});
            const bool goes_on =
                header.state == net::ProxyHeader::State::incomplete && size < sizeof bytes;
            if (goes_on) continue;
            if (header.size > 0) rest_.assign(bytes + header.size, size - header.size);
            if (header.client) introduce(*header.client);
            return header;
        }
    }
    const Client* client() const { return client_.text.empty() ? nullptr : &client_; }

    Result<std::size_t> read(std::span<char> into, Deadline deadline) override {
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
    void introduce(const net::Address& address) {
        ip_ = address.ip();
        text_ = address.text();
        client_ = {address, ip_, text_};
    }

    Stream& next_;
    std::string rest_;
    std::string ip_, text_;
    Client client_;
};

bool is_at(const config::HostAddress& host, const net::Address& local) {
    return (host.port == 0 || host.port == local.port()) &&
           (host.any_address || host.address == local.packed());
}

bool is_due(const ConnectionFacts& facts, const RemoteIpSettings& settings) {
    const auto& exceptions = settings.exceptions;
    return std::none_of(exceptions.begin(), exceptions.end(),
                        [&](const auto& range) { return range.contains(facts.client); });
}

// The settings of the main server, of which every host has what stands in no host.
const RemoteIpSettings* main_settings = nullptr;
bool expects_anywhere = false;

bool expects_header(const ConnectionFacts& facts) {
    if (!expects_anywhere) return false;
    for (const auto& listening : main_settings->listening)
        if (is_at(listening.address, facts.local)) return listening.expects_header;
    return main_settings->expects_header.value_or(false);
}

void complain(const ConnectionFacts& facts, std::string_view text) {
    log_to(*facts.first_server, {.module = "remoteip",
                                 .level = log::Level::error,
                                 .text = text,
                                 .client = facts.client_text});
}

} // namespace

Status choose_introductions(config::Configuration& configuration) {
    auto& main = configuration.main_server().server_settings.edit<RemoteIpSettings>();
    for (const auto& server : configuration.servers) {
        const auto* said = server->server_settings.find<RemoteIpSettings>();
        if (!server->is_virtual || !said || !said->expects_header) continue;
        for (const auto& address : server->addresses)
            main.listening.insert(main.listening.begin(), {address, *said->expects_header});
    }
    config::merge_servers(configuration);
    return {};
}

void note_introductions(const config::Configuration& configuration) {
    main_settings = &configuration.main_server().of<RemoteIpSettings>();
    expects_anywhere = main_settings->expects_header.value_or(false) ||
                       std::any_of(main_settings->listening.begin(), main_settings->listening.end(),
                                   [](const auto& listening) { return listening.expects_header; });
}

void read_introduction(ConnectionOpening& opening) {
    auto& facts = opening.facts;
    if (!expects_header(facts)) return;
    const auto& server = *facts.first_server;
    if (!is_due(facts, server.of<RemoteIpSettings>())) return;
    auto layer = std::make_unique<IntroducedStream>(*opening.stream);
    const auto patience =
        server.of<CoreServerSettings>().timeout.value_or(std::chrono::seconds(60));
    const auto header = layer->read_header(Deadline::after(patience));
    using State = net::ProxyHeader::State;
    switch (header.state) {
    case State::incomplete:
        complain(facts, "AH10634: RemoteIPProxyProtocol: connection closed before a complete "
                        "header was received");
        break;
    case State::missing:
        complain(facts, "AH03496: RemoteIPProxyProtocol data is missing, but required! Aborting "
                        "request.");
        break;
    case State::malformed: complain(facts, header.problem); break;
    case State::complete: break;
    }
    opening.is_over = header.state != State::complete;
    facts.introduced = layer->client();
    opening.stream = layer.get();
    opening.layers.push_back(std::move(layer));
}

} // namespace preforkd
