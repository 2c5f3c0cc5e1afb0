#include "child/connection.h"

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "child/progress.h"
#include "http/uri.h"
#include "pipeline/connection_opening.h"
#include "pipeline/core_settings.h"

namespace preforkd {

using http::FieldId;

namespace {

constexpr Duration usual_timeout = std::chrono::seconds(60);
constexpr Duration usual_keep_alive_timeout = std::chrono::seconds(5);
// Of a child that was told to leave, with a client that may be about to send.
constexpr Duration parting_patience = std::chrono::seconds(1);

Duration timeout_of(const config::Server& server) {
    return server.of<CoreServerSettings>().timeout.value_or(usual_timeout);
}

http::Limits limits_of(const config::Server& server) {
    const auto& core = server.of<CoreServerSettings>();
    http::Limits limits;
    limits.request_line = core.limit_request_line.value_or(limits.request_line);
    limits.field_count = core.limit_request_fields.value_or(limits.field_count);
    limits.field_size = core.limit_request_field_size.value_or(limits.field_size);
    limits.unsafe = core.protocol_unsafe.value_or(limits.unsafe);
    limits.allow_http_0_9 = core.protocol_http_0_9.value_or(limits.allow_http_0_9);
    limits.registered_only = core.protocol_registered_only.value_or(limits.registered_only);
    limits.registered_methods = &core.registered_methods;
    return limits;
}

http::ContentTerms content_terms_of(const config::Server& server) {
    const auto& core = server.of<CoreServerSettings>();
    http::ContentTerms terms;
    terms.patience = patience_of(server.of<RequestReadTimeoutSettings>().body, server);
    terms.trailer_count = core.limit_request_fields.value_or(terms.trailer_count);
    terms.merge_trailers = core.merge_trailers.value_or(terms.merge_trailers);
    return terms;
}

bool was_interrupted(const http::Received& received) {
    const auto* none = std::get_if<http::NoRequest>(&received);
    return none && none->code == EINTR;
}

// Names are compared, and sent back in a Location, in lower case.
std::string_view in_lower_case(std::string_view name, Arena& arena) {
    if (std::none_of(name.begin(), name.end(), [](char c) { return c != to_lower(c); }))
        return name;
    return arena.copy(lower(name));
}

// Fills what the target and Host say of the request; answers 0, or the status to refuse with.
int read_target(Request& request) {
    const auto target = http::parse_target(request.head.target);
    if (!target) return 400;
    request.raw_path = target->path;
    if (target->form == http::Target::Form::asterisk) {
        // RFC 9112 §3.2.4
        if (request.head.method != http::Method::options) return 400;
        request.raw_path = "*";
    }
    if (target->form == http::Target::Form::authority &&
        request.head.method != http::Method::connect)
        return 400;
    // An https URL must not be served where nothing is encrypted (RFC 9110 §7.4).
    if (!request.connection.tls && iequals(target->scheme, "https")) return 421;
    request.has_query = target->query.has_value();
    request.query = target->query.value_or(std::string_view());

    const auto* host = request.head.fields.find(FieldId::host);
    if (!host && request.head.at_least(1, 1)) {
        request.log("core", log::Level::info,
                    "client sent HTTP/1.1 request without hostname (see RFC 9112 section 3.2)");
        return 400;
    }
    if (!host && target->authority.empty()) return 0;
    auto named = host ? http::parse_host(*host) : std::nullopt;
    // It is checked where the target overrules it, too (RFC 9112 §3.2); there it may be empty.
    const bool overruled = !target->authority.empty();
    if (host && !named && !(overruled && host->empty())) return 400;
    if (overruled) {
        named = http::parse_host(target->authority);
        // Whoever looks at the field later sees what counts (RFC 9112 §3.2.2).
        if (host)
            request.head.fields.set(FieldId::host, in_lower_case(target->authority, request.arena));
    }
    if (!named) return 400;
    auto name = named->host;
    if (name.size() > 1 && name.ends_with('.')) name.remove_suffix(1); // fully qualified anyway
    request.host = in_lower_case(name, request.arena);
    request.host_port = named->port.value_or(0);
    return 0;
}

void log_read_timeout(const Request& request, std::string_view stage) {
    request.log("reqtimeout", log::Level::info,
                fmt::format("AH01382: Request {} read timeout", stage));
}

bool client_asked_to_close(const Request& request) {
    const auto* connection = request.head.fields.find(FieldId::connection);
    if (!connection) return !request.head.at_least(1, 1);
    return iequals(*connection, "close");
}

} // namespace

// One connection from its first request to its last.
class ConnectionServer::Conversation {
  public:
    Conversation(ConnectionServer& owner, Stream& stream, ConnectionFacts& facts)
        : context_(owner.context_), processor_(owner.processor_), arena_(owner.arena_),
          first_server_(*facts.first_server), reader_(owner.reader_), writer_(owner.writer_),
          responder_(owner.responder_), progress_(context_.slot), facts_(facts) {
        reader_.begin(stream);
        writer_.begin(stream);
    }

    Farewell hold() {
        while (serve_one()) ++facts_.requests_served;
        return farewell_;
    }

    // What the client sent was no request.
    Farewell turn_away(std::string_view note) {
        Request request(facts_, arena_);
        request.server = &first_server_;
        request.error_notes = note;
        request.head.request_line = "GET / HTTP/1.0"; // for the log, as in Apache
        request.head.method_name = "GET";
        request.raw_path = "/";
        note_arrival(request);
        refuse(request, 400);
        processor_.forget();
        arena_.release();
        return farewell_;
    }

  private:
    // Whether another request may follow.
    bool serve_one() {
        Request request(facts_, arena_);
        const bool goes_on = receive(request) && answer(request);
        processor_.forget();
        arena_.release();
        return goes_on;
    }

    bool receive(Request& request) {
        request.server = &first_server_;
        const bool first = facts_.requests_served == 0;
        progress_.waiting(first ? pool::ChildState::reading : pool::ChildState::keepalive);
        const auto received = wait_for_head(request);
        if (const auto* none = std::get_if<http::NoRequest>(&received)) {
            // An idle client that is told goodbye may just be sending; one that left is not.
            const bool left = none->code == 0;
            farewell_ = first || left ? Farewell::close_now : Farewell::linger;
            return false;
        }
        note_arrival(request);
        if (const auto* malformed = std::get_if<http::MalformedRequest>(&received)) {
            request.error_notes = malformed->note;
            if (malformed->is_too_slow) log_read_timeout(request, "header");
            else request.log("core", log::Level::info, malformed->reason);
            if (malformed->is_silent) note_silence(request);
            else refuse(request, malformed->status);
            return false;
        }
        return true;
    }

    static void note_arrival(Request& request) {
        request.started = SteadyClock::now();
        request.received_at = std::chrono::duration_cast<std::chrono::microseconds>(
                                  std::chrono::system_clock::now().time_since_epoch())
                                  .count();
    }

    http::Received wait_for_head(Request& request) {
        const auto& server = first_server_;
        const auto limits = limits_of(server);
        const auto patience = patience_of(server.of<RequestReadTimeoutSettings>().head, server);
        const auto idle =
            server.of<CoreServerSettings>().keep_alive_timeout.value_or(usual_keep_alive_timeout);

        const auto end = Deadline::after(idle);
        auto received = reader_.read_head(request.head, limits, end, patience);
        // Being stopped and continued interrupts, too (signal(7)).
        while (was_interrupted(received) && !context_.leaving())
            received = reader_.read_head(request.head, limits, end, patience);
        if (!was_interrupted(received)) return received;
        // The child was told to leave. A busy client has its next request on the way: that one is
        // answered, and is the last.
        const auto parting = std::min(end, Deadline::after(parting_patience));
        while (was_interrupted(received))
            received = reader_.read_head(request.head, limits, parting, patience);
        return received;
    }

    bool answer(Request& request) {
        const int problem = read_target(request);
        request.server =
            request.host.empty()
                ? &config::HostIndex::by_path(*facts_.hosts, request.raw_path)
                : &config::HostIndex::by_name(*facts_.hosts, request.host, facts_.local.port());
        if (problem != 0 || is_stranger(request)) {
            refuse(request, problem != 0 ? problem : 400);
            return false;
        }
        if (request.head.has_content())
            request.content =
                &reader_.content(request.head, content_terms_of(*request.server), arena_);
        begin(request);
        processor_.serve(request, responder_);
        return conclude(request);
    }

    // StrictHostCheck: no server of the address has the name that the client asks for.
    bool is_stranger(const Request& request) const {
        if (request.host.empty() ||
            !first_server_.of<CoreServerSettings>().strict_host_check.value_or(false))
            return false;
        if (config::HostIndex::find_by_name(*facts_.hosts, request.host, facts_.local.port()) ||
            iequals(first_server_.name, request.host))
            return false;
        const std::string where =
            first_server_.is_virtual
                ? fmt::format("matching virtual host (default vhost for current connection is "
                              "{}:{})",
                              first_server_.place.file ? *first_server_.place.file : "",
                              first_server_.place.line)
                : "global server configuration ";
        request.log("core", log::Level::warn,
                    fmt::format("{}: Requested hostname '{}' did not match any "
                                "ServerName/ServerAlias in the {}",
                                first_server_.is_virtual ? "AH10157" : "AH10156", request.host,
                                where));
        return true;
    }

    void begin(const Request& request) {
        progress_.request_began(request);
        writer_.begin_response(timeout_of(*request.server));
        responder_.begin();
    }

    // Apache logs a client that connected and said nothing as if it had been told 408.
    void note_silence(Request& request) {
        request.settings = &first_server_.directory_merged;
        request.response.status = 408;
        processor_.log(request);
    }

    void refuse(Request& request, int status) {
        begin(request);
        request.ends_connection = true;
        processor_.refuse(request, status, responder_);
        conclude(request);
    }

    bool conclude(const Request& request) {
        Request& last = processor_.last();
        last.bytes_sent = writer_.bytes_sent();
        last.content_bytes_sent = writer_.content_bytes_sent();
        last.bytes_received = reader_.bytes_received();
        last.aborted = last.aborted || !writer_.complete();
        progress_.request_ended(last);
        if (reader_.content_was_too_slow()) log_read_timeout(last, "body");
        processor_.log(last);

        const bool content_over =
            !request.head.has_content() || (request.content && request.content->at_end());
        if (last.keep_alive && writer_.complete() && (content_over || drained())) return true;
        farewell_ =
            has_nothing_to_wait_for(request, content_over) ? Farewell::close_now : Farewell::linger;
        return false;
    }

    // Whether the client cannot lose what it was sent, or did not take it.
    bool has_nothing_to_wait_for(const Request& request, bool content_over) {
        if (writer_.broken()) return true;
        return writer_.complete() && content_over && !reader_.has_buffered_input() &&
               client_asked_to_close(request);
    }

    bool drained() { return reader_.discard_content().has_value(); }

    const ConnectionContext& context_;
    RequestProcessor& processor_;
    Arena& arena_;
    const config::Server& first_server_;
    http::RequestReader& reader_;
    http::ResponseWriter& writer_;
    WireResponder& responder_;
    Progress progress_;
    ConnectionFacts& facts_;
    Farewell farewell_ = Farewell::close_now;
};

ConnectionServer::ConnectionServer(const ConnectionContext& context)
    : context_(context), processor_(context.configuration),
      responder_(writer_, processor_.phases()) {}

Farewell ConnectionServer::serve(Stream& network, const net::Address& client,
                                 const net::Address& local) {
    const std::string client_ip = client.ip(), local_ip = local.ip();
    const std::string client_text = client_ip + ":" + std::to_string(client.port());
    const auto& hosts = context_.hosts.for_address(local.packed(), local.port());
    ConnectionFacts facts{
        .client = client,
        .local = local,
        .client_ip = client_ip,
        .client_text = client_text,
        .local_ip = local_ip,
        .hosts = &hosts,
        .first_server = &config::HostIndex::first_of(hosts),
        .stream = &network,
        .child_slot = context_.slot_number,
        .slot = &context_.slot,
        .leaving = context_.leaving,
    };
    Progress progress(context_.slot);
    progress.connection_opened(client_ip);
    const Farewell farewell = serve(network, facts);
    progress.connection_ended();
    return farewell;
}

Farewell ConnectionServer::serve(Stream& network, ConnectionFacts& facts) {
    const auto& layers = processor_.phases().pre_connection;
    if (layers.empty()) return Conversation(*this, network, facts).hold();
    Progress(context_.slot).waiting(pool::ChildState::reading);
    ConnectionOpening opening{facts, &network};
    for (auto* add_layer : layers)
        if (!opening.is_over) add_layer(opening);
    if (opening.is_over) return Farewell::linger;
    facts.stream = opening.stream;
    Conversation conversation(*this, *opening.stream, facts);
    const Farewell farewell =
        opening.refusal.empty() ? conversation.hold() : conversation.turn_away(opening.refusal);
    opening.stream->conclude();
    return farewell;
}

} // namespace preforkd
