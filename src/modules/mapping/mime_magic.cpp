// mime_magic: the type of a file whose name tells none, by what is in it.
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <magic.h>

#include "config/directive.h"
#include "modules/modules.h"
#include "os/file.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

struct MagicSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const MagicSettings& outer) { config::inherit(file, outer.file); }
    std::optional<std::string> file;
};

// As much of a file as tells what it is.
constexpr std::size_t beginning_size = 4096;

struct Close {
    void operator()(magic_set* library) const { magic_close(library); }
};

// The library with its own data, read before the fork: all children share them.
std::unique_ptr<magic_set, Close> library;

Status set_file(MagicSettings& settings, config::Arguments arguments,
                config::Invocation& invocation) {
    settings.file = invocation.server_relative(arguments[0]);
    return {};
}

// Nobody reads it, but who names a file that is not there has made a mistake.
Status check_file(const std::string& file) {
    if (auto opened = open_for_reading(file.c_str()); !opened)
        return Error{fmt::format("AH01515: mod_mime_magic: can't read magic file {}", file)};
    return {};
}

Status load_library(config::Configuration& configuration) {
    bool wanted = false;
    for (const auto& server : configuration.servers) {
        const auto& file = server->of<MagicSettings>().file;
        if (!file) continue;
        wanted = true;
        if (auto checked = check_file(*file); !checked) return checked;
    }
    if (library || !wanted) return {};
    library.reset(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS));
    if (library && magic_load(library.get(), nullptr) == 0) return {};
    const char* why = library ? magic_error(library.get()) : nullptr;
    library.reset();
    return Error{fmt::format("mod_mime_magic: the data of libmagic cannot be read{}{}",
                             why ? ": " : "", why ? why : "")};
}

struct Coding {
    std::string_view type, coding;
};
// Compressed content has no type of its own.
constexpr Coding codings[] = {
    {"application/gzip", "x-gzip"},
    {"application/x-compress", "x-compress"},
    {"application/x-bzip2", "x-bzip2"},
};

Verdict take_type(Request& request, std::string_view type) {
    for (const auto& coding : codings)
        if (type == coding.type) {
            request.content_encoding = coding.coding;
            return ok;
        }
    // Said of what it knows nothing about.
    if (type.empty() || type == "application/octet-stream") return declined;
    request.response.content_type =
        type.ends_with("/x-empty") ? "text/plain" : request.arena.copy(type);
    return ok;
}

Verdict check_type(Request& request) {
    if (!library || !request.of<MagicSettings>().file ||
        request.storage.kind != Storage::Kind::regular || !request.response.content_type.empty())
        return declined;
    const auto file = open_for_reading(request.arena.c_string(request.filename));
    std::array<char, beginning_size> beginning;
    const auto size = file ? read_at(file->get(), beginning.data(), beginning.size(), 0)
                           : Result<std::size_t>(file.error());
    if (!size) {
        request.log(
            "mime_magic", log::Level::error,
            request.arena.join({"AH01512: mod_mime_magic: can't read `", request.filename, "'"}),
            size.error().code);
        return declined;
    }
    const char* type = magic_buffer(library.get(), beginning.data(), *size);
    return take_type(request, type ? type : "");
}

} // namespace

Module mime_magic_module() {
    return {
        .name = "mime_magic",
        .directives = {{"MimeMagicFile", config::Shape::one,
                        config::server_config | config::virtual_host, config::override_none,
                        config::edits<set_file>, "Path to MIME Magic file (in file(1) format)"}},
        .settings = {config::settings_type<MagicSettings>()},
        .hooks = {.post_config = load_library, .type_checker = check_type},
    };
}

} // namespace preforkd
