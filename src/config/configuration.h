// What a configuration says once it is read: servers, their sections and settings. Nothing in here
// changes after the children are forked.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.h"
#include "base/text.h"
#include "config/settings.h"
#include "config/syntax_tree.h"

namespace preforkd {
class Expression;
}

namespace preforkd::config {

// <Directory>, <Files>, <Location> and their Match forms: settings for what the pattern matches.
// <Proxy> and <ProxyMatch>: for the URLs of other servers, which begin with the pattern or match
// it. <If>, <ElseIf> and <Else>: settings for the requests for which a condition holds.
struct Section {
    enum class Kind : unsigned char { directory, proxy, files, location, if_, htaccess };
    Kind kind = Kind::directory;
    std::string pattern; // a path or a glob; for a directory without its last slash unless "/"
    bool is_glob = false;
    std::optional<Regex> regex;  // the Match forms and "~"
    bool may_mean_files = false; // its last name has a wildcard
    int depth = 0;               // slashes of a directory's pattern: shorter ones merge first
    Settings settings;
    std::vector<std::unique_ptr<Section>> files; // <Files> inside, in order
    std::shared_ptr<const Expression> condition; // of <If> and <ElseIf>
    bool is_alternative = false; // <ElseIf>, <Else>: only where the one before does not hold
    std::vector<std::unique_ptr<Section>> ifs; // inside, in order
    Place place;
};

// Host and port of a <VirtualHost> or NameVirtualHost.
struct HostAddress {
    std::string text;         // as it was written: "*:80", "[::1]:8080", "_default_:443"
    bool any_address = false; // "*" or "_default_"
    std::string address;      // packed network form, 4 or 16 bytes; empty when any_address
    unsigned short port = 0;  // 0: any ("*")
};

// The main server or one <VirtualHost>.
struct Server {
    bool is_virtual = false;
    Place place; // where <VirtualHost> stands

    std::string scheme; // from ServerName "https://…", or empty
    std::string name;   // ServerName, or what could be found out
    bool name_was_set = false;
    unsigned short port = 0;          // from ServerName, else from <VirtualHost>, or 0
    std::string path;                 // ServerPath: for clients that send no Host; empty for none
    std::vector<std::string> aliases; // ServerAlias without wildcards
    std::vector<std::string> wildcard_aliases; // ServerAlias with * or ?
    std::vector<HostAddress> addresses;

    Settings server_settings;                          // Scope::server
    Settings directory_settings;                       // Scope::directory, said outside any section
    std::vector<std::unique_ptr<Section>> directories; // plain ones by depth, then regexes in order
    std::vector<std::unique_ptr<Section>> proxies;
    std::vector<std::unique_ptr<Section>> files;
    std::vector<std::unique_ptr<Section>> locations;
    std::vector<std::unique_ptr<Section>> ifs;

    // Made once everything is read: main server's settings with this server's on top. A host's
    // sections follow the main server's within each list, as Apache concatenates them.
    MergedSettings server_merged;
    MergedSettings directory_merged;
    std::vector<const Section*> all_directories;
    std::vector<const Section*> all_proxies;
    std::vector<const Section*> all_files;
    std::vector<const Section*> all_locations;
    std::vector<const Section*> all_ifs;

    template <class S>
    const S& of() const {
        static_assert(S::scope == Scope::server);
        return server_merged.of<S>();
    }
};

struct MacroTable;

struct Configuration {
    std::string server_root;
    std::string main_file;
    bool check_document_roots = true; // from ReadOptions, for DocumentRoot
    std::vector<std::string> defines; // names from -D and Define
    std::map<std::string, std::string, IgnoringCase> variables; // values from Define
    std::shared_ptr<const MacroTable> macros; // as they were at the end, for .htaccess files
    // As -t -D DUMP_INCLUDES prints them: "    (12) /etc/x.conf", deeper ones further in.
    std::vector<std::string> included_files;
    std::vector<std::string> enabled_modules; // "alias_module", in order of LoadModule
    // Both names of each enabled module, also of those that are built in: what <IfModule> takes.
    std::vector<std::string> module_names;
    std::vector<Warning> warnings;
    // What was read, where mod_info is to show it; else empty.
    std::unique_ptr<SyntaxTree> tree = std::make_unique<SyntaxTree>();
    std::vector<std::unique_ptr<Server>> servers; // the main server first

    // For what an .htaccess file sees: the configuration that is served.
    const Configuration* served = nullptr;
    // What the main server's directives said, also for an .htaccess file.
    const Settings& said_by_main_server() const {
        return (served ? *served : *this).main_server().server_settings;
    }

    Server& main_server() { return *servers.front(); }
    const Server& main_server() const { return *servers.front(); }
    bool defined(std::string_view name) const;
    // Of a module that is not built in: "alias_module".
    bool has_module(std::string_view identifier) const;
};

// Whether the server's ServerName or ServerAlias say so.
bool goes_by(const Server& server, std::string_view host);

// Picks the server for a connection to `address`:`port` (packed form) and a Host name, as Apache
// does: the best address match, then by name, else the first defined. One a process, made after
// the configuration is complete.
class HostIndex {
  public:
    explicit HostIndex(const Configuration& configuration);
    ~HostIndex();
    HostIndex(HostIndex&&) noexcept;

    // The servers of an address, and the one to use before a Host field is known.
    struct Candidates;
    const Candidates& for_address(std::string_view packed_address, unsigned short port) const;
    static const Server& first_of(const Candidates& candidates);
    // Whether a name chooses among several.
    static bool has_names(const Candidates& candidates);
    // `host` without port; any letter case; a trailing dot is ignored.
    static const Server& by_name(const Candidates& candidates, std::string_view host,
                                 unsigned short port);
    // The same, but nullptr where no server has that name.
    static const Server* find_by_name(const Candidates& candidates, std::string_view host,
                                      unsigned short port);
    // For a request without Host: by ServerPath.
    static const Server& by_path(const Candidates& candidates, std::string_view path);

    // What `-S` prints below "VirtualHost configuration:".
    std::string describe() const;

  private:
    struct Index;
    std::unique_ptr<Index> index_;
};

} // namespace preforkd::config
