// proxy_http: asks a server behind this one in HTTP/1.1, and gives the client its answer.
#include <array>
#include <cerrno>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/proxy/backends.h"
#include "modules/proxy/destination.h"
#include "modules/proxy/proxy_settings.h"
#include "modules/proxy/request_content.h"
#include "modules/proxy/request_text.h"
#include "modules/proxy/response_relay.h"

namespace preforkd::proxy {

namespace {

constexpr std::size_t piece_size = 32 * 1024;

// One request and its response, both ways at once where the other server wants it so.
class Exchange {
  public:
    Exchange(Request& request, Responder& responder, const Destination& destination)
        : request_(request), destination_(destination), content_(request),
          relay_(request, responder, destination), deadline_(Deadline::at({})) {}

    Verdict run() {
        if (const auto begun = content_.begin(); !begun) return refuse_content(begun.error().code);
        upgrade_ = upgrade_for(request_, destination_);
        if (!upgrade_.empty()) relay_.expect_upgrade();
        text_ = request_text(request_, destination_, content_.framing(), upgrade_);
        Reuse reuse = can_ask_again() ? Reuse::without_look : Reuse::when_quiet;
        do {
            auto connected = connect_to(request_, *destination_.worker, reuse);
            if (auto* failed = std::get_if<NotConnected>(&connected))
                return refuse_backend(*failed);
            connection_ = &std::get<Connected>(connected).connection;
            transfer();
            reuse = Reuse::never;
            if (!lost_at_once(std::get<Connected>(connected).is_reused)) {
                return conclude(std::move(std::get<Connected>(connected).connection));
            }
        } while (true);
    }

  private:
    // A kept connection that the other server was just closing: nothing has happened yet.
    bool lost_at_once(bool is_reused) const {
        return is_reused && relay_.is_untouched() && failure_ != log::cause_timeout &&
               !client_failed_ && can_ask_again();
    }

    bool can_ask_again() const {
        return content_.is_untouched() && (request_.head.method == http::Method::get ||
                                           request_.head.method == http::Method::head);
    }

    void transfer() {
        failure_ = 0;
        ended_ = false;
        outgoing_ = text_;
        following_ = content_.is_held_back() ? std::string_view() : content_.first();
        renew_deadline();
        while (!ended_ && !relay_.is_over() && !client_failed_) {
            if (!outgoing_.empty()) send();
            else if (has_content_to_send()) fetch_content();
            receive();
            if (relay_.takes_content()) {
                content_.let_go();
                client_waits_ = true;
            }
            if (relay_.switches_protocols() && !ended_) {
                tunnel();
                return;
            }
        }
    }

    void renew_deadline() {
        deadline_ = Deadline::after(patience_of(request_, *destination_.worker));
    }

    bool has_content_to_send() const {
        return !content_.at_end() && !content_.is_held_back() && !gave_up_sending_;
    }

    void send() {
        const auto sent = connection_->send(outgoing_, following_, has_content_to_send());
        if (!sent) {
            // It may have answered before it hung up.
            gave_up_sending_ = true;
            outgoing_ = following_ = {};
            return;
        }
        if (*sent > 0) renew_deadline();
        const auto first = std::min(*sent, outgoing_.size());
        outgoing_.remove_prefix(first);
        following_.remove_prefix(*sent - first);
        if (outgoing_.empty()) outgoing_ = std::exchange(following_, {});
    }

    // The client may take its time, and the other server may answer meanwhile.
    void fetch_content() {
        if (!client_waits_ && !request_.content->has_more_at_hand() &&
            !request_.connection.stream->has_buffered_input()) {
            const auto news =
                connection_->wait({.to_write = false, .client_content = true},
                                  request_.connection.stream->descriptor(), deadline_.remaining());
            if (!news || !news->client_readable) return;
        }
        client_waits_ = false; // to read is to tell it
        const auto next = content_.next();
        if (!next) {
            content_failure_ = next.error().code;
            client_failed_ = true;
            return;
        }
        outgoing_ = *next;
    }

    // Waits where there is nothing else to do.
    void receive() {
        const bool idle = outgoing_.empty() && !has_content_to_send();
        auto count = idle && !relay_.has_head() ? connection_->receive(buffer_)
                                                : connection_->receive_at_once(buffer_);
        if (idle && relay_.has_head() && !count && count.error().code == EAGAIN) {
            if (!relay_.pass_on()) client_failed_ = true;
            count = connection_->receive(buffer_);
        }
        if (count && *count > 0) {
            renew_deadline();
            const bool flushes = destination_.worker->flushes.value_or(false);
            if (!relay_.take({buffer_.data(), *count}) || (flushes && !relay_.pass_on()))
                client_failed_ = true;
            return;
        }
        if (!count && count.error().code == EAGAIN) {
            look_around();
            return;
        }
        ended_ = true;
        failure_ = count ? 0 : count.error().code;
    }

    // Nothing came for a moment.
    void look_around() {
        if (deadline_.passed()) {
            ended_ = true;
            failure_ = log::cause_timeout;
            return;
        }
        const auto news = connection_->wait({}, request_.connection.stream->descriptor(), {});
        if (news && departure_.is_certain(news->client_is_gone, news->client_sends_no_more))
            client_failed_ = true;
    }

    // Both ends speak another protocol now (RFC 9110 §7.8).
    void tunnel() {
        auto& client = *request_.connection.stream;
        while (true) {
            const auto news = news_of_either(client);
            if (news.client_is_gone || (!news.readable && !news.client_readable)) return;
            renew_deadline();
            if (news.client_readable && !pass_to_backend(client)) return;
            if (news.readable && !pass_to_client()) return;
        }
    }

    net::BackendConnection::News news_of_either(const Stream& client) const {
        if (client.has_buffered_input()) return {.client_readable = true};
        const auto news =
            connection_->wait({.client_content = true}, client.descriptor(), deadline_.remaining());
        return news ? *news : net::BackendConnection::News{};
    }

    bool pass_to_backend(Stream& client) {
        const auto count = client.read(buffer_, deadline_);
        if (!count || *count == 0) return false;
        for (std::string_view rest(buffer_.data(), *count); !rest.empty();) {
            const auto sent = connection_->send(rest, {});
            if (!sent || (*sent == 0 && deadline_.passed())) return false;
            rest.remove_prefix(*sent);
        }
        return true;
    }

    bool pass_to_client() {
        const auto count = connection_->receive_at_once(buffer_);
        if (!count) return count.error().code == EAGAIN;
        if (*count == 0) return false;
        return relay_.take({buffer_.data(), *count}) && relay_.pass_on();
    }

    Verdict conclude(net::BackendConnection connection) {
        if (content_failure_ != 0 && !relay_.has_head()) return refuse_content(content_failure_);
        if (relay_.switches_protocols()) return done;
        if (client_failed_) {
            request_.ends_connection = request_.aborted = true;
            return done;
        }
        if (!content_.at_end()) request_.ends_connection = true;
        else if (relay_.leaves_connection_usable() && destination_.worker->keeps_connections())
            keep(*destination_.worker, std::move(connection));
        return relay_.conclude(failure_);
    }

    Verdict refuse_content(int code) {
        request_.log("proxy_http", log::Level::error,
                     fmt::format("AH01095: prefetch request body failed to {} ({}) from {} ()",
                                 destination_.worker->url.authority(),
                                 destination_.worker->url.host, request_.client.ip),
                     code);
        return refuse(status_of_content_error(code));
    }

    Verdict refuse_backend(NotConnected why) {
        const auto& url = destination_.worker->url;
        switch (why) {
        case NotConnected::unknown_host:
            return refuse_with_reason(request_, 500, "DNS lookup failure for: " + url.host);
        case NotConnected::tls_off: return refuse(500);
        case NotConnected::tls_failed:
            return refuse_with_reason(request_, 500,
                                      "Error during SSL Handshake with remote server");
        case NotConnected::refused:
            request_.log("proxy_http", log::Level::error,
                         "AH01114: HTTP: failed to make connection to backend: " + url.host);
            return refuse(503);
        case NotConnected::out_of_service: break;
        }
        return refuse(503);
    }

    static std::string_view upgrade_for(const Request& request, const Destination& destination);

    Request& request_;
    const Destination& destination_;
    RequestContent content_;
    ResponseRelay relay_;
    net::BackendConnection* connection_ = nullptr;
    std::string text_;
    std::string_view upgrade_;
    std::string_view outgoing_, following_; // what is to be sent
    Deadline deadline_;
    Departure departure_;          // of the client
    bool ended_ = false;           // the other server sends no more…
    int failure_ = 0;              // …because of this
    bool gave_up_sending_ = false; // it does not want the rest of the content
    bool client_waits_ = false;    // for the word to send its content
    bool client_failed_ = false;
    int content_failure_ = 0;
    std::array<char, piece_size> buffer_;
};

// The protocol that the client asks for, where the worker may go along.
std::string_view Exchange::upgrade_for(const Request& request, const Destination& destination) {
    const auto* asked = request.head.fields.find(http::FieldId::upgrade);
    if (!asked || request.head.method != http::Method::get) return {};
    std::string_view allowed = destination.worker->upgrade;
    const bool is_websocket = destination.scheme == Scheme::ws || destination.scheme == Scheme::wss;
    if (allowed.empty() && is_websocket) allowed = "WebSocket";
    if (allowed.empty() || iequals(allowed, "NONE")) return {};
    if (iequals(allowed, "ANY") || iequals(allowed, *asked)) return *asked;
    return {};
}

} // namespace

Verdict exchange_http(Request& request, Responder& responder, const Destination& destination) {
    return Exchange(request, responder, destination).run();
}

} // namespace preforkd::proxy
