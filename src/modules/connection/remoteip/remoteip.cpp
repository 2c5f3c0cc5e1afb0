// remoteip: whom a proxy in front of this server speaks for, as a field of the request or the
// beginning of a connection tells.
#include <cstring>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "config/words.h"
#include "modules/access/client_host.h"
#include "modules/connection/remoteip/expectation.h"
#include "modules/connection/remoteip/introduction.h"
#include "modules/connection/remoteip/remoteip_settings.h"
#include "modules/modules.h"
#include "net/address.h"
#include "os/file.h"
#include "os/host_names.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

Error cannot_parse(std::string_view word, std::string_view why, const Invocation& invocation) {
    return Error{fmt::format("RemoteIP: Error parsing IP {} ({} error) for {}", word, why,
                             invocation.directive.name)};
}

// A network, an address, or a name that the resolver knows.
Status add_proxy(RemoteIpSettings& settings, const std::string& word, bool is_internal,
                 const Invocation& invocation) {
    if (looks_like_address(std::string_view(word).substr(0, word.find('/')))) {
        const auto range = net::AddressRange::parse(word);
        if (!range) return cannot_parse(word, fault_of_range(word), invocation);
        settings.proxies.push_back({*range, is_internal});
        return {};
    }
    const auto addresses = resolve_host(word);
    if (!addresses) {
        const auto& why = addresses.error().what; // "(EAI 2)Name or service not known"
        return cannot_parse(word, std::string_view(why).substr(why.find(')') + 1), invocation);
    }
    for (const auto& address : *addresses)
        if (const auto range = net::AddressRange::parse(address))
            settings.proxies.push_back({*range, is_internal});
    return {};
}

template <bool is_internal>
Status add_proxy_word(RemoteIpSettings& settings, Arguments arguments, Invocation& invocation) {
    return add_proxy(settings, arguments[0], is_internal, invocation);
}

template <bool is_internal>
Status add_proxy_list(RemoteIpSettings& settings, Arguments arguments, Invocation& invocation) {
    const auto path = invocation.server_relative(arguments[0]);
    const auto text = read_whole_file(path);
    if (!text)
        return Error{fmt::format("{}: Could not open file {}: {}", invocation.directive.name, path,
                                 std::strerror(text.error().code))};
    for (const auto line : split(*text, '\n')) {
        for (const auto& word : config::split_words(line)) {
            if (word.starts_with('#')) break;
            if (auto added = add_proxy(settings, word, is_internal, invocation); !added)
                return added;
        }
    }
    return {};
}

// What nobody in the internet can be: a proxy from there that says so is wrong, or lies.
bool is_private(const net::Address& address) {
    const auto packed = address.packed();
    const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(packed[place]); };
    if (address.is_ipv6()) return (byte(0) & 0xe0) != 0x20; // RFC 4291: global unicast is 2000::/3
    return byte(0) == 10 || byte(0) == 127 || (byte(0) == 169 && byte(1) == 254) ||
           (byte(0) == 172 && (byte(1) & 0xf0) == 16) || (byte(0) == 192 && byte(1) == 168);
}

const TrustedProxy* find_proxy(const RemoteIpSettings& settings, const net::Address& address) {
    for (const auto& proxy : settings.proxies)
        if (proxy.range.contains(address)) return &proxy;
    return nullptr;
}

void say_ignored(const Request& request, std::string_view field, std::string_view value,
                 std::string_view tag, std::string_view why, int code = 0) {
    request.log("remoteip", log::Level::debug,
                request.arena.join({tag, ": RemoteIP: Header ", field, " value of ", value, why}),
                code);
}

// Follows the field from its end, from one proxy to the one before it.
class Trail {
  public:
    Trail(Request& request, const RemoteIpSettings& settings, std::string_view value)
        : request_(request), settings_(settings), rest_(value), address_(request.client.address),
          ip_(request.client.ip) {}

    void follow() {
        while (!rest_.empty() && step()) {
        }
    }
    bool went_anywhere() const { return went_anywhere_; }
    const net::Address& address() const { return address_; }
    std::string_view ip() const { return ip_; }
    std::string_view rest() const { return rest_; }
    std::string_view proxies() const { return proxies_; }

  private:
    bool step() {
        bool is_internal = false;
        if (!settings_.proxies.empty()) {
            const auto* proxy = find_proxy(settings_, address_);
            if (!proxy) return false;
            is_internal = proxy->is_internal;
        }
        const auto comma = rest_.rfind(',');
        const auto named = trim(comma == rest_.npos ? rest_ : rest_.substr(comma + 1));
        if (named.empty()) return false;
        const bool is_bracketed = named.starts_with('['); // as in a URL, which this is not
        const auto next = is_bracketed ? std::nullopt : net::Address::parse(named, 0);
        if (!next) {
            say_ignored(request_, *settings_.field, named, "AH01568",
                        " cannot be parsed as a client IP", log::cause_no_such_host);
            return false;
        }
        if (!is_internal && is_private(*next)) {
            say_ignored(request_, *settings_.field, named, "AH01569",
                        " appears to be a private IP or nonsensical.  Ignored");
            return false;
        }
        Arena& arena = request_.arena;
        if (!is_internal) proxies_ = proxies_.empty() ? ip_ : arena.join({proxies_, ", ", ip_});
        address_ = *next;
        ip_ = arena.copy(next->ip());
        rest_ = comma == rest_.npos ? std::string_view() : rest_.substr(0, comma);
        return went_anywhere_ = true;
    }

    Request& request_;
    const RemoteIpSettings& settings_;
    std::string_view rest_;
    net::Address address_;
    std::string_view ip_, proxies_;
    bool went_anywhere_ = false;
};

bool is_told_of_clients(const Request& request) {
    return request.log_level("remoteip") >= log::Level::trace1;
}

void say_followed(const Request& request, const Trail& trail) {
    if (!is_told_of_clients(request)) return;
    const auto how = trail.proxies().empty()
                         ? std::string_view(" as client's IP by internal proxies")
                         : request.arena.join({" as client's IP by proxies ", trail.proxies()});
    request.log("remoteip", log::Level::trace1, request.arena.join({"Using ", trail.ip(), how}));
}

// Whom the beginning of the connection names: then no field of a request can name another.
void take_introduced(Request& request, const Client& client) {
    request.client = client;
    if (is_told_of_clients(request))
        request.log(
            "remoteip", log::Level::trace1,
            request.arena.join({"Using ", client.ip, " as client's IP from PROXY protocol"}));
}

Verdict find_client(Request& request) {
    if (const auto* client = request.connection.introduced) {
        take_introduced(request, *client);
        return declined;
    }
    const auto& settings = request.of<RemoteIpSettings>();
    if (!settings.field) return declined;
    auto& fields = request.head.fields;
    if (!fields.find(*settings.field)) return declined;
    Trail trail(request, settings, fields.combined(*settings.field, request.arena));
    trail.follow();
    if (!trail.went_anywhere()) return declined;
    request.client = {trail.address(), trail.ip(), request.arena.join({trail.ip(), ":0"})};
    if (trail.rest().empty()) fields.remove(*settings.field);
    else fields.set(*settings.field, trail.rest());
    say_followed(request, trail);
    if (trail.proxies().empty()) return declined;
    request.set_note("remoteip-proxy-ip-list", trail.proxies());
    if (settings.proxies_field) fields.set(*settings.proxies_field, trail.proxies());
    return declined;
}

Status add_exception(RemoteIpSettings& settings, Arguments arguments) {
    const auto& word = arguments[0];
    const auto range = net::AddressRange::parse(word);
    if (!range)
        return Error{fmt::format("ip address '{}' appears to be invalid: {}",
                                 word.substr(0, word.find('/')), fault_of_range(word))};
    settings.exceptions.push_back(*range);
    return {};
}

std::vector<config::Directive> directives() {
    using config::edits;
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    return {
        {"RemoteIPHeader", Shape::one, in_servers, 0, config::sets_text<&RemoteIpSettings::field>,
         "Specifies a request header to trust as the client IP, e.g. X-Forwarded-For"},
        {"RemoteIPProxiesHeader", Shape::one, in_servers, 0,
         config::sets_text<&RemoteIpSettings::proxies_field>,
         "Specifies a request header to record proxy IP's, e.g. X-Forwarded-By; if not given then "
         "do not record"},
        {"RemoteIPTrustedProxy", Shape::each, in_servers, 0, edits<add_proxy_word<false>>,
         "Specifies one or more proxies which are trusted to present IP headers"},
        {"RemoteIPInternalProxy", Shape::each, in_servers, 0, edits<add_proxy_word<true>>,
         "Specifies one or more internal (transparent) proxies which are trusted to present IP "
         "headers"},
        {"RemoteIPTrustedProxyList", Shape::one, in_servers, 0, edits<add_proxy_list<false>>,
         "The filename to read the list of trusted proxies, see the RemoteIPTrustedProxy "
         "directive"},
        {"RemoteIPInternalProxyList", Shape::one, in_servers, 0, edits<add_proxy_list<true>>,
         "The filename to read the list of internal proxies, see the RemoteIPInternalProxy "
         "directive"},
        {"RemoteIPProxyProtocol", Shape::flag, in_servers, 0,
         config::sets_flag<&RemoteIpSettings::expects_header>,
         "Enable PROXY protocol handling ('on', 'off')"},
        {"RemoteIPProxyProtocolExceptions", Shape::each, in_servers, 0, edits<add_exception>,
         "Disable PROXY protocol handling for this list of networks in CIDR format"},
    };
}

} // namespace

Module remoteip_module() {
    return {
        .name = "remoteip",
        .directives = directives(),
        .settings = {config::settings_type<RemoteIpSettings>()},
        .hooks = {.post_config = choose_introductions,
                  .child_init = note_introductions,
                  .pre_connection = read_introduction,
                  .post_read_request = find_client},
    };
}

} // namespace preforkd
