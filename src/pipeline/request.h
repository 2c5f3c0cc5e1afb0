// One request on its way through the phases. Each phase fills the fields under its heading; views
// belong to the request's arena or the connection's buffer and live as long as the request.
#pragma once

#include <cstdint>
#include <limits>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <vector>

#include "base/arena.h"
#include "base/log.h"
#include "config/configuration.h"
#include "config/settings.h"
#include "http/request_head.h"
#include "http/request_reader.h"
#include "http/response_writer.h"
#include "net/address.h"
#include "os/deadline.h"
#include "pool/scoreboard.h"

namespace preforkd {

namespace net {
class TlsStream;
}
namespace proxy {
struct Route;
}
namespace rewrite {
struct Notes;
}

// What stands in a status line, and on the page, where the proxy has no response.
inline constexpr std::string_view proxy_reason = "Proxy Error";

class InputFilter;
class OutputFilter;
class RequestProcessor;
class Responder;

// Who asks.
struct Client {
    net::Address address;
    std::string_view ip;
    std::string_view text; // with the port, as the error log has it: "::1:4711"
};

// What modules may know of a connection. Lives as long as it.
struct ConnectionFacts {
    net::Address client;
    net::Address local;
    std::string_view client_ip;   // "127.0.0.1"
    std::string_view client_text; // "127.0.0.1:4711", "::1:4711", for the error log
    std::string_view local_ip;
    // Who is served, where the other end said so by the PROXY protocol: maybe itself. A request
    // comes from there once post_read_request has seen it.
    const Client* introduced = nullptr;
    // The servers of the local address, and the one that counts before a Host field is known.
    const config::HostIndex::Candidates* hosts = nullptr;
    const config::Server* first_server = nullptr;
    Stream* stream = nullptr;      // the client's bytes, whatever protects them
    net::TlsStream* tls = nullptr; // nullptr where the client speaks plain HTTP
    // With TLS: the server that the handshake was for.
    const config::Server* tls_server = nullptr;
    unsigned requests_served = 0; // on this connection, before the current one (%k)
    int child_slot = 0;           // in the scoreboard
    pool::Slot* slot = nullptr;   // this child's; none outside a server
    mutable std::string log_id =
        {}; // once an error log line names it (pipeline/error_log_format.h)
    // Whether this child was asked to leave: then every response says Connection: close.
    bool (*leaving)() = nullptr;
};

// A variable of the request (Apache: subprocess_env): SetEnv, CGI, %{…}e. Names are the same in any
// letter case, as keys of Apache's tables are; the first spelling stays.
struct Variable {
    std::string_view name;
    std::string_view value;
};

// What there is at `filename`.
struct Storage {
    enum class Kind : unsigned char { unknown, missing, regular, directory, other };
    static Kind kind_of(const struct stat& status);
    Kind kind = Kind::unknown;
    struct stat status {};
};

// The response as the phases shape it.
struct Response {
    explicit Response(Arena& arena) : fields(arena), error_fields(arena) {}
    int status = 200;
    std::string_view reason;   // "" for the standard phrase
    http::Fields fields;       // sent with a success
    http::Fields error_fields; // sent whatever happens (Apache: err_headers_out)
    std::string_view content_type;
    std::string_view charset;            // added to content_type
    std::optional<std::uint64_t> length; // known before the content is made
    std::optional<bool> has_content;     // that filters see, where one cannot tell for a HEAD
    std::string_view variant_list_tag;   // of the list that this variant was chosen from
    bool no_local_copy = false;          // never answer 304
    bool no_etag = false;                // the content is not the file's alone
    bool calls_itself_1_0 = false;       // in the status line
    bool is_error_page = false;          // the server's own page for its status
    // Longer content is never cut to what Range asks for: somebody would have to hold all of it.
    std::uint64_t most_cut = std::numeric_limits<std::uint64_t>::max();
    bool filter_failed = false; // the content cannot be made
};

// As much as fits one piece: what comes from a program or another server is cut up to here.
inline constexpr std::uint64_t one_piece = 8192;

// Says how long the content is; its field stands where it was first said.
void promise_length(Response& response, Arena& arena, std::uint64_t length);
void withdraw_length(Response& response);

// Where the content is another server's.
struct OtherServer {
    bool answers = false;                // its URL stands in Request::filename, behind "proxy:"
    bool is_clients_choice = false;      // named in what the client asked for
    bool has_timed_out = false;          // it was asked, and did not answer in time
    bool keeps_url = false;              // that URL is to be asked for as it stands
    std::string_view socket;             // of the Unix domain to ask at; "" for none
    const proxy::Route* route = nullptr; // what led there, where that was a ProxyPass
};

class Request {
  public:
    Request(const ConnectionFacts& connection, Arena& arena);

    const ConnectionFacts& connection;
    Arena& arena;

    // The other end of the connection, or whom a proxy names that is trusted (mod_remoteip).
    Client client;

    // Read from the client.
    http::RequestHead head;
    http::BodySource* content = nullptr;            // none for a subrequest
    http::BodySource* unfiltered_content = nullptr; // the same, where there are filters around it
    // What was read of it, for subrequests; no data() where nothing is kept (KeptBodySize).
    std::string_view kept_content;
    SteadyClock::time_point started;
    std::int64_t received_at = 0; // microseconds since 1970, for %t

    // Chosen by address and Host.
    const config::Server* server = nullptr;
    std::string_view host;        // without port, as the client sent it; empty for none
    unsigned short host_port = 0; // from Host, or 0

    // post_read_request: the target, taken apart.
    std::string_view uri;      // decoded, normalized path; changed by internal redirects
    std::string_view raw_path; // still percent-encoded
    std::string_view query;    // after '?'
    bool has_query = false;
    // The path as far as it is known: before it is decoded what was sent, where slashes at the
    // front are one whatever MergeSlashes says.
    std::string_view path() const;

    // Merged for this request; never null after the server is chosen.
    const config::MergedSettings* settings = nullptr;
    template <class S>
    const S& of() const {
        if constexpr (S::scope == config::Scope::server) return server->template of<S>();
        else return settings->template of<S>();
    }

    // translate_name and map_to_storage.
    std::string_view filename;    // absolute, canonical; the part that exists; or "proxy:" + URL
    std::string_view path_info;   // what follows it in the path
    bool is_script_alias = false; // ScriptAlias led here: a CGI script whatever Options say
    // The path that an Alias stands for, and where it leads (Apache: ap_context_prefix).
    std::string_view context_prefix, context_root;
    // In place of the server's DocumentRoot (mod_vhost_alias); "" for that itself.
    std::string_view document_root;
    Storage storage;

    // check_user_id and auth_checker.
    bool needs_user = false; // set by access_checker: what Require asks depends on who it is
    std::string_view user;   // may be "" where somebody came in without a name
    bool has_user() const { return user.data() != nullptr; }
    std::string_view auth_type;
    bool nonce_is_noted = false; // mod_auth_digest's: this use of it counts, and not once more

    // type_checker.
    std::string_view handler_name; // SetHandler, AddHandler
    std::string_view content_encoding;
    std::pmr::vector<std::string_view> languages;

    // In their order from here to the client (pipeline/output_filter.h, pipeline/input_filter.h).
    std::pmr::vector<const OutputFilter*> output_filters;
    std::pmr::vector<const InputFilter*> input_filters;

    // Variables: SetEnv, SetEnvIf, …
    std::pmr::vector<Variable> variables;
    const std::string_view* find_variable(std::string_view name) const;
    void set_variable(std::string_view name, std::string_view value);
    // Beside one of that name, if there is: that is the one that is found, until the last one
    // counts (Apache's tables: SetEnv after SetEnvIf).
    void add_variable(std::string_view name, std::string_view value);
    void let_last_variables_count();
    void remove_variable(std::string_view name);
    // What modules tell each other and the logs (%{NAME}n).
    std::pmr::vector<Variable> notes;
    const std::string_view* find_note(std::string_view name) const;
    void set_note(std::string_view name, std::string_view value);

    Response response;
    bool ends_connection = false; // nothing that follows it is to be read
    bool keep_alive = false;      // decided when the head is sent
    bool header_only() const { return head.method == http::Method::head; }
    std::uint64_t bytes_sent = 0;         // with the head (%O), known when logging
    std::uint64_t content_bytes_sent = 0; // without it (%b)
    std::uint64_t bytes_received = 0;     // with the head (%I)
    bool aborted = false;                 // the client went away before the end

    // Chains: an internal redirect points back to what was asked first, a subrequest to its parent.
    Request* previous = nullptr;
    Request* main = nullptr;
    // The request that the client sent (the last `previous`, or this).
    const Request& original() const;
    Request& original();
    std::string_view error_notes; // for the error page: why a request was malformed

    mutable std::string_view log_id; // once an error log line names it
    // To the error log of the request's server, if its LogLevel wants it; with [client …].
    void log(std::string_view module, log::Level level, std::string_view text, int code = 0) const;
    // What that log wants of a module: worth asking before much is formatted.
    log::Level log_level(std::string_view module) const;

    RequestProcessor* processor = nullptr; // for subrequests and redirects

    OtherServer other_server; // mod_proxy's

    rewrite::Notes* rewrite_notes = nullptr; // mod_rewrite's, where it has any
    bool rules_ended = false;                // its [END]: no further rules, wherever this leads
};

// Who makes the content, in Apache's words: what SetHandler or AddHandler named, or else the media
// type, by which AddType names a handler as well, or the handler for files.
std::string_view handler_of(const Request& request);

// How a handler answers: it shapes request.response, then sends the head and gets the sink for the
// content. There is no other way to a sink, so a field after the content cannot be written.
class Responder {
  public:
    virtual ~Responder() = default;
    // Whether the client has got the head already: then nothing else can be answered.
    virtual bool has_sent_head() const = 0;
    // Runs the response filters. Called once, and again only for an error page.
    virtual http::BodySink& send(Request& request) = 0;
    // Sends a head with a content in one go.
    Status send(Request& request, std::string_view content) {
        request.response.length = content.size();
        auto& sink = send(request);
        if (auto written = sink.write(content); !written) return written;
        return sink.finish();
    }
};

} // namespace preforkd
