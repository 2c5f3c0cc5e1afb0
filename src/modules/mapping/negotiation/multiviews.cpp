#include "modules/mapping/negotiation/multiviews.h"

#include <cerrno>

#include "base/text.h"
#include "modules/mapping/mime/mime.h"
#include "modules/mapping/negotiation/quality.h"
#include "os/file.h"
#include "pipeline/subrequest.h"

namespace preforkd::negotiation {

namespace {

// A type that the name gives, or the one that stands for a script.
std::string_view type_of(const Request& found) {
    auto type = found.response.content_type;
    if (type.empty() && !found.handler_name.empty()) return script_type;
    return type.substr(0, type.find(';'));
}

Variant variant_of(Request& found, std::string_view name) {
    Variant made;
    made.name = name;
    made.type = found.response.content_type = type_of(found);
    made.charset = found.response.charset;
    made.encoding = found.content_encoding;
    made.languages = found.languages;
    made.found = &found;
    return made;
}

bool is_type_map(const Request& found) {
    return found.handler_name == "type-map" ||
           found.response.content_type == "application/x-type-map";
}

Verdict refuse_folder(Request& request, std::string_view folder, const Error& error) {
    request.log("negotiation", log::Level::error,
                request.arena.join({"AH00686: cannot read directory for multi: ", folder}),
                error.code);
    return refuse(403);
}

// Of equally good ones the first is taken. A type map says its own order.
void sort(Variants& variants) {
    std::stable_sort(variants.begin(), variants.end(), [](const auto& a, const auto& b) {
        if (a.source_quality != b.source_quality) return a.source_quality > b.source_quality;
        return a.name < b.name;
    });
}

} // namespace

Gathered gather_variants(Request& request) {
    Gathered gathered{ok, Variants(request.arena.resource())};
    const auto slash = request.filename.rfind('/');
    const auto folder = request.filename.substr(0, slash + 1);
    const auto asked = request.filename.substr(slash + 1);
    if (asked.empty()) return gathered;
    const auto names = names_in_directory(std::string(folder));
    if (!names) {
        // A child remembers folders: this one is gone, and its file is missing as any other.
        if (names.error().code == ENOENT || names.error().code == ENOTDIR) return gathered;
        gathered.verdict = refuse_folder(request, folder, names.error());
        return gathered;
    }
    bool any = false;
    for (const auto& name : *names) {
        if (!name.starts_with(asked) || name.size() <= asked.size() || name[asked.size()] != '.')
            continue;
        any = true;
        const auto kept = request.arena.copy(name);
        Request& found = look_up_file(request, kept);
        if (found.storage.kind != Storage::Kind::regular || !is_claimed(found, asked)) continue;
        if (found.response.status != 200 || type_of(found).empty()) continue;
        if (is_type_map(found)) {
            gathered.map = &found;
            return gathered;
        }
        gathered.variants.push_back(variant_of(found, kept));
    }
    sort(gathered.variants);
    if (any && gathered.variants.empty()) {
        request.log("negotiation", log::Level::error,
                    request.arena.join({"AH00687: Negotiation: discovered file(s) matching "
                                        "request: ",
                                        request.filename, " (None could be negotiated)."}));
        gathered.verdict = refuse(404);
    }
    return gathered;
}

} // namespace preforkd::negotiation
