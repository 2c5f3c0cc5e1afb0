// mime: what a file's extensions say of its content: type, encoding, language, charset, handler.
#include <array>
#include <cstring>

#include "base/text.h"
#include "config/merge_servers.h"
#include "modules/mapping/mime/mime.h"
#include "modules/mapping/mime/mime_settings.h"
#include "modules/modules.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

constexpr std::string_view usual_types_file = "mime.types";

Status read_types(config::Configuration& configuration) {
    auto& settings = configuration.main_server().server_settings.edit<MimeServerSettings>();
    const auto& said = settings.types_file;
    const std::string path =
        said ? *said : configuration.server_root + "/" + std::string(usual_types_file);
    auto table = TypesTable::read(path);
    if (!table)
        return Error{"AH01597: could not open mime types config file " + path + ".",
                     table.error().code};
    settings.types = std::make_shared<const TypesTable>(std::move(*table));
    config::merge_servers<MimeServerSettings>(configuration);
    return {};
}

// What the types file says of an extension in lower case; "" for nothing.
std::string_view type_in_file(const Request& request, std::string_view extension) {
    const auto& types = request.of<MimeServerSettings>().types;
    return types ? types->find(extension) : std::string_view();
}

// The name without its path, and without the dots it may begin with.
std::string_view base_name(std::string_view path) {
    auto name = path.substr(path.rfind('/') + 1);
    while (name.starts_with('.')) name.remove_prefix(1);
    return name;
}

// Takes the next piece between dots off the front of `name`.
std::string_view next_piece(std::string_view& name) {
    const auto end = std::min(name.find('.'), name.size());
    const auto piece = name.substr(0, end);
    name.remove_prefix(std::min(end + 1, name.size()));
    return piece;
}

class LowerCase {
  public:
    explicit LowerCase(std::string_view text, Arena& arena) {
        auto place = text.size() <= short_.size() ? std::span<char>(short_.data(), text.size())
                                                  : arena.bytes(text.size());
        for (std::size_t i = 0; i < text.size(); ++i) place[i] = to_lower(text[i]);
        text_ = {place.data(), text.size()};
    }
    LowerCase(const LowerCase&) = delete;
    LowerCase& operator=(const LowerCase&) = delete;
    std::string_view text() const { return text_; }

  private:
    std::array<char, 24> short_;
    std::string_view text_;
};

bool says_something(const std::optional<std::string>& field) { return field && !field->empty(); }

void apply(const ExtensionSettings& said, Request& request) {
    if (says_something(said.type)) request.response.content_type = *said.type;
    if (says_something(said.charset)) request.response.charset = *said.charset;
    if (says_something(said.language)) request.languages.push_back(*said.language);
    if (says_something(said.encoding))
        request.content_encoding =
            request.content_encoding.empty()
                ? std::string_view(*said.encoding)
                : request.arena.join({request.content_encoding, ", ", *said.encoding});
    if (says_something(said.handler) && !request.other_server.answers)
        request.handler_name = *said.handler;
    if (said.output_filters) insert_filters(request, request.output_filters, *said.output_filters);
    if (said.input_filters) insert_filters(request, request.input_filters, *said.input_filters);
}

void apply_extension(std::string_view extension, const MimeSettings& settings, Request& request) {
    const LowerCase name(extension, request.arena);
    const auto found = settings.extensions.find(name.text());
    const bool known = found != settings.extensions.end();
    // RemoveType also takes away what the types file says.
    if (!(known && found->second.type)) {
        if (const auto type = type_in_file(request, name.text()); !type.empty())
            request.response.content_type = type;
    }
    if (known) apply(found->second, request);
}

// The charset of "text/html;charset=x" is held apart; one that the name says (AddCharset) comes
// before it.
void take_charset(Response& response, Arena& arena) {
    const auto end = response.content_type.find(';');
    if (end == std::string_view::npos) return;
    auto type = lower(trim(response.content_type.substr(0, end)));
    for (const auto parameter : split(response.content_type.substr(end + 1), ';')) {
        const auto equals = parameter.find('=');
        if (equals == std::string_view::npos) continue;
        const auto name = lower(trim(parameter.substr(0, equals)));
        const auto value = trim(parameter.substr(equals + 1));
        if (name != "charset") type.append("; ").append(name).append("=").append(value);
        else if (response.charset.empty()) response.charset = value;
    }
    response.content_type = arena.copy(type);
}

Verdict check_type(Request& request) {
    if (request.storage.kind == Storage::Kind::directory) {
        request.response.content_type = "httpd/unix-directory";
        return ok;
    }
    const auto& settings = request.of<MimeSettings>();
    std::string_view path = request.filename;
    if (settings.uses_path_info.value_or(false))
        path = request.arena.join({path, request.path_info});
    auto name = base_name(path);
    next_piece(name); // even when it looks like an extension
    while (!name.empty()) {
        const auto extension = next_piece(name);
        if (!extension.empty()) apply_extension(extension, settings, request);
    }
    if (request.response.content_type.empty()) request.response.charset = {};
    take_charset(request.response, request.arena);
    if (request.languages.empty() && says_something(settings.default_language))
        request.languages.push_back(*settings.default_language);
    return request.response.content_type.empty() ? declined : ok;
}

bool is_known(std::string_view extension, const MimeSettings& settings, const Request& request) {
    const auto claims = settings.claims.value_or(MimeSettings::Claims{});
    if (claims.any) return true;
    const LowerCase name(extension, request.arena);
    const auto found = settings.extensions.find(name.text());
    const auto* said = found == settings.extensions.end() ? nullptr : &found->second;
    if (!(said && said->type) && !type_in_file(request, name.text()).empty()) return true;
    if (!said) return false;
    return says_something(said->type) || says_something(said->charset) ||
           says_something(said->language) || says_something(said->encoding) ||
           (claims.handlers && says_something(said->handler)) ||
           (claims.filters && (said->output_filters || said->input_filters));
}

} // namespace

bool is_claimed(const Request& found, std::string_view asked) {
    const auto& settings = found.of<MimeSettings>();
    auto name = base_name(found.filename);
    bool any_known = false;
    for (bool is_first = true; !name.empty(); is_first = false) {
        const auto piece = next_piece(name);
        if (!is_first && (piece.empty() || is_known(piece, settings, found))) {
            any_known = any_known || !piece.empty();
            continue;
        }
        // It must be among what is left of the name that was asked for.
        bool occurs = false;
        while (!asked.empty() && !occurs) occurs = next_piece(asked) == piece;
        if (!occurs) return false;
    }
    return any_known;
}

Module mime_module() {
    return {
        .name = "mime",
        .directives = mime_directives(),
        .settings = {config::settings_type<MimeSettings>(),
                     config::settings_type<MimeServerSettings>()},
        .hooks = {.post_config = read_types, .type_checker = check_type},
    };
}

} // namespace preforkd
