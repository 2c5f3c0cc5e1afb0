#include "modules/content/include/included.h"

#include <fmt/format.h>

#include "base/text.h"
#include "http/uri.h"
#include "modules/content/include/codings.h"
#include "pipeline/core_settings.h"
#include "pipeline/subrequest.h"

namespace preforkd::ssi {

namespace {

std::string decoded_value(const Document& document, const Attribute& attribute) {
    return document.expand(decode_entities(*attribute.value));
}

bool may_not_execute(const Document& document) {
    return (document.request.of<CoreDirectorySettings>().effective_options() & option_includes) ==
           0;
}

// The file of that name in the document's folder or below; nothing for one elsewhere.
std::optional<std::string_view> name_below(const Document& document, std::string_view name) {
    Arena& arena = document.request.arena;
    if (name.starts_with('/')) return std::nullopt;
    const auto normalized = http::normalize_path(arena.join({"/", name}), true, arena);
    if (!normalized) return std::nullopt;
    return normalized->substr(1);
}

bool is_found(const Request& found) {
    return found.response.status == 200 && found.storage.kind != Storage::Kind::missing &&
           found.storage.kind != Storage::Kind::unknown;
}

Status include(Document& document, bool by_path, const std::string& name) {
    const auto failure = [&](std::string_view what, std::string_view rest, int code = 0) {
        return Error{fmt::format("unable to include {}\"{}\" in parsed file {}{}", what, name,
                                 document.request.filename, rest),
                     code};
    };
    Request* found = nullptr;
    if (by_path) found = &look_up_uri(document.request, name);
    else if (const auto below = name_below(document, name))
        found = &look_up_file(document.request, *below);
    else return failure("file ", "", log::cause_above_root);
    if (const int status = found->response.status; status != 200)
        return failure("", fmt::format(", subrequest setup returned {}", status));
    const auto type = found->response.content_type;
    if (may_not_execute(document) && !type.empty() && !type.starts_with("text/"))
        return failure("potential exec ", ", content type not text/*");
    const auto verdict = run_subrequest(*found, *document.next);
    if (!verdict.is_refusal()) return {};
    return failure("", fmt::format(", subrequest returned {}", verdict.status()));
}

struct Found {
    bool known = false;
    off_t size = 0;
    std::time_t modified = 0;
};

Found tell(const Request& found) {
    const struct stat& status = found.storage.status;
    return {.known = true, .size = status.st_size, .modified = status.st_mtime};
}

Found find_file(Document& document, const std::string& name) {
    const auto below = name_below(document, name);
    const Request* found = below ? &look_up_file(document.request, *below) : nullptr;
    if (found && is_found(*found)) return tell(*found);
    document.log(log::Level::error,
                 fmt::format("{} \"{}\" in parsed file {}",
                             found ? "AH02670: unable to lookup information about"
                                   : "AH02668: unable to access file",
                             name, document.request.filename),
                 found ? 0 : log::cause_above_root);
    return {};
}

Found find_path(Document& document, const std::string& name) {
    const Request& found = look_up_uri(document.request, name);
    if (is_found(found)) return tell(found);
    document.log(log::Level::error,
                 fmt::format("AH01339: unable to get information about \"{}\" in parsed file {}",
                             name, document.request.filename));
    return {};
}

void tell_of_file(Document& document, const Element& element,
                  std::string (*text)(const Document&, const Found&)) {
    for (const auto& attribute : element.attributes) {
        if (!attribute.value) return;
        const auto name = decoded_value(document, attribute);
        Found found;
        if (attribute.name == "file") found = find_file(document, name);
        else if (attribute.name == "virtual") found = find_path(document, name);
        else
            document.log(log::Level::error,
                         fmt::format("AH01340: unknown parameter \"{}\" to tag {} in {}",
                                     attribute.name, element.name, document.request.filename));
        document.print(found.known ? text(document, found) : std::string(document.error_text));
        if (!found.known) return;
    }
}

// 1234567 → "1,234,567".
std::string with_commas(off_t number) {
    std::string text = fmt::format("{}", number);
    for (std::size_t left = text.size(); left > 3;) text.insert(left -= 3, ",");
    return text;
}

std::string size_text(const Document& document, const Found& found) {
    return document.abbreviates_sizes ? short_size(found.size) : with_commas(found.size);
}

std::string modified_text(const Document& document, const Found& found) {
    return document.time_text(found.modified, false);
}

} // namespace

void obey_include(Document& document, const Element& element) {
    Status included; // the last one, for which onerror= may name a substitute
    for (const auto& attribute : element.attributes) {
        if (!attribute.value) break;
        const bool by_path = attribute.name == "virtual", substitute = attribute.name == "onerror";
        if (!by_path && !substitute && attribute.name != "file")
            return document.fail(fmt::format("AH01342: unknown parameter \"{}\" to tag include in "
                                             "{}",
                                             attribute.name, document.request.filename));
        if (substitute && included) continue;
        if (!substitute && !included) break;
        included = include(document, by_path || substitute, decoded_value(document, attribute));
        if (!included)
            document.log(log::Level::error, included.error().what, included.error().code);
    }
    if (!included) document.print(document.error_text);
}

void obey_fsize(Document& document, const Element& element) {
    tell_of_file(document, element, size_text);
}

void obey_flastmod(Document& document, const Element& element) {
    tell_of_file(document, element, modified_text);
}

} // namespace preforkd::ssi
