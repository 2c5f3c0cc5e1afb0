#include "pipeline/request.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/text.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/server_log.h"

namespace preforkd {

namespace {

const std::string_view* find_in(const std::pmr::vector<Variable>& variables,
                                std::string_view name) {
    for (const auto& variable : variables)
        if (iequals(variable.name, name)) return &variable.value;
    return nullptr;
}

// One value, whatever there was.
void set_in(std::pmr::vector<Variable>& variables, std::string_view name, std::string_view value) {
    const auto has_name = [name](const Variable& variable) { return iequals(variable.name, name); };
    const auto first = std::find_if(variables.begin(), variables.end(), has_name);
    if (first == variables.end()) {
        variables.push_back({name, value});
        return;
    }
    first->value = value;
    variables.erase(std::remove_if(std::next(first), variables.end(), has_name), variables.end());
}

} // namespace

std::string_view Request::path() const {
    if (!uri.empty()) return uri;
    auto sent = raw_path;
    while (sent.starts_with("//")) sent.remove_prefix(1);
    return sent;
}

std::string_view handler_of(const Request& request) {
    if (!request.handler_name.empty()) return request.handler_name;
    const auto type = request.response.content_type;
    return type.empty() ? "default-handler" : trim(type.substr(0, type.find(';')));
}

void promise_length(Response& response, Arena& arena, std::uint64_t length) {
    const fmt::format_int text(length);
    response.length = length;
    response.fields.set(http::FieldId::content_length, arena.copy({text.data(), text.size()}));
}

void withdraw_length(Response& response) {
    response.length.reset();
    response.fields.remove(http::FieldId::content_length);
}

Request::Request(const ConnectionFacts& facts, Arena& memory)
    : connection(facts), arena(memory), client{facts.client, facts.client_ip, facts.client_text},
      head(memory), languages(memory.resource()), output_filters(memory.resource()),
      input_filters(memory.resource()), variables(memory.resource()), notes(memory.resource()),
      response(memory) {}

const std::string_view* Request::find_variable(std::string_view name) const {
    return find_in(variables, name);
}

void Request::set_variable(std::string_view name, std::string_view value) {
    set_in(variables, name, value);
}

void Request::add_variable(std::string_view name, std::string_view value) {
    variables.push_back({name, value});
}

void Request::let_last_variables_count() {
    const auto all = std::exchange(variables, std::pmr::vector<Variable>(arena.resource()));
    variables.reserve(all.size());
    for (const auto& variable : all) set_variable(variable.name, variable.value);
}

const std::string_view* Request::find_note(std::string_view name) const {
    return find_in(notes, name);
}

void Request::set_note(std::string_view name, std::string_view value) {
    set_in(notes, name, value);
}

void Request::remove_variable(std::string_view name) {
    std::erase_if(variables,
                  [name](const Variable& variable) { return iequals(variable.name, name); });
}

Request& Request::original() {
    Request* request = this;
    while (request->previous) request = request->previous;
    return *request;
}

const Request& Request::original() const {
    const Request* request = this;
    while (request->previous) request = request->previous;
    return *request;
}

log::Level Request::log_level(std::string_view module) const {
    static const log::Levels usual;
    const auto& core = of<CoreServerSettings>();
    const log::Levels* levels = core.log_levels ? &*core.log_levels : &usual;
    if (settings && of<CoreDirectorySettings>().log_levels)
        levels = &*of<CoreDirectorySettings>().log_levels;
    return levels->of(module);
}

void Request::log(std::string_view module, log::Level level, std::string_view text,
                  int code) const {
    if (!server) return;
    if (!of<HostSettings>().open_log || !log::passes(level, log_level(module))) return;
    const log::Entry entry{.module = module,
                           .level = level,
                           .text = text,
                           .client = client.text,
                           .referer = head.fields.combined(http::FieldId::referer, arena),
                           .code = code};
    write_to_log({entry, *server, this, &connection});
}

} // namespace preforkd
