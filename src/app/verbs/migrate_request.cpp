#include "app/verbs/migrate_request.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <vector>

#include "base/text.h"

namespace preforkd {

const std::string_view migrate_usage =
    "Usage: preforkctl migrate [FILE]            what preforkd does with an Apache configuration\n"
    "                                            (/etc/apache2/apache2.conf)\n"
    "       preforkctl migrate --tree DIRECTORY  the same for all configuration files below it\n"
    "Options:\n"
    "  -D NAME, -d DIRECTORY, -C LINE, -c LINE   as preforkd's\n"
    "  --envvars FILE      variables for the configuration (envvars beside it)\n"
    "  --htaccess          look into every folder for .htaccess files, however many there are\n"
    "  --all               list what works, too, and every place\n"
    "  --json              for programs\n"
    "  --preview PORT      serve the configuration on PORT and those after it, beside Apache\n"
    "  --compare LOG       send the GETs of an access log to Apache and to a preview\n"
    "    --against URL     where Apache is (http://127.0.0.1:80)\n"
    "    --limit N         at most so many different requests (1000)\n"
    "Exit status: 0 ready, 1 with differences to read, 2 not yet.\n";

namespace {

constexpr std::string_view standard_file = "/etc/apache2/apache2.conf";

bool has_argument_behind(std::string_view word) {
    constexpr std::string_view letters = "DdfCckeE";
    return word.size() == 2 && word[0] == '-' && letters.find(word[1]) != std::string_view::npos;
}

std::string absolute(std::string_view path) {
    std::error_code failed;
    auto whole = std::filesystem::absolute(path, failed);
    return failed ? std::string(path) : whole.lexically_normal().string();
}

Result<long long> number_of(std::string_view option, std::string_view text, long long most) {
    const auto number = parse_decimal(text);
    if (number && *number >= 1 && *number <= most) return *number;
    return Error{fmt::format("{} takes a number from 1 to {}", option, most)};
}

class Parser {
  public:
    explicit Parser(std::span<char* const> words) : words_(words) {}

    Result<MigrateRequest> parse() {
        for (; next_ < words_.size(); ++next_)
            if (auto taken = take(words_[next_]); !taken) return taken.error();
        return complete();
    }

  private:
    Status take(std::string_view word) {
        if (word == "migrate" && !seen_verb_) {
            seen_verb_ = true;
            return {};
        }
        if (word == "--help" || word == "-h") return set(request_.help);
        if (word == "--json") return set(request_.json);
        if (word == "--all") return set(request_.with_all);
        if (word == "--htaccess") return set(request_.every_htaccess);
        if (word.starts_with("--")) return take_with_argument(word);
        if (word.starts_with('-') && word.size() > 1) return take_servers_option();
        if (!file_.empty()) return Error{fmt::format("one file is enough: {}", word)};
        file_ = word;
        return {};
    }

    static Status set(bool& wish) {
        wish = true;
        return {};
    }

    Status take_servers_option() {
        for_server_.push_back(words_[next_]);
        if (!has_argument_behind(words_[next_])) return {};
        if (++next_ < words_.size()) for_server_.push_back(words_[next_]);
        return {};
    }

    Status take_with_argument(std::string_view option) {
        constexpr std::array<std::string_view, 6> known{"--envvars", "--tree",    "--preview",
                                                        "--compare", "--against", "--limit"};
        if (std::find(known.begin(), known.end(), option) == known.end())
            return Error{fmt::format("unknown option {}", option)};
        if (++next_ == words_.size()) return Error{fmt::format("{} requires an argument", option)};
        const std::string_view argument = words_[next_];
        if (option == "--envvars") request_.variables = absolute(argument);
        else if (option == "--tree") request_.tree = argument;
        else if (option == "--compare") request_.access_log = argument;
        else if (option == "--against") request_.against = argument;
        else return take_number(option, argument);
        return {};
    }

    Status take_number(std::string_view option, std::string_view argument) {
        constexpr long long most_requests = 1'000'000, last_port = 65'000;
        const bool port = option == "--preview";
        const auto number = number_of(option, argument, port ? last_port : most_requests);
        if (!number) return number.error();
        if (port) request_.preview = static_cast<unsigned short>(*number);
        else request_.limit = static_cast<std::size_t>(*number);
        return {};
    }

    // ServerRoot is the folder of the file unless somebody says otherwise, as it is in Debian's
    // Apache.
    Result<MigrateRequest> complete() {
        auto parsed = parse_command_line(for_server_);
        if (const auto* error = std::get_if<UsageError>(&parsed))
            return Error{error->reason.empty() ? "an option that migrate does not take"
                                               : error->reason};
        request_.line = std::move(std::get<CommandLine>(parsed));
        CommandLine& line = request_.line;
        if (!file_.empty()) line.file = absolute(file_);
        if (!line.file) line.file = standard_file;
        const std::string file = line.server_root && !line.file->starts_with('/')
                                     ? *line.server_root + "/" + *line.file
                                     : absolute(*line.file);
        line.file = file;
        const std::string folder = file.substr(0, std::max<std::size_t>(file.rfind('/'), 1));
        if (!line.server_root) line.server_root = folder;
        if (request_.variables.empty()) request_.variables = folder + "/envvars";
        return std::move(request_);
    }

    std::span<char* const> words_;
    std::size_t next_ = 0;
    bool seen_verb_ = false;
    std::vector<char*> for_server_;
    std::string file_;
    MigrateRequest request_;
};

} // namespace

bool asks_to_migrate(std::span<char* const> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (has_argument_behind(word)) ++i;
        else if (!word.starts_with('-')) return word == "migrate";
    }
    return false;
}

Result<MigrateRequest> parse_migrate_request(std::span<char* const> words) {
    return Parser(words).parse();
}

} // namespace preforkd
