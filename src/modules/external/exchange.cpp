#include "modules/external/exchange.h"

#include <cerrno>
#include <fmt/format.h>

#include "base/product.h"
#include "base/text.h"
#include "pipeline/core_settings.h"
#include "pipeline/late_content.h"
#include "pipeline/phases.h"
#include "pipeline/request_variables.h"
#include "pipeline/script_variables.h"
#include "pipeline/server_log.h"
#include "pipeline/subrequest.h"

namespace preforkd {

namespace {

std::string_view view(preforkd_text text) { return {text.data, text.size}; }
preforkd_text text(std::string_view view) { return {view.data(), view.size()}; }

std::string_view kept(preforkd_request* exchange, preforkd_text text) {
    return exchange->request.arena.copy(view(text));
}

struct {
    const config::Configuration* configuration = nullptr;
    std::string_view module;
} outside; // of any request

void log_line(preforkd_request* exchange, preforkd_level level, preforkd_text line) {
    const auto native = static_cast<log::Level>(level);
    if (exchange) exchange->request.log(exchange->module, native, view(line));
    else if (outside.configuration)
        log_to(outside.configuration->main_server(),
               {.module = outside.module, .level = native, .text = view(line)});
}

std::string_view protocol_of(const Request& request) {
    const auto found = find_named(request_variables(), "SERVER_PROTOCOL");
    return found->read(request);
}

preforkd_text fact(preforkd_request* exchange, preforkd_fact which) {
    const Request& request = exchange->request;
    switch (which) {
    case PREFORKD_METHOD: return text(request.head.method_name);
    case PREFORKD_REQUEST_LINE: return text(request.head.request_line);
    case PREFORKD_PROTOCOL: return text(protocol_of(request));
    case PREFORKD_PATH: return text(request.uri);
    case PREFORKD_QUERY: return request.has_query ? text(request.query) : preforkd_text{};
    case PREFORKD_FILENAME: return text(request.filename);
    case PREFORKD_PATH_INFO: return text(request.path_info);
    case PREFORKD_HANDLER: return text(handler_of(request));
    case PREFORKD_CONTENT_TYPE: return text(request.response.content_type);
    case PREFORKD_USER: return text(request.user);
    case PREFORKD_AUTH_TYPE: return text(request.auth_type);
    case PREFORKD_CLIENT_IP: return text(request.client.ip);
    case PREFORKD_HOST: return text(request.host);
    case PREFORKD_DOCUMENT_ROOT:
        return text(find_named(mapping_variables(), "DOCUMENT_ROOT")->read(request));
    }
    return {};
}

// What the server knows by more than a field.
bool set_known(Request& request, std::string_view name, std::string_view value) {
    switch (http::identify_field(name)) {
    case http::FieldId::content_type:
        request.response.content_type = value;
        request.response.charset = {};
        return true;
    case http::FieldId::content_length:
        if (const auto length = parse_decimal(value); length && *length >= 0)
            promise_length(request.response, request.arena, static_cast<std::uint64_t>(*length));
        return true;
    default: return false;
    }
}

bool remove_known(Request& request, std::string_view name) {
    switch (http::identify_field(name)) {
    case http::FieldId::content_type: request.response.content_type = {}; return true;
    case http::FieldId::content_length: withdraw_length(request.response); return true;
    default: return false;
    }
}

void set_fact(preforkd_request* exchange, preforkd_fact which, preforkd_text value) {
    Request& request = exchange->request;
    switch (which) {
    case PREFORKD_FILENAME: request.filename = kept(exchange, value); break;
    case PREFORKD_HANDLER: request.handler_name = kept(exchange, value); break;
    case PREFORKD_CONTENT_TYPE: set_known(request, "Content-Type", kept(exchange, value)); break;
    case PREFORKD_USER: request.user = kept(exchange, value); break;
    default: break;
    }
}

std::int64_t told_length(const Request& request) {
    const auto* told = request.head.fields.find(http::FieldId::content_length);
    return told ? parse_decimal(*told).value_or(-1) : -1;
}

std::int64_t path_info_rule(const Request& request) {
    const auto& core = request.of<CoreDirectorySettings>();
    if (core.accept_path_info_default.value_or(true)) return -1;
    return core.accept_path_info_on.value_or(false);
}

std::int64_t number(preforkd_request* exchange, preforkd_number which) {
    const Request& request = exchange->request;
    const auto& file = request.storage;
    switch (which) {
    case PREFORKD_STATUS: return request.response.status;
    case PREFORKD_RECEIVED_AT: return request.received_at;
    case PREFORKD_CONTENT_LENGTH: return told_length(request);
    case PREFORKD_IS_SUBREQUEST: return request.main != nullptr;
    case PREFORKD_HEADER_ONLY: return request.header_only();
    case PREFORKD_FILE_EXISTS:
        return file.kind != Storage::Kind::missing && file.kind != Storage::Kind::unknown;
    case PREFORKD_FILE_IS_REGULAR: return file.kind == Storage::Kind::regular;
    case PREFORKD_FILE_SIZE: return file.status.st_size;
    case PREFORKD_FILE_MODIFIED_AT: return file.status.st_mtime;
    case PREFORKD_FILE_OWNER: return file.status.st_uid;
    case PREFORKD_FILE_GROUP: return file.status.st_gid;
    case PREFORKD_FILE_INODE: return static_cast<std::int64_t>(file.status.st_ino);
    case PREFORKD_CLIENT_IS_GONE: return exchange->client_is_gone;
    case PREFORKD_HEAD_IS_SENT: return exchange->content != nullptr;
    case PREFORKD_ACCEPTS_PATH_INFO: return path_info_rule(request);
    }
    return 0;
}

http::Fields* fields_of(Request& request, preforkd_list list) {
    if (list == PREFORKD_REQUEST_FIELDS) return &request.head.fields;
    return list == PREFORKD_RESPONSE_FIELDS ? &request.response.fields : nullptr;
}

preforkd_text find(preforkd_request* exchange, preforkd_list list, preforkd_text name) {
    Request& request = exchange->request;
    if (auto* fields = fields_of(request, list))
        return fields->find(view(name)) ? text(fields->combined(view(name), request.arena))
                                        : preforkd_text{};
    const auto* found =
        list == PREFORKD_NOTES ? request.find_note(view(name)) : request.find_variable(view(name));
    return found ? text(*found) : preforkd_text{};
}

void set(preforkd_request* exchange, preforkd_list list, preforkd_text name, preforkd_text value) {
    Request& request = exchange->request;
    const bool answers = list == PREFORKD_RESPONSE_FIELDS;
    if (answers && set_known(request, view(name), kept(exchange, value))) return;
    const auto kept_name = kept(exchange, name), kept_value = kept(exchange, value);
    if (auto* fields = fields_of(request, list)) fields->set(kept_name, kept_value);
    else if (list == PREFORKD_NOTES) request.set_note(kept_name, kept_value);
    else request.set_variable(kept_name, kept_value);
}

void add(preforkd_request* exchange, preforkd_list list, preforkd_text name, preforkd_text value) {
    auto* fields = fields_of(exchange->request, list);
    if (fields && http::identify_field(view(name)) != http::FieldId::content_type &&
        http::identify_field(view(name)) != http::FieldId::content_length)
        fields->add(kept(exchange, name), kept(exchange, value));
    else set(exchange, list, name, value);
}

void remove(preforkd_request* exchange, preforkd_list list, preforkd_text name) {
    Request& request = exchange->request;
    if (list == PREFORKD_RESPONSE_FIELDS && remove_known(request, view(name))) return;
    if (auto* fields = fields_of(request, list)) fields->remove(view(name));
    else if (list == PREFORKD_VARIABLES) request.remove_variable(view(name));
    else std::erase_if(request.notes, [&](const Variable& one) { return one.name == view(name); });
}

// Over a copy, which the visitor may change the list meanwhile.
void each(preforkd_request* exchange, preforkd_list list, preforkd_visitor visitor, void* context) {
    Request& request = exchange->request;
    if (const auto* fields = fields_of(request, list)) {
        const std::pmr::vector<http::Field> all(fields->begin(), fields->end(),
                                                request.arena.resource());
        for (const auto& field : all) visitor(context, text(field.name), text(field.value));
        return;
    }
    const auto all = list == PREFORKD_NOTES ? request.notes : request.variables;
    for (const auto& one : all) visitor(context, text(one.name), text(one.value));
}

void add_script_variables_for(preforkd_request* exchange) {
    add_script_variables(exchange->request);
}

void* allocate(preforkd_request* exchange, std::size_t size) {
    return exchange->request.arena.resource()->allocate(size, alignof(std::max_align_t));
}

const void* settings(preforkd_request* exchange) { return exchange->settings; }

std::int64_t read(preforkd_request* exchange, char* into, std::size_t size) {
    auto* content = exchange->request.content;
    if (!content || content->at_end()) return 0;
    const auto count = content->read({into, size});
    if (!count) return -http::status_of_failed_read(count.error().code);
    return static_cast<std::int64_t>(*count);
}

void set_status(preforkd_request* exchange, int status, preforkd_text reason) {
    exchange->request.response.status = status;
    exchange->request.response.reason = kept(exchange, reason);
}

int told(preforkd_request* exchange, const Status& outcome) {
    if (!outcome) exchange->client_is_gone = true;
    return outcome ? 0 : -1;
}

bool has_content(preforkd_request* exchange) {
    auto& request = exchange->request;
    if (!exchange->content && exchange->responder)
        exchange->content =
            new (request.arena.bytes_for<LateContent>()) LateContent(request, *exchange->responder);
    return exchange->content != nullptr;
}

int write(preforkd_request* exchange, preforkd_text content) {
    if (!has_content(exchange)) return -1;
    return told(exchange, exchange->content->write(view(content)));
}

int flush(preforkd_request* exchange) {
    if (!has_content(exchange)) return -1;
    return told(exchange, exchange->content->flush());
}

int redirect(preforkd_request* exchange, preforkd_text path) {
    if (!exchange->responder || exchange->content) return 500;
    return internal_redirect(exchange->request, kept(exchange, path), *exchange->responder)
        .status();
}

int include(preforkd_request* exchange, preforkd_text path) {
    Request& found = look_up_uri(exchange->request, kept(exchange, path));
    if (found.response.status != 200) return found.response.status;
    if (!has_content(exchange)) return 500;
    const auto verdict = run_subrequest(found, *exchange->content);
    return verdict.is_refusal() ? verdict.status() : PREFORKD_OK;
}

int pass(preforkd_request* exchange, preforkd_text content) {
    if (!exchange->filtered) return -1;
    return told(exchange, exchange->filtered->write(view(content)));
}

void look_up(preforkd_request* exchange, preforkd_text path, preforkd_visitor visitor,
             void* context) {
    const Request& found = look_up_uri(exchange->request, kept(exchange, path));
    const auto status = fmt::format("{}", found.response.status);
    const std::pair<std::string_view, std::string_view> facts[] = {
        {"status", status},
        {"the_request", found.head.request_line},
        {"method", found.head.method_name},
        {"content_type", found.response.content_type},
        {"handler", found.handler_name},
        {"uri", found.uri},
        {"filename", found.filename},
        {"path_info", found.path_info},
        {"args", found.query},
        {"unparsed_uri", found.raw_path},
    };
    for (const auto& [name, value] : facts)
        if (!value.empty()) visitor(context, text(name), text(value));
}

void each_module(preforkd_visitor visitor, void* context) {
    for (const Module& module : all_modules()) {
        if (!outside.configuration || !is_enabled(module, *outside.configuration)) continue;
        const auto source = source_of(module);
        visitor(context, text(std::string_view(source).substr(0, source.rfind('.'))),
                text(identifier_of(module)));
    }
}

void note_child(preforkd_request* exchange, preforkd_text words) {
    if (auto* slot = exchange->request.connection.slot) slot->note.assign(view(words));
}

} // namespace

void work_outside(const config::Configuration& configuration, std::string_view module) {
    outside = {&configuration, module};
}

const preforkd_server& functions_for_modules() {
    static const std::string version = fmt::format("{}/{}", product::name, product::version);
    static const preforkd_server functions{
        .abi = PREFORKD_ABI,
        .size = sizeof(preforkd_server),
        .version = version.c_str(),
        .log = log_line,
        .fact = fact,
        .set_fact = set_fact,
        .number = number,
        .find = find,
        .set = set,
        .add = add,
        .remove = remove,
        .each = each,
        .add_script_variables = add_script_variables_for,
        .allocate = allocate,
        .settings = settings,
        .read = read,
        .set_status = set_status,
        .write = write,
        .flush = flush,
        .redirect = redirect,
        .include = include,
        .pass = pass,
        .look_up = look_up,
        .each_module = each_module,
        .note_child = note_child,
    };
    return functions;
}

} // namespace preforkd
