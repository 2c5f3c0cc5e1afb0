// A connection to a server behind this one. Its waits are short, so that whoever waits can look at
// other connections meanwhile.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/address.h"
#include "net/backend_tls.h"
#include "os/deadline.h"
#include "os/unique_fd.h"

namespace preforkd::net {

struct BackendOptions {
    Duration patience{};             // for the connection to be made
    bool keep_alive = false;         // the system looks from time to time whether it is still there
    int receive_buffer = 0;          // bytes; 0 for the system's choice
    const Address* source = nullptr; // whence; nullptr for anywhere
};

class BackendConnection {
  public:
    // Failures carry the errno.
    static Result<BackendConnection> open(const Address& address, const BackendOptions& options);
    static Result<BackendConnection> open_unix(const std::string& path,
                                               const BackendOptions& options);

    // From now on everything is encrypted. `host` is who is asked for.
    Status secure(const TlsContext& context, const std::string& host, const PeerChecks& checks,
                  Duration patience);

    // What has come, after a moment at most; EAGAIN where nothing has. 0 at the end.
    Result<std::size_t> receive(std::span<char> into);
    // The same without any wait.
    Result<std::size_t> receive_at_once(std::span<char> into);
    // Sends what is taken within a moment and answers how much that was.
    Result<std::size_t> send(std::string_view first, std::string_view second, bool more = false);

    // Nothing has come since the last answer, not even the end.
    bool is_quiet();

    // Waits until one of them has news.
    struct News {
        bool readable = false;
        bool client_sends_no_more = false;
        bool client_is_gone = false;
        bool client_readable = false;
    };
    enum class Client : unsigned char { its_end, what_it_sends }; // what is news of it
    Result<News> wait(int client, Client wanted, Duration most) const;

    // Who was asked for; empty where nothing is encrypted.
    const std::string& secured_for() const { return secured_for_; }

    int descriptor() const { return socket_.get(); }
    // Of this end; 0 over a Unix domain socket.
    unsigned short source_port() const { return source_port_; }

  private:
    explicit BackendConnection(UniqueFd socket) : socket_(std::move(socket)) {}
    bool has_news() const;

    UniqueFd socket_;
    unsigned short source_port_ = 0;
    std::string secured_for_;
    std::optional<BackendTls> tls_; // ends before the socket
};

} // namespace preforkd::net
