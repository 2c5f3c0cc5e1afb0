// proxy_http: asks a server behind this one in HTTP/1.1, and gives the client its answer.
#include <fmt/format.h>

#include "base/text.h"
#include "modules/proxy/backends.h"
#include "modules/proxy/dialog.h"
#include "modules/proxy/manners.h"
#include "modules/proxy/proxy_settings.h"
#include "modules/proxy/request_content.h"
#include "modules/proxy/request_text.h"
#include "modules/proxy/response_relay.h"

namespace preforkd::proxy {

namespace {

// The protocol that the client asks for, where the worker may go along.
std::string_view upgrade_for(const Request& request, const Worker& worker) {
    const auto* asked = request.head.fields.find(http::FieldId::upgrade);
    if (!asked || request.head.method != http::Method::get) return {};
    std::string_view allowed = worker.upgrade;
    const bool is_websocket = worker.url.scheme == Scheme::ws || worker.url.scheme == Scheme::wss;
    if (allowed.empty() && is_websocket) allowed = "WebSocket";
    if (allowed.empty() || iequals(allowed, "NONE")) return {};
    if (iequals(allowed, "ANY") || iequals(allowed, *asked)) return *asked;
    return {};
}

// One request and its response.
class Exchange {
  public:
    Exchange(Request& request, Responder& responder, const Destination& destination)
        : request_(request), destination_(destination), worker_(destination.worker),
          keeper_(keeper_of(worker_, destination.remote)), content_(destination.content),
          manners_(manners_of(request, worker_)), relay_(request, responder, worker_),
          dialog_(request, worker_), text_(request.arena.resource()) {}

    Verdict run() {
        if (const auto begun = content_.begin(manners_.length); !begun)
            return refuse_content(request_, worker_, begun.error().code);
        const auto upgrade = manners_.is_old ? "" : upgrade_for(request_, worker_);
        relay_.expect_upgrade(upgrade);
        append_request(text_, request_, destination_, manners_, upgrade);
        for (Reuse reuse = first_choice();; reuse = Reuse::never) {
            auto connected = connect_to(request_, worker_, reuse, destination_.remote);
            if (const auto* failed = std::get_if<NotConnected>(&connected))
                return refuse_backend(*failed);
            auto& [connection, is_reused] = std::get<Connected>(connected);
            note("proxy-source-port", connection.source_port());
            dialog_.begin(std::move(connection));
            transfer();
            if (!is_reused || !is_lost_at_once()) return conclude();
        }
    }

  private:
    // The other server was just closing the kept connection: nothing has happened yet.
    bool is_lost_at_once() const {
        return relay_.is_untouched() && dialog_.failure() != log::cause_timeout &&
               !dialog_.has_client_failed() && can_ask_again();
    }

    bool can_ask_again() const {
        return !content_.exists() && (request_.head.method == http::Method::get ||
                                      request_.head.method == http::Method::head);
    }

    // For the log.
    void note(std::string_view name, int number) {
        request_.set_note(name, request_.arena.copy(std::to_string(number)));
    }

    Reuse first_choice() const {
        return manners_.takes_kept_connection ? Reuse::when_quiet : Reuse::never;
    }

    void transfer() {
        dialog_.say(text_, content_.is_held_back() ? std::string_view() : content_.first());
        while (!dialog_.has_ended() && !relay_.is_over() && !dialog_.has_client_failed()) {
            if (dialog_.has_something_to_say()) dialog_.send(has_content_to_send());
            else if (has_content_to_send()) fetch_content();
            receive();
            if (relay_.takes_content()) {
                content_.let_go();
                client_waits_ = true;
            }
            if (relay_.switches_protocols() && !dialog_.has_ended()) {
                dialog_.tunnel(*relay_.sink());
                return;
            }
        }
    }

    bool has_content_to_send() const {
        return !content_.at_end() && !content_.is_held_back() && !dialog_.is_deaf();
    }

    bool has_said_all() const {
        return content_.at_end() && !dialog_.has_something_to_say() && !dialog_.is_deaf();
    }

    // The client may take its time, and the other server may answer meanwhile.
    void fetch_content() {
        if (!client_waits_ && !content_.has_more_at_hand() && !dialog_.wait_for_client()) return;
        client_waits_ = false; // to read is to tell it
        const auto next = content_.next();
        if (next) {
            dialog_.say(*next);
        } else {
            content_failure_ = next.error().code;
            dialog_.client_has_failed();
        }
    }

    void receive() {
        const bool is_idle = !dialog_.has_something_to_say() && !has_content_to_send();
        const auto received = dialog_.receive(is_idle, relay_.sink());
        if (received.empty()) return;
        const bool flushes = worker_.flushes.value_or(false);
        if (!relay_.take(received) || (flushes && !relay_.pass_on())) dialog_.client_has_failed();
    }

    Verdict conclude() {
        if (relay_.status() != 0) note("proxy-status", relay_.status());
        if (content_failure_ != 0 && !relay_.has_head())
            return refuse_content(request_, worker_, content_failure_);
        if (relay_.switches_protocols()) return relay_.conclude(0);
        if (dialog_.has_client_failed()) {
            request_.ends_connection = request_.aborted = true;
            return done;
        }
        if (!content_.is_received()) request_.ends_connection = true;
        if (has_said_all() && relay_.leaves_connection_usable() && manners_.keeps_connection)
            keep(keeper_, dialog_.take_connection());
        return relay_.conclude(dialog_.failure());
    }

    Verdict refuse_backend(NotConnected failed) {
        const auto* remote = destination_.remote;
        const auto& host = remote ? remote->worker.url.host : worker_.url.host;
        switch (failed.why) {
        case Obstacle::unknown_host:
            return refuse_with_reason(request_, 500, "DNS lookup failure for: " + host,
                                      failed.code);
        case Obstacle::tls_off: return refuse(500);
        case Obstacle::tls_failed:
            return refuse_with_reason(request_, 500,
                                      "Error during SSL Handshake with remote server");
        case Obstacle::refused:
            request_.log("proxy_http", log::Level::error,
                         "AH01114: HTTP: failed to make connection to backend: " + host);
            return refuse(503);
        case Obstacle::out_of_service: break;
        }
        return refuse(503);
    }

    Request& request_;
    const Destination& destination_;
    const Worker& worker_;
    const Worker& keeper_; // of the connection
    RequestContent& content_;
    const Manners manners_;
    ResponseRelay relay_;
    Dialog dialog_;
    std::pmr::string text_;
    bool client_waits_ = false; // for the word to send its content
    int content_failure_ = 0;
};

} // namespace

Verdict exchange_http(Request& request, Responder& responder, const Destination& destination) {
    return Exchange(request, responder, destination).run();
}

} // namespace preforkd::proxy
