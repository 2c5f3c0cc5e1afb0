#include "pipeline/request_processor.h"

#include <cassert>
#include <deque>
#include <memory>
#include <string>

#include "http/uri.h"
#include "pipeline/authorization.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/error_response.h"
#include "pipeline/host_settings.h"
#include "pipeline/input_filter.h"
#include "pipeline/limited_source.h"
#include "pipeline/output_filter.h"
#include "pipeline/proxied_name.h"
#include "pipeline/server_methods.h"
#include "pipeline/static_file.h"
#include "pipeline/storage.h"

namespace preforkd {

namespace {

struct Pipeline {
    Phases phases;
    std::deque<std::string> sources; // of modules, for:
    config::DirectiveTable directives;
    bool has_proxy = false;
};
std::unique_ptr<Pipeline> pipeline;

const Pipeline& started_pipeline() {
    assert(pipeline);
    return *pipeline;
}

Verdict decode_target(Request& request) {
    if (request.raw_path == "*") {
        request.uri = request.raw_path;
        return ok;
    }
    // What another server is asked for is that server's business.
    if (request.other_server.answers) {
        if (request.uri.empty()) request.uri = request.head.target;
        return ok;
    }
    const auto decoded =
        http::decode_path(request.path(), encoded_slashes_of(*request.server), request.arena);
    const bool merge = request.of<CoreServerSettings>().merge_slashes.value_or(true);
    if (decoded.outcome == http::Decoded::Outcome::forbidden) {
        request.log("core", log::Level::info,
                    request.arena.join({"AH00026: found %2f (encoded '/') in URI path (",
                                        request.raw_path, "), returning 404"}));
        const auto part = decoded.path.substr(0, decoded.path.find('\0'));
        request.uri = http::normalize_path(part, merge, request.arena).value_or(part);
        return refuse(404);
    }
    std::optional<std::string_view> path;
    if (decoded.outcome == http::Decoded::Outcome::ok)
        path = http::normalize_path(decoded.path, merge, request.arena);
    if (!path) {
        request.log("core", log::Level::error,
                    request.arena.join({"AH10244: invalid URI path (", request.raw_path, ")"}));
        request.uri =
            http::normalize_path(request.path(), merge, request.arena).value_or(request.path());
        return refuse(400);
    }
    request.uri = *path;
    return ok;
}

// Upper case counts in the URL of another server alone.
void use_handler(Request& request, const Expression& expression) {
    const auto name = expression.text_or_logs(request, "core");
    if (iequals(name, "none")) return;
    request.handler_name = is_proxied(name) ? name : request.arena.copy(lower(name));
}

// ForceType and SetHandler win over what the file's name says (Apache: core_override_type), and
// SetOutputFilter adds to it.
void override_type(Request& request) {
    const auto& said = request.of<ContentSettings>();
    if (said.forced_type && !said.forced_type->empty()) {
        request.response.content_type = *said.forced_type;
        request.response.charset = {}; // of the name, whose type does not count
    }
    // "none" takes back what was said by SetHandler, and nothing else.
    if (said.handler && !said.handler->empty()) request.handler_name = *said.handler;
    if (said.handler_expression) use_handler(request, *said.handler_expression);
    if (said.output_filters) insert_filters(request, request.output_filters, *said.output_filters);
    if (said.input_filters) insert_filters(request, request.input_filters, *said.input_filters);
}

} // namespace

void start_pipeline(const config::Configuration& configuration,
                    const std::vector<Module>& modules) {
    auto made = std::make_unique<Pipeline>();
    made->phases = phases_of(modules, configuration);
    made->has_proxy = configuration.has_module("proxy_module");
    for (const Module& module : modules) {
        if (!is_enabled(module, configuration)) continue;
        const auto& source = made->sources.emplace_back(source_of(module));
        for (const auto& directive : module.directives) made->directives.add(directive, source);
    }
    pipeline = std::move(made);
}

RequestProcessor::RequestProcessor(const config::Configuration& configuration)
    : phases_(started_pipeline().phases), default_root_(configuration.server_root + "/htdocs"),
      walk_(configuration, started_pipeline().directives) {}

void RequestProcessor::serve(Request& request, Responder& responder) {
    last_ = &request;
    walk_.begin_request();
    request.processor = this;
    request.settings = &request.server->directory_merged;
    Verdict verdict = run_all(phases_.post_read_request, request);
    if (!verdict.is_refusal() && !verdict.is_done()) verdict = answer(request, responder);
    if (verdict.is_refusal()) answer_with_error(request, verdict.status(), responder);
}

void RequestProcessor::refuse(Request& request, int status, Responder& responder) {
    last_ = &request;
    request.processor = this;
    request.settings = &request.server->directory_merged;
    answer_with_error(request, status, responder);
}

void RequestProcessor::serve_redirected(Request& request, Responder& responder) {
    if (!request.main) last_ = &request;
    Verdict verdict = run_all(phases_.post_read_request, request);
    if (!verdict.is_refusal() && !verdict.is_done()) verdict = answer(request, responder);
    if (verdict.is_refusal()) answer_with_error(request, verdict.status(), responder);
}

void RequestProcessor::log(Request& request) const {
    for (auto function : phases_.log_transaction) function(request);
}

void RequestProcessor::forget() {
    last_ = nullptr;
    walk_.free_retired();
}

Verdict RequestProcessor::answer(Request& request, Responder& responder) {
    // No tunnels here, whatever the target.
    if (request.head.method == http::Method::connect) return preforkd::refuse(405);
    if (auto verdict = translate(request); !verdict.is_ok()) return verdict;
    if (request.head.method == http::Method::trace && !request.other_server.answers)
        return answer_trace(request, responder);
    if (auto verdict = map_to_storage(request); !verdict.is_ok()) return verdict;
    // A question about the server as a whole: no folder has a say in it.
    if (request.uri == "*" && request.head.method == http::Method::options)
        return answer_options(request, responder);
    if (auto verdict = admit(request); !verdict.is_ok()) return verdict;
    if (auto verdict = limit_content(request); !verdict.is_ok()) return verdict;
    if (request.uri == "*") return answer_options(request, responder);
    return run_handlers(request, responder);
}

// Where a filter could not do its work before anything was sent, the client hears of it.
Verdict RequestProcessor::run_handlers(Request& request, Responder& responder) {
    begin_input_filters(request);
    for (const auto* filter : request.output_filters) filter->prepare(request);
    if (auto* slot = request.connection.slot) slot->protocol_handler.assign(handler_of(request));
    const Verdict verdict = make_content(request, responder);
    if (request.response.filter_failed && !responder.has_sent_head()) return preforkd::refuse(500);
    return verdict;
}

Verdict RequestProcessor::make_content(Request& request, Responder& responder) {
    for (auto function : phases_.handler) {
        const Verdict verdict = function(request, responder);
        if (!verdict.is_declined()) return verdict;
    }
    return serve_static_file(request, responder);
}

Verdict RequestProcessor::look_up_path(Request& request) {
    if (auto verdict = translate(request); !verdict.is_ok()) return verdict;
    if (auto verdict = map_to_storage(request); !verdict.is_ok()) return verdict;
    return admit(request);
}

Verdict RequestProcessor::look_up_file(Request& request) {
    if (auto verdict = map_to_storage(request); !verdict.is_ok()) return verdict;
    return admit(request);
}

Verdict RequestProcessor::translate(Request& request) {
    if (auto verdict = decode_target(request); !verdict.is_ok()) return verdict;
    walk_.before_translation(request);
    if (request.other_server.route) return ok; // found before the path was decoded
    const Verdict verdict = run_first(phases_.translate_name, request);
    if (!verdict.is_declined()) return verdict;
    if (request.uri == "*") return ok;
    if (!request.uri.starts_with('/')) {
        request.log("core", log::Level::error,
                    request.arena.join({"AH00126: Invalid URI in request '",
                                        request.head.request_line, "' '", request.uri, "'"}));
        return preforkd::refuse(400);
    }
    use_document_root(request, request.uri);
    return ok;
}

std::string_view RequestProcessor::document_root(const Request& request) const {
    if (!request.document_root.empty()) return request.document_root;
    const auto& root = request.of<HostSettings>().document_root;
    return root ? *root : default_root_;
}

bool RequestProcessor::may_proxy() const { return started_pipeline().has_proxy; }

void RequestProcessor::use_document_root(Request& request, std::string_view path) const {
    if (const auto& prefix = request.server->path; !prefix.empty() && path.starts_with(prefix))
        path.remove_prefix(prefix.size() - prefix.ends_with('/'));
    const auto root = document_root(request);
    if (root.ends_with('/') && path.starts_with('/')) path.remove_prefix(1);
    request.filename = request.arena.join({root, path});
}

Verdict RequestProcessor::map_to_storage(Request& request) {
    // Where the walk fails, what was said outside of any section counts, as in Apache.
    request.settings = &request.server->directory_merged;
    const Verdict verdict = run_first(phases_.map_to_storage, request);
    if (!verdict.is_declined()) return verdict;
    if (!request.filename.starts_with('/')) {
        walk_.complete(request, nullptr);
        return ok;
    }
    // No section about directories and files expects doubled slashes, which MergeSlashes may leave.
    if (const auto name = http::normalize_path(request.filename, true, request.arena))
        request.filename = *name;
    return find_in_storage(request, walk_);
}

Verdict RequestProcessor::admit(Request& request) {
    if (!request.main) {
        if (auto verdict = run_all(phases_.header_parser, request); !verdict.is_ok())
            return verdict;
    }
    if (auto verdict = authorize(request, phases_); !verdict.is_ok()) return verdict;
    if (auto verdict = run_first(phases_.type_checker, request); verdict.is_refusal())
        return verdict;
    override_type(request);
    return run_all(phases_.fixups, request);
}

} // namespace preforkd
