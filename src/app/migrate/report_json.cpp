// The reports for programs.
#include <nlohmann/json.hpp>

#include "app/migrate/module_guide.h"
#include "app/migrate/report.h"
#include "app/migrate/verdict.h"

namespace preforkd::migrate {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(Kind kind) {
    switch (kind) {
    case Kind::works: return "works";
    case Kind::differs: return "differs";
    case Kind::later: return "later";
    case Kind::unknown: return "unknown";
    case Kind::refused: return "refused";
    }
    return {};
}

// Bytes that are no UTF-8 do not spoil it.
std::string dumped(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json directive_json(const Occurrence& one) {
    Json json{{"name", one.name},
              {"class", name_of(one.kind)},
              {"file", one.site.file},
              {"line", one.site.line}};
    if (!one.remark.empty()) json["remark"] = one.remark;
    if (one.kind != Kind::unknown) return json;
    if (!one.module.empty()) json["module"] = one.module;
    json["remark"] = advice_about(one.module);
    return json;
}

Json counts_json(const Survey& survey) {
    Json counts;
    for (const Kind kind : {Kind::works, Kind::differs, Kind::later, Kind::unknown, Kind::refused})
        counts[std::string(name_of(kind))] = survey.count(kind);
    counts["all"] = survey.occurrences.size();
    return counts;
}

Json modules_json(const Survey& survey) {
    Json modules = Json::array();
    for (const MissingModule& one : survey.missing_modules)
        modules.push_back({{"identifier", one.identifier},
                           {"remark", advice_about(module_of_identifier(one.identifier))},
                           {"file", one.site.file},
                           {"line", one.site.line}});
    return modules;
}

Json accepted_json(std::size_t files, std::size_t tolerant, std::size_t strict) {
    return {{"files", files}, {"tolerant", tolerant}, {"strict", strict}};
}

std::size_t count_accepted(const TreeCoverage& tree, bool strictly) {
    std::size_t count = 0;
    for (const FileCoverage& file : tree.files) count += file.wholly_accepted(strictly);
    return count;
}

} // namespace

std::string report_json(const Survey& survey) {
    const Acceptance accepted = acceptance_of(survey);
    Json json{{"configuration", survey.file},
              {"server_root", survey.server_root},
              {"verdict", migrate::name_of(readiness_of(survey))},
              {"sentence", verdict_of(survey)},
              {"next", next_step_after(survey)},
              {"counts", counts_json(survey)},
              {"accepted", accepted_json(accepted.files, accepted.tolerant, accepted.strict)},
              {"virtual_hosts", survey.hosts},
              {"modules_loaded", survey.modules},
              {"missing_modules", modules_json(survey)},
              {"files", survey.files},
              {"htaccess_files", survey.htaccess_files},
              {"htaccess_ignored", survey.ignored_htaccess},
              {"htaccess_complete", survey.saw_every_folder}};
    if (!survey.fault.empty()) json["fault"] = survey.fault;
    json["directives"] = Json::array();
    for (const Occurrence& one : survey.occurrences)
        json["directives"].push_back(directive_json(one));
    return dumped(json);
}

std::string tree_json(const std::string& folder, const TreeCoverage& tree) {
    Json json{{"tree", folder},
              {"accepted", accepted_json(tree.files.size(), count_accepted(tree, false),
                                         count_accepted(tree, true))},
              {"foreign", tree.foreign}};
    json["files"] = Json::array();
    for (const FileCoverage& file : tree.files) {
        Json one{{"file", file.path},
                 {"directives", file.directives},
                 {"known", file.known},
                 {"strict", file.wholly_accepted(true)},
                 {"tolerant", file.wholly_accepted(false)},
                 {"unknown", file.strict}};
        if (!file.broken.empty()) one["fault"] = file.broken;
        json["files"].push_back(std::move(one));
    }
    return dumped(json);
}

} // namespace preforkd::migrate
