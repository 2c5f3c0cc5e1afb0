#include "pipeline/core_settings.h"

#include "config/configuration.h"

namespace preforkd {

using config::inherit;

namespace {

// One change after another, as one change.
OptionsChange compose(const OptionsChange& outer, const OptionsChange& inner) {
    if (inner.replaces) return inner;
    if (outer.replaces) return {true, inner.applied_to(outer.set), 0, 0};
    return {false, 0, (outer.added & ~inner.removed) | inner.added,
            (outer.removed & ~inner.added) | inner.removed};
}

} // namespace

void CoreDirectorySettings::inherit_from(const CoreDirectorySettings& outer) {
    if (outer.options) options = options ? compose(*outer.options, *options) : outer.options;
    inherit(allow_override, outer.allow_override);
    inherit(allow_override_options, outer.allow_override_options);
    inherit(allow_override_list, outer.allow_override_list);
    inherit(override_errors_fatal, outer.override_errors_fatal);
    inherit(unknown_errors_fatal, outer.unknown_errors_fatal);
    inherit(server_signature, outer.server_signature);
    if (!accept_path_info_on && !accept_path_info_default) {
        accept_path_info_on = outer.accept_path_info_on;
        accept_path_info_default = outer.accept_path_info_default;
    }
    inherit(enable_sendfile, outer.enable_sendfile);
    inherit(enable_mmap, outer.enable_mmap);
    inherit(use_canonical_name, outer.use_canonical_name);
    inherit(use_canonical_physical_port, outer.use_canonical_physical_port);
    inherit(log_levels, outer.log_levels);
}

void CoreServerSettings::inherit_from(const CoreServerSettings& outer) {
    if (!error_log_format) error_log_format = outer.error_log_format;
    if (connection_log_formats.empty()) connection_log_formats = outer.connection_log_formats;
    if (request_log_formats.empty()) request_log_formats = outer.request_log_formats;
    inherit(log_levels, outer.log_levels);
    inherit(access_file_names, outer.access_file_names);
    inherit(timeout, outer.timeout);
    inherit(request_terminate_timeout, outer.request_terminate_timeout);
    inherit(keep_alive, outer.keep_alive);
    inherit(keep_alive_timeout, outer.keep_alive_timeout);
    inherit(max_keep_alive_requests, outer.max_keep_alive_requests);
    inherit(merge_slashes, outer.merge_slashes);
    inherit(merge_trailers, outer.merge_trailers);
    inherit(strict_host_check, outer.strict_host_check);
    inherit(trace_enable, outer.trace_enable);
    inherit(trace_extended, outer.trace_extended);
    inherit(hostname_lookups, outer.hostname_lookups);
    inherit(limit_request_line, outer.limit_request_line);
    inherit(limit_request_fields, outer.limit_request_fields);
    inherit(limit_request_field_size, outer.limit_request_field_size);
    inherit(most_redirects, outer.most_redirects);
    inherit(most_nested_subrequests, outer.most_nested_subrequests);
    inherit(protocol_unsafe, outer.protocol_unsafe);
    inherit(protocol_http_0_9, outer.protocol_http_0_9);
    inherit(protocol_registered_only, outer.protocol_registered_only);
    if (registered_methods.empty()) registered_methods = outer.registered_methods;
    inherit(server_tokens, outer.server_tokens);
    description = outer.description;
}

http::EncodedSlashes encoded_slashes_of(const config::Server& server) {
    const auto* own = server.server_settings.find<CoreServerSettings>();
    const auto said = own ? own->encoded_slashes : std::nullopt;
    return said.value_or(http::EncodedSlashes::refuse);
}

void RequestReadTimeoutSettings::inherit_from(const RequestReadTimeoutSettings& outer) {
    inherit(handshake, outer.handshake);
    inherit(head, outer.head);
    inherit(body, outer.body);
}

http::ReadPatience patience_of(const std::optional<RequestReadTimeoutSettings::Stage>& stage,
                               const config::Server& server) {
    http::ReadPatience patience;
    patience.otherwise = server.of<CoreServerSettings>().timeout.value_or(std::chrono::seconds(60));
    if (!stage) return patience;
    patience.first = stage->first;
    patience.most = stage->most;
    patience.rate = stage->rate;
    return patience;
}

} // namespace preforkd
