// What the core directives say of servers and directories. modules/server/core fills it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "config/directive.h"
#include "config/settings.h"
#include "http/request_reader.h"
#include "http/uri.h"
#include "os/deadline.h"

namespace preforkd {

// Options. Combine with |.
enum Option : unsigned {
    option_indexes = 1,
    option_includes = 2,
    option_follow_symlinks = 4,
    option_exec_cgi = 16,
    option_includes_no_exec = 32,
    option_symlinks_if_owner = 64,
    option_multiviews = 128,
    option_all = option_indexes | option_includes | option_follow_symlinks | option_exec_cgi,
};

// "Options +Indexes" adds to what is inherited, "Options Indexes" replaces it.
struct OptionsChange {
    bool replaces = false;
    unsigned set = 0; // with `replaces`: all of them
    unsigned added = 0;
    unsigned removed = 0;

    unsigned applied_to(unsigned inherited) const {
        return replaces ? set : (inherited & ~removed) | added;
    }
};

class ErrorLogFormat;

enum class ServerSignature : unsigned char { off, on, email };
enum class UseCanonicalName : unsigned char { off, on, dns };

struct CoreDirectorySettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const CoreDirectorySettings& outer);

    std::optional<OptionsChange> options;
    unsigned effective_options() const {
        return (options ? *options : OptionsChange{}).applied_to(option_follow_symlinks);
    }

    // AllowOverride, AllowOverrideList; None where nobody said anything (2.4).
    std::optional<unsigned> allow_override;
    std::optional<unsigned> allow_override_options; // the bits that Options=… leaves
    std::optional<std::vector<std::string>> allow_override_list;
    std::optional<bool> override_errors_fatal;
    std::optional<bool> unknown_errors_fatal;

    std::optional<ServerSignature> server_signature;
    std::optional<bool> accept_path_info_on; // On, Off; with the next: Default
    std::optional<bool> accept_path_info_default;
    std::optional<bool> enable_sendfile;
    std::optional<bool> enable_mmap;
    std::optional<UseCanonicalName> use_canonical_name;
    std::optional<bool> use_canonical_physical_port;
    std::optional<log::Levels> log_levels;
};

struct CoreServerSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const CoreServerSettings& outer);

    std::optional<log::Levels> log_levels;
    std::optional<std::vector<std::string>> access_file_names; // AccessFileName
    std::optional<Duration> timeout;                           // Timeout, 60 s
    std::optional<int> request_terminate_timeout;              // seconds, 0: none (the default)
    std::optional<bool> keep_alive;                            // KeepAlive, On
    std::optional<Duration> keep_alive_timeout;                // KeepAliveTimeout, 5 s
    std::optional<unsigned> max_keep_alive_requests;           // 100; 0: no limit
    std::optional<http::EncodedSlashes>
        encoded_slashes;               // AllowEncodedSlashes: encoded_slashes_of()
    std::optional<bool> merge_slashes; // MergeSlashes, On
    std::optional<bool> merge_trailers;
    std::optional<bool> strict_host_check; // of the first server of an address
    std::optional<bool> trace_enable;      // TraceEnable, On
    std::optional<bool> trace_extended;
    std::optional<bool> hostname_lookups;
    std::optional<std::size_t> limit_request_line, limit_request_fields, limit_request_field_size;
    // LimitInternalRecursion: redirects of one request, and subrequests inside each other; 10.
    std::optional<int> most_redirects, most_nested_subrequests;
    std::optional<bool> protocol_unsafe;          // HttpProtocolOptions Unsafe
    std::optional<bool> protocol_http_0_9;        // HttpProtocolOptions Allow0.9
    std::optional<bool> protocol_registered_only; // HttpProtocolOptions RegisteredMethods
    std::vector<std::string> registered_methods;  // RegisterHttpMethod, main server
    // What the server is made of: "preforkd/0.1.0 (Unix) OpenSSL/3.0.15". The main server's;
    // modules add to it in post_config.
    std::string description;
    std::optional<std::string> server_tokens; // ServerTokens, where it says less than all of that
    std::string_view server_field() const {
        return server_tokens ? std::string_view(*server_tokens) : description;
    }

    // ErrorLogFormat: of every line, and of those that come before the first one about a connection
    // or a request. Nothing for Apache's usual form.
    std::shared_ptr<const ErrorLogFormat> error_log_format;
    std::vector<std::shared_ptr<const ErrorLogFormat>> connection_log_formats, request_log_formats;
    bool has_log_formats() const {
        return error_log_format || !connection_log_formats.empty() || !request_log_formats.empty();
    }
};

// Off where the server itself says nothing: no host inherits it.
http::EncodedSlashes encoded_slashes_of(const config::Server& server);

// RequestReadTimeout (mod_reqtimeout), by server. Durations of zero mean no limit.
struct RequestReadTimeoutSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const RequestReadTimeoutSettings& outer);
    struct Stage {
        Duration first{}, most{};
        std::uint64_t rate = 0;
    };
    std::optional<Stage> handshake, head, body;
};

// How long a client may take for a stage of a connection, Timeout included.
http::ReadPatience patience_of(const std::optional<RequestReadTimeoutSettings::Stage>& stage,
                               const config::Server& server);

} // namespace preforkd
