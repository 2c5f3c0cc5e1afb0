// Configuration files each for itself, by the names of their directives: what they include, and
// which modules are loaded elsewhere, does not matter.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace preforkd::migrate {

struct FileCoverage {
    std::string path;
    std::size_t directives = 0;        // with those of all <IfModule>
    std::size_t known = 0;             // of them
    std::vector<std::string> strict;   // names that are unknown, also in <IfModule>
    std::vector<std::string> tolerant; // the same without what Apache would skip
    std::string broken;                // a section without an end, and the like

    bool wholly_accepted(bool strictly) const {
        return broken.empty() && (strictly ? strict : tolerant).empty();
    }
    bool is_htaccess() const { return path.ends_with("/.htaccess"); }
};

FileCoverage cover_file(const std::string& path);

struct TreeCoverage {
    std::vector<FileCoverage> files;
    std::vector<std::string> foreign; // of other programs, by their directives
};

// Every *.conf, .htaccess, and file without a suffix that says <VirtualHost>, below `folder`.
TreeCoverage cover_tree(const std::string& folder);

} // namespace preforkd::migrate
