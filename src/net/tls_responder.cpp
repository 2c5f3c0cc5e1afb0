#include "net/tls_responder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/http.h>
#include <openssl/x509v3.h>

#include "base/text.h"
#include "net/connect.h"
#include "net/tls_error.h"
#include "net/tls_pem.h"
#include "os/host_names.h"

namespace preforkd::net {

namespace {

constexpr int largest_response = 64 * 1024;

struct Location {
    std::string host, port, path;
    std::string authority() const { return host + ":" + port; }
};

// OpenSSL's text becomes ours.
std::string taken(char* text) {
    std::string copy = text ? text : "";
    OPENSSL_free(text);
    return copy;
}

std::optional<Location> parse_url(const std::string& url, const TlsLog& log) {
    if (!istarts_with(url, "http://")) {
        log(log::Level::error, "AH01940: stapling_renew_response: Unsupported uri " + url, 0);
        return {};
    }
    char *host = nullptr, *port = nullptr, *path = nullptr, *query = nullptr;
    if (OSSL_HTTP_parse_url(url.c_str(), nullptr, nullptr, &host, &port, nullptr, &path, &query,
                            nullptr) != 1) {
        static_cast<void>(take_tls_errors());
        log(log::Level::error, "AH01939: stapling_renew_response: Error parsing uri " + url, 0);
        return {};
    }
    Location location{taken(host), taken(port), taken(path)};
    if (const auto behind_path = taken(query); !behind_path.empty())
        location.path += "?" + behind_path;
    return location;
}

std::optional<UniqueFd> connect_to_first(const Location& location, Deadline deadline,
                                         const TlsLog& log) {
    const auto hosts = resolve_host(location.host);
    if (!hosts || hosts->empty()) {
        log(log::Level::error,
            "AH01972: could not resolve address of OCSP responder " + location.host, 0);
        return {};
    }
    log(log::Level::debug,
        fmt::format("AH01973: connecting to OCSP responder '{}'", location.authority()), 0);
    const auto port = static_cast<unsigned short>(parse_decimal(location.port).value_or(0));
    int code = 0;
    for (const auto& host : *hosts) {
        const auto address = Address::parse(host, port);
        if (!address || deadline.passed()) continue;
        auto socket = connect_to(*address, deadline.remaining());
        if (socket) return std::move(*socket);
        code = socket.error().code;
    }
    log(log::Level::error,
        fmt::format("AH01974: could not connect to OCSP responder '{}'", location.authority()),
        code);
    return {};
}

struct Fields {
    STACK_OF(CONF_VALUE) * list = nullptr;
    ~Fields() { sk_CONF_VALUE_pop_free(list, X509V3_conf_free); }
};

UniqueBio exchange(const Location& location, int socket, std::string_view request,
                   Deadline deadline) {
    const UniqueBio connection(BIO_new_socket(socket, BIO_NOCLOSE));
    const UniqueBio question(BIO_new_mem_buf(request.data(), static_cast<int>(request.size())));
    Fields fields;
    X509V3_add_value("Host", location.authority().c_str(), &fields.list);
    const auto left = std::chrono::ceil<std::chrono::seconds>(deadline.remaining());
    return UniqueBio(OSSL_HTTP_transfer(
        nullptr, location.host.c_str(), location.port.c_str(), location.path.c_str(), 0, nullptr,
        nullptr, connection.get(), connection.get(), nullptr, nullptr, 0, fields.list,
        "application/ocsp-request", question.get(), "application/ocsp-response", 1,
        largest_response, static_cast<int>(left.count()), 0));
}

} // namespace

std::optional<std::string> ask_responder(const std::string& url, std::string_view request,
                                         Deadline deadline, const TlsLog& log) {
    const auto location = parse_url(url, log);
    if (!location) return {};
    const auto socket = connect_to_first(*location, deadline, log);
    if (!socket || deadline.passed()) return {};
    // OpenSSL looks at the time when there is nothing to read, not while a read waits.
    ::fcntl(socket->get(), F_SETFL, O_NONBLOCK);
    log(log::Level::debug, "AH01975: sending request to OCSP responder", 0);
    const UniqueBio response = exchange(*location, socket->get(), request, deadline);
    const auto errors = take_tls_errors();
    char* bytes = nullptr;
    const long size = response ? BIO_get_mem_data(response.get(), &bytes) : 0;
    if (size > 0) return std::string(bytes, static_cast<std::size_t>(size));
    log(log::Level::error, "AH01985: error reading response from OCSP server", 0);
    for (const auto line : split(errors, '\n'))
        if (!line.empty()) log(log::Level::error, line, 0);
    return {};
}

} // namespace preforkd::net
