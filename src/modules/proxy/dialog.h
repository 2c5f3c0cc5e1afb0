// Bytes to a server behind this one and back, both ways at once, with an eye on the client: what
// the protocols to such servers have in common.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "http/response_writer.h"
#include "modules/proxy/destination.h"
#include "net/backend_connection.h"
#include "pipeline/request.h"

namespace preforkd::proxy {

class Dialog {
  public:
    Dialog(Request& request, const Worker& worker);
    Dialog(const Dialog&) = delete;
    Dialog& operator=(const Dialog&) = delete;
    ~Dialog();

    // Anew, over another connection.
    void begin(net::BackendConnection connection);
    // For whoever keeps it.
    net::BackendConnection take_connection() { return std::move(*connection_); }

    // What is sent next; the bytes stay where they are until then. Requires: nothing is left of
    // the last.
    void say(std::string_view first, std::string_view second = {});
    bool has_something_to_say() const { return !first_.empty() || !second_.empty(); }
    // Sends what is taken within a moment. `more`: further bytes follow at once.
    void send(bool more);
    // The other server takes no more; it may have answered before it hung up.
    bool is_deaf() const { return is_deaf_; }

    // Waits until either has something; whether the client is to be read then. That it takes its
    // time is not the other server's fault: whoever reads it knows how long it may.
    bool wait_for_client();
    // What has come, or nothing. Where there is nothing else to do (`waits`) it takes a moment, and
    // what the client is to get goes out to it before; `sink` is nullptr before there is a head.
    std::string_view receive(bool waits, http::BodySink* sink);

    // Every byte of one protocol has been said: from now on what either says goes to the other
    // (RFC 9110 §7.8). Ends where either does.
    void tunnel(http::BodySink& sink);

    void client_has_failed() { client_failed_ = true; }
    bool has_client_failed() const { return client_failed_; }
    // Nothing more comes, because of this; 0 where the other server has hung up.
    void end(int code);
    bool has_ended() const { return ended_; }
    int failure() const { return failure_; }

  private:
    void renew_deadline();
    void look_around();
    bool pass_to_backend();
    bool pass_to_client(http::BodySink& sink);

    Request& request_;
    const Worker& worker_;
    std::optional<net::BackendConnection> connection_;
    std::string_view first_, second_; // what is to be sent
    Deadline deadline_;
    Departure departure_; // of the client
    bool is_deaf_ = false;
    bool client_failed_ = false;
    bool ended_ = false;
    int failure_ = 0;
    std::uint64_t sent_ = 0, received_ = 0; // bytes
    std::array<char, 32 * 1024> buffer_;
};

} // namespace preforkd::proxy
