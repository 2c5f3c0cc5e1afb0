#include "modules/response/compression/coding_rules.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "pipeline/request.h"

namespace preforkd {

using http::FieldId;

namespace {

// In its own right, by its name, or by a handler or ErrorDocument.
bool is_encoded(const Request& request) {
    if (!request.content_encoding.empty()) return true;
    for (const auto* fields : {&request.response.fields, &request.response.error_fields})
        if (const auto* encoding = fields->find(FieldId::content_encoding))
            if (!iequals(*encoding, "identity")) return true;
    return false;
}

// How far a token reaches; a quoted string in it may hold anything.
std::size_t token_end(std::string_view text, std::string_view ends) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        else if (!quoted && ends.find(text[i]) != std::string_view::npos) return i;
    }
    return text.size();
}

std::string_view without_space(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

// The weight 0 in one of its spellings (RFC 9110 §12.4.2), right behind the coding.
bool has_no_weight(std::string_view parameters) {
    parameters =
        parameters.substr(std::min(parameters.find_first_not_of("; \t"), parameters.size()));
    if (!parameters.starts_with("q=0")) return false;
    parameters.remove_prefix(3);
    if (parameters.starts_with('.')) {
        const auto end = std::min(parameters.find_first_not_of('0', 1), parameters.size());
        if (end > 4) return false;
        parameters.remove_prefix(end);
    }
    return parameters.empty() || parameters[0] == ',' || parameters[0] == ';';
}

bool names(std::string_view accepted, std::string_view wanted) {
    while (!accepted.empty()) {
        const auto end = token_end(accepted, ";, \t");
        const auto coding = accepted.substr(0, end);
        accepted = without_space(accepted.substr(end));
        if (iequals(coding, wanted)) return !has_no_weight(accepted);
        if (coding.empty()) return false;
        while (accepted.starts_with(';'))
            accepted.remove_prefix(1 + token_end(accepted.substr(1), ";,"));
        if (accepted.starts_with(',')) accepted.remove_prefix(1);
        accepted = without_space(accepted);
    }
    return false;
}

} // namespace

std::optional<TagChange> parse_tag_change(std::string_view word) {
    if (iequals(word, "NoChange")) return TagChange::none;
    if (iequals(word, "AddSuffix")) return TagChange::add_suffix;
    if (iequals(word, "Remove")) return TagChange::remove;
    return std::nullopt;
}

bool set_note(SizeNotes& notes, config::Arguments arguments) {
    const std::string_view type = arguments.size() > 1 ? std::string_view(arguments[0]) : "ratio";
    if (iequals(type, "ratio")) notes.ratio = arguments.back();
    else if (iequals(type, "input")) notes.input = arguments.back();
    else if (iequals(type, "output")) notes.output = arguments.back();
    else return false;
    return true;
}

void SizeNotes::tell(Request& request, std::uint64_t before, std::uint64_t after) const {
    const auto set = [&](const std::optional<std::string>& name, std::uint64_t number) {
        if (name) request.set_note(*name, request.arena.copy(fmt::format("{}", number)));
    };
    set(input, before);
    set(output, after);
    if (before > 0) set(ratio, after * 100 / before);
    else if (ratio) request.set_note(*ratio, "-");
}

bool has_variable(const Request& request, std::string_view name) {
    return !request.variables.empty() && request.find_variable(name);
}

bool may_be_coded(const Request& request, const ContentCoding& coding) {
    const Response& response = request.response;
    return !request.main && response.status != 204 && response.status != 304 &&
           !response.fields.has(FieldId::content_range) &&
           !has_variable(request, coding.refused_by) && !is_encoded(request);
}

bool accepts(const Request& request, const ContentCoding& coding) {
    return names(request.head.fields.combined(FieldId::accept_encoding, request.arena),
                 coding.name);
}

void vary_by_encoding(Request& request) {
    auto& fields = request.response.fields;
    const auto* vary = fields.find(FieldId::vary);
    fields.set(FieldId::vary,
               vary ? request.arena.join(
                          {fields.combined(FieldId::vary, request.arena), ", Accept-Encoding"})
                    : "Accept-Encoding");
}

void change_tag(Request& request, TagChange change, std::string_view suffix) {
    auto& fields = request.response.fields;
    const auto* etag = fields.find(FieldId::etag);
    if (!etag || change == TagChange::none) return;
    if (change == TagChange::remove) return fields.remove(FieldId::etag);
    if (!etag->ends_with('"')) return;
    fields.set(FieldId::etag,
               request.arena.join({etag->substr(0, etag->size() - 1), suffix, "\""}));
}

void say_coded(Request& request, const ContentCoding& coding, TagChange change) {
    request.response.fields.set(FieldId::content_encoding, coding.name);
    withdraw_length(request.response);
    request.response.fields.remove("Content-MD5");
    change_tag(request, change, coding.tag_suffix);
}

} // namespace preforkd
