#include "pipeline/settings_walk.h"

#include <algorithm>

#include "pipeline/expression/expression.h"
#include "pipeline/proxied_name.h"

namespace preforkd {

namespace {

// Combinations of matching sections are few; a configuration that makes many starts over.
constexpr std::size_t most_merges = 256;

bool holds(const config::Section& section, Request& request) {
    const auto answer = section.condition->holds(request);
    if (answer) return *answer;
    request.log(
        "core", log::Level::error,
        request.arena.join({"AH00039: Failed to evaluate <If > condition: ", answer.error().what}));
    return false;
}

// Of a request that another server answers.
std::string_view backend_url(const Request& request) {
    return is_proxied(request.filename) ? proxied_url(request.filename) : std::string_view();
}

std::string_view compared_with(const config::Section& section, const Request& request) {
    using Kind = config::Section::Kind;
    if (section.kind == Kind::files) return request.filename;
    return section.kind == Kind::proxy ? backend_url(request) : request.uri;
}

} // namespace

SettingsWalk::SettingsWalk(const config::Configuration& configuration,
                           const config::DirectiveTable& directives)
    : directories_(configuration, directives) {}

void SettingsWalk::before_translation(Request& request) {
    matches_.clear();
    add_locations(request, matches_);
    for (const auto* section : matches_) set_match_variables(*section, request.uri, request);
    settle(request, request.server->directory_merged, request.server->all_ifs);
}

void SettingsWalk::free_retired() {
    directories_.free_retired();
    retired_.clear();
}

void SettingsWalk::complete(Request& request, const DirectorySettings* directory) {
    matches_.clear();
    const auto& base = directory ? directory->merged : request.server->directory_merged;
    if (directory)
        for (const auto* section : directory->named)
            set_match_variables(*section, request.filename, request);
    if (directory) {
        for (const auto* section : directory->files)
            if (matches_file(*section, request.filename)) matches_.push_back(section);
    }
    if (request.other_server.answers) add_proxies(request, matches_);
    add_locations(request, matches_);
    for (const auto* section : matches_)
        set_match_variables(*section, compared_with(*section, request), request);
    settle(request, base, directory ? directory->ifs : request.server->all_ifs);
}

bool SettingsWalk::differs_for(const Request& folder, std::string_view name) {
    const auto path = folder.arena.join({folder.uri, name});
    const auto& server = *folder.server;
    const auto end = folder.filename.find_last_not_of('/');
    const auto directory = folder.filename.substr(0, end == folder.filename.npos ? 1 : end + 1);
    const auto& settings = directories_.settings_for(server, directory, folder.filename, false);
    if (!settings.ifs.empty()) return true;
    for (const auto* section : settings.files)
        if (matches_file(*section, name)) return true;
    return std::any_of(
        server.all_locations.begin(), server.all_locations.end(), [&](const auto* section) {
            return !section->ifs.empty() ||
                   matches_location(*section, path) != matches_location(*section, folder.uri);
        });
}

void SettingsWalk::settle(Request& request, const config::MergedSettings& base,
                          const SectionList& ifs) {
    request.settings = &merged(base, matches_);
    const auto has_ifs = [](const auto* section) { return !section->ifs.empty(); };
    if (ifs.empty() && std::none_of(matches_.begin(), matches_.end(), has_ifs)) return;
    SectionList to_try = ifs;
    for (const auto* section : matches_)
        for (const auto& nested : section->ifs) to_try.push_back(nested.get());
    add_holding(request, std::move(to_try));
    request.settings = &merged(base, matches_);
}

// What stands in a section that holds is tried after everything beside it.
void SettingsWalk::add_holding(Request& request, SectionList ifs) {
    while (!ifs.empty()) {
        SectionList inside;
        bool one_held = false; // of those that are alternatives to each other
        for (const auto* section : ifs) {
            if (section->is_alternative && one_held) continue;
            one_held = !section->condition || holds(*section, request);
            if (!one_held) continue;
            matches_.push_back(section);
            for (const auto& nested : section->ifs) inside.push_back(nested.get());
        }
        ifs = std::move(inside);
    }
}

void SettingsWalk::add_proxies(const Request& request, SectionList& sections) const {
    for (const auto* section : request.server->all_proxies)
        if (matches_proxy(*section, backend_url(request))) sections.push_back(section);
}

void SettingsWalk::add_locations(const Request& request, SectionList& sections) const {
    for (const auto* section : request.server->all_locations)
        if (matches_location(*section, request.uri)) sections.push_back(section);
}

const config::MergedSettings& SettingsWalk::merged(const config::MergedSettings& base,
                                                   const SectionList& sections) {
    if (sections.empty()) return base;
    // A dropped directory entry may have lent its address to another.
    if (generation_ != directories_.generation() || merges_.size() > most_merges) {
        for (auto& merge : merges_) retired_.push_back(std::move(merge));
        merges_.clear();
        generation_ = directories_.generation();
    }
    for (const auto& merge : merges_)
        if (merge.base == &base && merge.sections == sections) return *merge.merged;

    // Sections of a kind are merged with each other first: so does Apache, and where a module's
    // merging forgets something (UnsetEnv), it shows.
    auto result = std::make_unique<config::MergedSettings>(base.with(config::MergedSettings{}));
    for (auto section = sections.begin(); section != sections.end();) {
        const auto kind = (*section)->kind;
        config::MergedSettings together;
        for (; section != sections.end() && (*section)->kind == kind; ++section)
            together.add((*section)->settings);
        result->add(std::move(together));
    }
    merges_.push_back({&base, sections, std::move(result)});
    return *merges_.back().merged;
}

} // namespace preforkd
