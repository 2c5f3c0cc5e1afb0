#include "modules/content/include/document.h"

#include <ctime>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/content/include/codings.h"
#include "os/identity.h"
#include "pipeline/script_variables.h"

namespace preforkd::ssi {

namespace {

constexpr std::string_view usual_error = "[an error occurred while processing this directive]";
constexpr std::string_view usual_time_format = "%A, %d-%b-%Y %H:%M:%S %Z";

// Stands for a value that is worked out when it is asked for.
constexpr std::string_view later{"later", 0};
bool is_later(std::string_view value) { return value.data() == later.data(); }

void add_readable_query(Request& request) {
    if (!request.has_query) return;
    std::string_view unknown;
    const auto decoded = decode("url", std::string(request.query), unknown);
    request.set_variable("QUERY_STRING_UNESCAPED", request.arena.copy(escape_for_shell(*decoded)));
}

void add_include_variables(Request& request) {
    for (const std::string_view name : {"DATE_LOCAL", "DATE_GMT", "LAST_MODIFIED"})
        request.set_variable(name, later);
    request.set_variable("DOCUMENT_URI", request.uri);
    request.set_variable("DOCUMENT_ARGS", request.query);
    if (!request.path_info.empty()) request.set_variable("DOCUMENT_PATH_INFO", request.path_info);
    request.set_variable("USER_NAME", later);
    request.set_variable("DOCUMENT_NAME", request.filename.substr(request.filename.rfind('/') + 1));
    add_readable_query(request);
}

std::string_view said_or(const std::optional<std::string>& said, std::string_view usual) {
    return said ? std::string_view(*said) : usual;
}

bool continues_name(char c) { return is_alpha(c) || is_digit(c) || c == '_'; }

} // namespace

Document* Document::current_ = nullptr;

// What a document includes has the variables that it has, and may change them.
Document::Document(Request& made)
    : request(made), settings(made.of<IncludeSettings>()),
      error_text(said_or(settings.error_text, usual_error)),
      time_format(said_or(settings.time_format, usual_time_format)),
      undefined(said_or(settings.undefined, "(none)")) {
    if (current_ && request.main == &current_->request) {
        includer_ = current_;
        request.variables = request.main->variables;
        if (request.has_query) request.set_variable("QUERY_STRING", request.query);
        add_readable_query(request);
    } else {
        add_script_variables(request);
        add_include_variables(request);
    }
}

void Document::conclude() {
    if (includer_) includer_->request.variables = request.variables;
}

void Document::print(std::string_view text) {
    if (is_broken || text.empty()) return;
    const auto written = next->write(text);
    is_broken = !written;
    if (is_broken) broken_by = written.error().code;
}

void Document::fail(std::string_view why, int code) {
    log(log::Level::error, why, code);
    print(error_text);
}

std::optional<std::string_view> Document::find_group(std::string_view name) const {
    const auto group = groups[static_cast<std::size_t>(name.front() - '0')];
    if (groups[0].data() == nullptr)
        log(log::Level::warn, fmt::format("AH01329: regex capture ${} refers to no regex in {}",
                                          name, request.filename));
    if (group.data() == nullptr) return std::nullopt;
    return group;
}

std::optional<std::string_view> Document::find(std::string_view name) const {
    if (name.size() == 1 && is_digit(name.front())) return find_group(name);
    const auto* value = request.find_variable(name);
    if (!value) return std::nullopt;
    return is_later(*value) ? compute(name) : *value;
}

std::string Document::time_text(std::time_t time, bool in_greenwich) const {
    std::tm parts{};
    if (in_greenwich) ::gmtime_r(&time, &parts);
    else ::localtime_r(&time, &parts);
    char text[1024];
    return std::string(
        text, std::strftime(text, sizeof text, request.arena.c_string(time_format), &parts));
}

// The times and the owner are those of the document that the client asked for.
std::string_view Document::compute(std::string_view name) const {
    const Request* asked = &request;
    while (asked->main) asked = asked->main;
    const struct stat& status = asked->storage.status;
    if (name == "USER_NAME") return request.arena.copy(name_of_user(status.st_uid));
    const bool now = name.starts_with("DATE_");
    return request.arena.copy(
        time_text(now ? static_cast<std::time_t>(request.received_at / 1'000'000) : status.st_mtime,
                  name == "DATE_GMT"));
}

std::string Document::expand(std::string_view text) const {
    std::string expanded;
    while (!text.empty()) {
        const bool escaped = text.starts_with("\\$");
        if (escaped || text.front() != '$') {
            expanded += escaped ? '$' : text.front();
            text.remove_prefix(escaped ? 2 : 1);
            continue;
        }
        const bool braced = text.starts_with("${");
        std::size_t end = braced ? 2 : 1;
        if (braced) end = text.find('}');
        else
            while (end < text.size() && continues_name(text[end])) ++end;
        if (end == text.npos) {
            log(log::Level::error, fmt::format("AH01331: Missing '}}' on variable \"{}\" in {}",
                                               text.substr(2), request.filename));
            return expanded;
        }
        const auto name = braced ? text.substr(2, end - 2) : text.substr(1, end - 1);
        if (name.empty()) expanded += '$';
        else expanded += find(name).value_or(std::string_view());
        text.remove_prefix(end + (braced ? 1 : 0));
    }
    return expanded;
}

} // namespace preforkd::ssi
