#include "app/migrate/flat_configuration.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "app/complete_configuration.h"
#include "base/text.h"
#include "config/reading.h"
#include "config/words.h"

namespace preforkd::migrate {

namespace {

using config::Node;

struct Source {
    config::Configuration configuration;
    config::SyntaxTree tree;
};

Status read_source(const CommandLine& line, Source& source) {
    const auto modules = module_rows();
    config::DirectiveTable rows;
    auto& configuration = source.configuration;
    configuration.server_root = line.server_root.value_or("");
    configuration.defines = line.defines;
    configuration.servers.push_back(std::make_unique<config::Server>());
    config::Reading reading(configuration, rows, modules);
    for (const auto& module : modules)
        if (module.built_in) reading.enable(module);
    const auto read_lines = [&](const std::vector<std::string>& lines) {
        std::string text;
        for (const auto& one : lines) text += one + '\n';
        return reading.read_text(config::LineReader("-c/-C directives", std::move(text)),
                                 source.tree);
    };
    if (auto read = read_lines(line.before); !read) return read;
    if (auto read = reading.read_file(line.file.value_or(""), source.tree); !read) return read;
    return read_lines(line.after);
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view one) { return iequals(one, name); });
}

// Two servers cannot share it, and the preview says its own or does without.
bool is_left_out(const Node& node) {
    constexpr std::array<std::string_view, 3> names{"PidFile", "ScoreBoardFile", "Mutex"};
    return !node.section && is_one_of(node.name, names);
}

bool names_a_log(const Node& node) {
    constexpr std::array<std::string_view, 8> names{"ErrorLog",    "CustomLog", "TransferLog",
                                                    "ForensicLog", "GlobalLog", "SlowRequestLog",
                                                    "ScriptLog",   "CookieLog"};
    return !node.section && is_one_of(node.name, names);
}

bool names_a_cache(const Node& node) {
    constexpr std::array<std::string_view, 2> names{"SSLSessionCache", "SSLStaplingCache"};
    return !node.section && is_one_of(node.name, names);
}

std::vector<unsigned short> listened_ports(const config::Nodes& nodes) {
    std::vector<unsigned short> ports;
    for (const Node& node : nodes) {
        const auto words = config::split_words(node.arguments);
        if (!iequals(node.name, "Listen") || words.empty()) continue;
        if (const auto port = port_at_end_of(words[0]); port != 0) ports.push_back(port);
    }
    return ports;
}

class Writer {
  public:
    Writer(const std::string& folder, FlatConfiguration& flat) : folder_(folder), flat_(flat) {}

    void write_head(const config::Configuration& configuration) {
        say("ServerRoot", quoted(configuration.server_root));
        for (const auto& module : configuration.enabled_modules)
            say("LoadModule", module + " (built-in)");
        say("DefaultRuntimeDir", quoted(folder_));
        say("PidFile", quoted(folder_ + "/preforkd.pid"));
        say("ErrorLog", quoted(folder_ + "/error.log"));
        for (const auto& name : configuration.defines) {
            const auto value = configuration.variables.find(name);
            const bool valued = value != configuration.variables.end();
            say("Define", valued ? name + " " + quoted(value->second) : name);
        }
        names_.insert("error.log");
    }

    void write(const config::Nodes& nodes) {
        for (const Node& node : nodes) {
            if (is_left_out(node)) continue;
            if (node.section) write_section(node);
            else say(node.name, arguments_of(node));
        }
    }

  private:
    static std::string quoted(std::string_view text) {
        std::string result = "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\') result += '\\';
            result += c;
        }
        return result + '"';
    }

    void say(std::string_view name, std::string_view arguments) {
        flat_.text += fmt::format("{:{}}{}{}{}\n", "", indent_, name, arguments.empty() ? "" : " ",
                                  arguments);
    }

    void write_section(const Node& node) {
        const bool host = iequals(node.name, "VirtualHost");
        const std::string arguments =
            host ? moved_addresses(node.arguments) : std::string(node.arguments);
        say(node.name_in_table(), arguments + (node.has_bracket ? ">" : ""));
        if (arguments.empty() && node.has_bracket) tighten();
        indent_ += 4;
        if (host) note_name(node);
        write(node.children);
        indent_ -= 4;
        say(fmt::format("</{}>", node.name), "");
    }

    // "<RequireAll >" is "<RequireAll>".
    void tighten() { flat_.text.erase(flat_.text.size() - 3, 1); }

    void note_name(const Node& host) {
        for (const Node& node : host.children)
            if (iequals(node.name, "ServerName"))
                for (const auto& name : config::split_words(node.arguments))
                    if (std::find(flat_.host_names.begin(), flat_.host_names.end(), name) ==
                        flat_.host_names.end())
                        flat_.host_names.push_back(name);
    }

    std::string moved_addresses(std::string_view arguments) const {
        std::string result;
        for (const auto& word : config::split_words(arguments)) {
            if (!result.empty()) result += ' ';
            result += flat_.ports.moved(word);
        }
        return result;
    }

    // TLS is spoken at 443 without a word, and where it moves only with one.
    std::string moved_listen(std::string_view arguments) const {
        auto words = config::split_words(arguments);
        if (words.empty()) return {};
        const bool said = std::any_of(words.begin() + 1, words.end(), [](const std::string& word) {
            return !istarts_with(word, "options=");
        });
        if (port_at_end_of(words[0]) == 443 && !said) words.insert(words.begin() + 1, "https");
        std::string result = flat_.ports.moved(words[0]);
        for (std::size_t i = 1; i < words.size(); ++i) result += " " + words[i];
        return result;
    }

    std::string arguments_of(const Node& node) {
        if (iequals(node.name, "Listen")) return moved_listen(node.arguments);
        if (iequals(node.name, "NameVirtualHost")) return moved_addresses(node.arguments);
        if (names_a_log(node)) return moved_log(node.arguments);
        if (names_a_cache(node)) return moved_cache(node.arguments);
        return std::string(node.arguments);
    }

    // The first word is the file or the program; the rest stays.
    std::string moved_log(std::string_view arguments) {
        const std::string target = config::next_word(arguments);
        const bool file = !target.starts_with('|') && !istarts_with(target, "syslog");
        const std::string path =
            log_path(target, file ? target.substr(target.rfind('/') + 1) : "log");
        return quoted(path) + (arguments.empty() ? "" : " ") + std::string(arguments);
    }

    // The same log for the same target.
    std::string log_path(const std::string& target, const std::string& name) {
        const auto known = logs_.find(target);
        if (known != logs_.end()) return known->second;
        std::string free = name;
        for (int number = 2; !names_.insert(free).second; ++number)
            free = fmt::format("{}-{}", number, name);
        return logs_[target] = folder_ + "/" + free;
    }

    // "shmcb:/run/ssl_scache(512000)"
    std::string moved_cache(std::string_view arguments) {
        const auto slash = arguments.rfind('/');
        const auto colon = arguments.find(':');
        if (slash == arguments.npos || colon == arguments.npos || colon > slash)
            return std::string(arguments);
        return fmt::format("{}{}{}", arguments.substr(0, colon + 1), folder_,
                           arguments.substr(slash));
    }

    const std::string& folder_;
    FlatConfiguration& flat_;
    std::size_t indent_ = 0;
    std::map<std::string, std::string> logs_;
    std::set<std::string> names_;
};

} // namespace

Result<FlatConfiguration> flatten(const CommandLine& line, const std::string& folder,
                                  unsigned short first_port) {
    Source source;
    if (auto read = read_source(line, source); !read) return read.error();
    FlatConfiguration flat{{}, PreviewPorts(first_port, listened_ports(source.tree.nodes())), {}};
    Writer writer(folder, flat);
    writer.write_head(source.configuration);
    writer.write(source.tree.nodes());
    return flat;
}

} // namespace preforkd::migrate
