// From a request's path and file name to its merged settings (Apache: ap_location_walk,
// ap_directory_walk, ap_file_walk).
#pragma once

#include <memory>
#include <vector>

#include "pipeline/directory_settings.h"
#include "pipeline/request.h"

namespace preforkd {

class SettingsWalk {
  public:
    SettingsWalk(const config::Configuration& configuration,
                 const config::DirectiveTable& directives);

    // A client asks, and is answered before the next one.
    void begin_request() { directories_.begin_request(); }

    // Server and <Location> only: what translate_name may know.
    void before_translation(Request& request);

    // Whether requests came for files in that directory lately.
    bool knows_directory(const config::Server& server, std::string_view directory,
                         std::int64_t now) {
        return directories_.knows(server, directory, now);
    }
    // The settings of the directory that holds `path`, for the walk along it.
    const DirectorySettings& directory(const config::Server& server, std::string_view directory,
                                       std::string_view path, bool is_file) {
        return directories_.settings_for(server, directory, path, is_file);
    }

    // Frees what is out of date. Requires: no request is under way.
    void free_retired();

    // Everything: the directory's settings with <Files> and <Location> on top. `directory` may be
    // nullptr for a request that has no file ("OPTIONS *").
    void complete(Request& request, const DirectorySettings* directory);

    // Whether other settings could hold for a name in the folder that `folder` asked for.
    bool differs_for(const Request& folder, std::string_view name);

  private:
    // A merge that was made before, found again by what it was made from.
    struct Merge {
        const config::MergedSettings* base;
        SectionList sections;
        std::unique_ptr<config::MergedSettings> merged;
    };
    const config::MergedSettings& merged(const config::MergedSettings& base,
                                         const SectionList& sections);
    void add_proxies(const Request& request, SectionList& sections) const;
    void add_locations(const Request& request, SectionList& sections) const;
    // Merges matches_ onto `base` for the request, and then those of `ifs` and of the matches' own
    // conditional sections that hold (Apache: ap_if_walk).
    void settle(Request& request, const config::MergedSettings& base, const SectionList& ifs);
    void add_holding(Request& request, SectionList ifs);

    DirectorySettingsCache directories_;
    unsigned generation_ = 0;
    std::vector<Merge> merges_;
    std::vector<Merge> retired_;
    SectionList matches_; // of the request at hand; kept to save the allocation
};

} // namespace preforkd
