#include "pipeline/subrequest.h"

#include <fmt/format.h>
#include <utility>

#include "http/kept_source.h"
#include "http/uri.h"
#include "pipeline/core_settings.h"
#include "pipeline/output_filter.h"
#include "pipeline/request_processor.h"

namespace preforkd {

namespace {

constexpr int usual_recursion = 10; // LimitInternalRecursion

// A request for another path of the same server, by the same client. Lives in the arena, whose
// memory needs no destructor.
Request& derive(Request& from, Arena& arena) {
    auto& made = *new (arena.bytes_for<Request>()) Request(from.connection, arena);
    made.client = from.client;
    made.head = from.head;
    made.started = from.started;
    made.received_at = from.received_at;
    made.server = from.server;
    made.host = from.host;
    made.host_port = from.host_port;
    made.ends_connection = from.ends_connection;
    made.settings = &from.server->directory_merged;
    made.processor = from.processor;
    return made;
}

// The content goes to the subrequest once more, and with it the method (Apache: kept_body).
void give_content(Request& made, std::string_view kept) {
    made.kept_content = kept;
    made.content = new (made.arena.bytes_for<http::KeptSource>()) http::KeptSource(kept);
    made.head.chunked = false;
    made.head.content_length = kept.size();
    made.head.fields.set(http::FieldId::content_length,
                         made.arena.copy(fmt::format("{}", kept.size())));
}

// Asked in passing, with the variables that the client's request has: a GET, where nothing is kept.
Request& derive_subrequest(Request& parent, Arena& arena) {
    Request& made = derive(parent, arena);
    made.main = &parent;
    if (parent.kept_content.data()) {
        give_content(made, parent.kept_content);
    } else {
        made.head.method = http::Method::get;
        made.head.method_name = "GET";
    }
    made.variables = parent.variables;
    made.response.no_local_copy = parent.response.no_local_copy;
    return made;
}

// A fragment is the client's.
void set_target(Request& request, std::string_view target) {
    target = target.substr(0, target.find('#'));
    const auto mark = target.find('?');
    request.has_query = mark != std::string_view::npos;
    request.raw_path = request.arena.copy(target.substr(0, mark));
    request.query =
        request.has_query ? request.arena.copy(target.substr(mark + 1)) : std::string_view();
}

std::string_view directory_part(std::string_view path) {
    return path.substr(0, path.rfind('/') + 1);
}

// Where relative names of a request lead: its folder as it is after ".." and "//" were resolved.
std::string_view folder_of(const Request& request) {
    const auto folder = directory_part(request.uri);
    if (request.uri == request.raw_path) return folder;
    return request.arena.copy(http::escape_path(folder));
}

// The path that leads to a request's file, without what follows it.
std::string_view path_of_file(const Request& request) {
    auto path = request.uri;
    if (path.ends_with(request.path_info)) path.remove_suffix(request.path_info.size());
    return path;
}

void finish_look_up(Request& request, Verdict verdict) {
    if (verdict.is_refusal()) request.response.status = verdict.status();
}

// What the first request knew, under names that a handler of the second can tell apart (Apache:
// rename_original_env).
void inherit_variables(Request& to, const Request& from) {
    Arena& arena = to.arena;
    for (const auto& variable : from.variables)
        to.set_variable(arena.join({"REDIRECT_", variable.name}), variable.value);
    to.set_variable("REDIRECT_STATUS", arena.copy(fmt::format("{}", from.response.status)));
}

void say_limit(const Request& request, std::string_view tag, int limit, std::string_view what) {
    request.log("core", log::Level::error,
                fmt::format("{}: Request exceeded the limit of {} {} due to probable configuration "
                            "error. Use 'LimitInternalRecursion' to increase the limit if "
                            "necessary. Use 'LogLevel debug' to get a backtrace.",
                            tag, limit, what));
}

// Whether a request may not lead to one more (Apache: ap_is_recursion_limit_exceeded).
bool leads_too_far(const Request& request) {
    const auto& core = request.of<CoreServerSettings>();
    const int most_redirects = core.most_redirects.value_or(usual_recursion);
    const int most_nested = core.most_nested_subrequests.value_or(usual_recursion);
    int redirects = 0, nested = 0;
    for (const Request* one = &request; one->previous || one->main;) {
        if (one->previous) {
            if (++redirects >= most_redirects) {
                say_limit(request, "AH00124", most_redirects, "internal redirects");
                return true;
            }
            one = one->previous;
        } else {
            if (++nested >= most_nested) {
                say_limit(request, "AH00125", most_nested, "subrequest nesting levels");
                return true;
            }
            one = one->main;
        }
    }
    return false;
}

Request& derive_redirected(Request& from, std::string_view uri) {
    Request& made = derive(from, from.arena);
    made.previous = &from;
    made.main = from.main;
    made.content = from.unfiltered_content ? from.unfiltered_content : from.content;
    made.response.status = from.response.status;
    made.response.no_local_copy = from.response.no_local_copy;
    made.response.variant_list_tag = from.response.variant_list_tag;
    made.rules_ended = from.rules_ended;
    for (const auto& field : from.response.error_fields)
        made.response.error_fields.add(field.id, field.name, field.value);
    inherit_variables(made, from);
    set_target(made, uri);
    return made;
}

} // namespace

Request& look_up_uri(Request& parent, std::string_view uri) {
    Request& made = derive_subrequest(parent, parent.arena);
    set_target(made, uri.starts_with('/') ? uri : parent.arena.join({folder_of(parent), uri}));
    finish_look_up(made, leads_too_far(parent) ? refuse(500) : made.processor->look_up_path(made));
    return made;
}

Request& look_up_file(Request& parent, std::string_view name) {
    return look_up_file(parent, name, parent.arena);
}

Request& look_up_file(Request& parent, std::string_view name, Arena& arena) {
    return look_up_file(parent, name, arena, {});
}

Request& look_up_file(Request& parent, std::string_view name, Arena& arena,
                      const struct stat& known) {
    const bool lacks_slash =
        parent.storage.kind == Storage::Kind::directory && !parent.filename.ends_with('/');
    const auto folder =
        lacks_slash ? arena.join({parent.filename, "/"}) : directory_part(parent.filename);
    if (name.starts_with(folder) && name.find('/', folder.size()) == name.npos)
        name.remove_prefix(folder.size());
    const bool is_elsewhere = name.starts_with('/');
    Request& made = derive_subrequest(parent, arena);
    made.uri = is_elsewhere ? name : arena.join({directory_part(path_of_file(parent)), name});
    made.raw_path = arena.copy(http::escape_path(made.uri));
    made.filename = is_elsewhere ? name : arena.join({folder, name});
    if (S_ISREG(known.st_mode) || S_ISDIR(known.st_mode))
        made.storage = {Storage::kind_of(known), known};
    finish_look_up(made, made.processor->look_up_file(made));
    return made;
}

namespace {

// Passes the content of a part on to the whole, which does not end with it.
class PartSink final : public http::BodySink {
  public:
    explicit PartSink(http::BodySink& whole) : whole_(whole) {}
    Status write(std::string_view bytes) override { return whole_.write(bytes); }
    Status send_file(int file, off_t offset, std::size_t length) override {
        return whole_.send_file(file, offset, length);
    }
    Status flush() override { return whole_.flush(); }
    Status finish() override { return {}; }

  private:
    http::BodySink& whole_;
};

// The head of a subrequest's response is nobody's.
class PartResponder final : public Responder {
  public:
    explicit PartResponder(http::BodySink& whole) : sink_(whole) {}
    bool has_sent_head() const override { return true; }
    http::BodySink& send(Request& request) override {
        const auto chain = begin_filters(request);
        if (!chain.first) return sink_;
        chain.last->pass_to(sink_);
        return *chain.first;
    }

  private:
    PartSink sink_;
};

} // namespace

Verdict run_subrequest(Request& found, http::BodySink& into) {
    PartResponder responder(into);
    found.response.no_local_copy = true; // what the client has is the whole
    return found.processor->run_handlers(found, responder);
}

bool may_look_ahead(const Request& request) {
    for (const Request* asking = request.main; asking; asking = asking->main)
        if (asking->uri == request.uri) return false;
    return true;
}

void become(Request& request, const Request& found) {
    request.uri = found.uri;
    request.raw_path = found.raw_path;
    request.query = found.query;
    request.has_query = found.has_query;
    request.settings = found.settings;
    request.filename = found.filename;
    request.path_info = found.path_info;
    request.storage = found.storage;
    request.handler_name = found.handler_name;
    request.output_filters = found.output_filters;
    request.input_filters = found.input_filters;
    request.is_script_alias = found.is_script_alias;
    request.other_server = found.other_server;
    request.rewrite_notes = found.rewrite_notes;
    request.content_encoding = found.content_encoding;
    request.languages = found.languages;
    request.response.content_type = found.response.content_type;
    request.response.charset = found.response.charset;
    for (const auto& field : found.response.fields) {
        if (field.id == http::FieldId::vary) request.response.fields.add(field.id, field.value);
        else request.response.fields.set(field.id, field.name, field.value);
    }
    for (const auto& field : found.response.error_fields)
        request.response.error_fields.set(field.id, field.name, field.value);
    const auto own = std::exchange(request.variables, found.variables);
    for (const auto& variable : own) request.add_variable(variable.name, variable.value);
}

void make_get(Request& request) {
    if (request.head.method != http::Method::head) request.head.method = http::Method::get;
    request.head.method_name = "GET";
}

Verdict internal_redirect(Request& request, std::string_view uri, Responder& responder) {
    if (leads_too_far(request)) return refuse(500);
    Request& next = derive_redirected(request, uri);
    // What the way here depended on, the answer depends on (Apache keeps this field alone).
    if (request.response.fields.has(http::FieldId::vary))
        next.response.fields.set(http::FieldId::vary,
                                 request.response.fields.combined(http::FieldId::vary, next.arena));
    next.processor->serve_redirected(next, responder);
    return done;
}

Verdict serve_error_document(Request& request, std::string_view uri, Responder& responder) {
    if (leads_too_far(request)) return refuse(500);
    Request& next = derive_redirected(request, uri);
    next.set_variable("REDIRECT_REQUEST_METHOD", request.head.method_name);
    if (!request.error_notes.empty())
        next.set_variable("REDIRECT_ERROR_NOTES", request.error_notes);
    make_get(next);
    next.processor->serve_redirected(next, responder);
    return done;
}

} // namespace preforkd
