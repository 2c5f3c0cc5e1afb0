// A survey as people read it, and as programs do.
#pragma once

#include <string>
#include <vector>

#include "app/migrate/coverage.h"
#include "app/migrate/page_style.h"
#include "app/migrate/survey.h"

namespace preforkd::migrate {

// Directives that the same is said of: "mod_proxy: …", or how they differ.
struct Group {
    struct Member {
        std::string name;
        std::vector<Site> sites;
    };
    std::string remark;
    std::vector<Member> members;
};
std::vector<Group> groups_of(const Survey& survey, Kind kind);

std::string report_text(const Survey& survey, bool with_all, const PageStyle& style);
std::string report_json(const Survey& survey);

std::string tree_text(const std::string& folder, const TreeCoverage& tree, const PageStyle& style);
std::string tree_json(const std::string& folder, const TreeCoverage& tree);

} // namespace preforkd::migrate
