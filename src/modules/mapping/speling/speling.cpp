// speling: a path that leads nowhere is taken for one with a slip of the pen.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "http/uri.h"
#include "modules/mapping/speling/likeness.h"
#include "modules/modules.h"
#include "os/file.h"
#include "pipeline/request.h"
#include "pipeline/server_names.h"

namespace preforkd {

using http::FieldId;

namespace {

struct SpelingSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    // A section that says anything has what it says itself, as in Apache.
    void inherit_from(const SpelingSettings&) {}
    std::optional<bool> enabled, case_only, by_basename;
};

struct Candidate {
    std::string name;
    Likeness likeness;
};

// What of the path was not found, and where it was looked for.
struct Slip {
    std::string_view folder; // on the disk
    std::string_view name;
    std::string_view rest;     // what follows the name in the path
    std::string_view url_path; // of the folder, with its last slash
};

// Nothing where path and file name do not end alike: then no other path can be told.
std::optional<Slip> find_slip(Request& request) {
    const auto slash = request.filename.rfind('/');
    if (slash == request.filename.npos || request.uri == "/") return std::nullopt;
    Slip slip{.folder = request.filename.substr(0, slash + 1),
              .name = request.filename.substr(slash + 1),
              .rest = request.path_info,
              .url_path = {}};
    const auto ending = request.arena.join({slip.name, slip.rest});
    if (!request.uri.ends_with(ending)) return std::nullopt;
    slip.url_path = request.uri.substr(0, request.uri.size() - ending.size());
    return slip;
}

Likeness judge(const SpelingSettings& settings, std::string_view asked, std::string_view present) {
    Likeness judged = likeness(asked, present);
    if (settings.case_only.value_or(false) && judged > Likeness::miscapitalized)
        judged = Likeness::none;
    if (judged == Likeness::none && settings.by_basename.value_or(true) &&
        has_basename_of(asked, present))
        judged = Likeness::common_basename;
    return judged;
}

// Nothing where one of them is the very name: then it is not the name that is wrong.
std::vector<Candidate> find_candidates(const Request& request, const Slip& slip) {
    auto names = names_in_directory(std::string(slip.folder));
    if (!names) return {};
    std::vector<Candidate> candidates;
    for (auto& name : *names) {
        const auto judged = judge(request.of<SpelingSettings>(), slip.name, name);
        if (judged == Likeness::identical) return {};
        if (judged != Likeness::none) candidates.push_back({std::move(name), judged});
    }
    std::stable_sort(
        candidates.begin(), candidates.end(),
        [](const Candidate& a, const Candidate& b) { return a.likeness < b.likeness; });
    return candidates;
}

std::string path_of(const Slip& slip, const Candidate& candidate) {
    return fmt::format("{}{}{}", slip.url_path, candidate.name, slip.rest);
}

Verdict redirect(Request& request, const Slip& slip, const Candidate& candidate) {
    const auto referer = request.head.fields.value_or_empty(FieldId::referer);
    std::string path = http::escape_path(path_of(slip, candidate));
    if (request.has_query) path.append("?").append(request.query);
    request.response.fields.set(FieldId::location, absolute_url(request, path));
    const auto fixed = path_of(slip, candidate);
    request.log("speling", log::Level::info,
                referer.empty()
                    ? fmt::format("AH03225: Fixed spelling: {} to {}", request.uri, fixed)
                    : fmt::format("AH03224: Fixed spelling: {} to {} from {}", request.uri, fixed,
                                  referer));
    return refuse(301);
}

std::string page_of(const Request& request, const Slip& slip,
                    const std::vector<Candidate>& candidates) {
    std::string page =
        fmt::format("The document name you requested (<code>{}</code>) could not be found on this "
                    "server.\nHowever, we found documents with names similar to the one you "
                    "requested.<p>Available documents:\n<ul>\n",
                    escape_html(request.uri));
    for (const auto& candidate : candidates) {
        const auto path = path_of(slip, candidate);
        page +=
            fmt::format("<li><a href=\"{}\">{}</a> ({})\n", escape_html(http::escape_link(path)),
                        escape_html(path), describe(candidate.likeness));
    }
    page += "</ul>\n";
    const auto referer = request.head.fields.value_or_empty(FieldId::referer);
    if (!referer.empty())
        page += fmt::format("Please consider informing the owner of the referring page <tt>{}</tt> "
                            "about the broken link.\n",
                            escape_html(referer));
    return page;
}

Verdict offer(Request& request, const Slip& slip, const std::vector<Candidate>& candidates) {
    const auto referer = request.head.fields.value_or_empty(FieldId::referer);
    request.error_notes = request.arena.copy(page_of(request, slip, candidates));
    request.log("speling", log::Level::info,
                referer.empty() ? fmt::format("AH03227: Spelling fix: {}: {} candidates",
                                              request.uri, candidates.size())
                                : fmt::format("AH03226: Spelling fix: {}: {} candidates from {}",
                                              request.uri, candidates.size(), referer));
    return refuse(300);
}

Verdict correct(Request& request) {
    // Nobody has written the names that are looked up in passing.
    if (!request.of<SpelingSettings>().enabled.value_or(false) || request.main ||
        (request.head.method != http::Method::get && !request.header_only()) ||
        request.other_server.answers || request.storage.kind != Storage::Kind::missing)
        return declined;
    const auto slip = find_slip(request);
    if (!slip) return declined;
    const auto candidates = find_candidates(request, *slip);
    if (candidates.empty()) return declined;
    const bool is_clear =
        candidates[0].likeness != Likeness::common_basename &&
        (candidates.size() == 1 || candidates[0].likeness != candidates[1].likeness);
    return is_clear ? redirect(request, *slip, candidates[0]) : offer(request, *slip, candidates);
}

} // namespace

Module speling_module() {
    using config::anywhere;
    using config::override_options;
    using config::sets_flag;
    using config::Shape;
    Module module{.name = "speling"};
    module.directives = {
        {"CheckSpelling", Shape::flag, anywhere, override_options,
         sets_flag<&SpelingSettings::enabled>,
         "whether or not to fix miscapitalized/misspelled requests"},
        {"CheckCaseOnly", Shape::flag, anywhere, override_options,
         sets_flag<&SpelingSettings::case_only>,
         "whether or not to fix only miscapitalized requests"},
        {"CheckBasenameMatch", Shape::flag, anywhere, override_options,
         sets_flag<&SpelingSettings::by_basename>,
         "whether or not to fix files with the same base name"},
    };
    module.settings.push_back(config::settings_type<SpelingSettings>());
    module.hooks.fixups = correct;
    return module;
}

} // namespace preforkd
