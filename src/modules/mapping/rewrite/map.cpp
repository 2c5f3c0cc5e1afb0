#include "modules/mapping/rewrite/map.h"

#include <algorithm>
#include <fmt/format.h>
#include <random>
#include <unordered_map>

#include "base/text.h"
#include "http/uri.h"
#include "os/file.h"
#include "os/file_version.h"
#include "os/piped_program.h"
#include "os/question_program.h"

namespace preforkd::rewrite {

namespace {

std::string_view changed_case(std::string_view text, char (*change)(char), Arena& arena) {
    auto place = arena.bytes(text.size());
    std::transform(text.begin(), text.end(), place.begin(), change);
    return {place.data(), place.size()};
}

// What is no escape stays, and %00 ends the text.
std::optional<std::string_view> unescaped(std::string_view text, Arena& arena) {
    auto place = arena.bytes(text.size());
    std::size_t length = 0;
    while (!text.empty()) {
        const bool is_escape =
            text.size() > 2 && text[0] == '%' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0;
        const int byte = is_escape ? hex_value(text[1]) * 16 + hex_value(text[2])
                                   : static_cast<unsigned char>(text[0]);
        if (byte == 0) break;
        place[length++] = static_cast<char>(byte);
        text.remove_prefix(is_escape ? 3 : 1);
    }
    return std::string_view(place.data(), length);
}

class InternalMap final : public Map {
  public:
    using Function = std::optional<std::string_view> (*)(std::string_view, Arena&);
    InternalMap(std::string_view name, Function function) : Map(name), function_(function) {}
    std::optional<std::string_view> find(std::string_view key, Request& request) const override {
        return function_(key, request.arena);
    }

    static Function function_named(std::string_view name) {
        if (name == "tolower")
            return [](std::string_view key, Arena& arena) {
                return std::optional(changed_case(key, to_lower, arena));
            };
        if (name == "toupper")
            return [](std::string_view key, Arena& arena) {
                return std::optional(changed_case(key, to_upper, arena));
            };
        if (name == "escape")
            return [](std::string_view key, Arena& arena) {
                return std::optional(arena.copy(http::escape_path(key)));
            };
        if (name == "unescape") return unescaped;
        return nullptr;
    }

  private:
    Function function_;
};

// A line is a key, blanks, a value; # begins a comment.
class FileMap final : public Map {
  public:
    FileMap(std::string_view name, std::string path, bool chooses)
        : Map(name), path_(std::move(path)), chooses_(chooses) {}
    std::optional<std::string_view> find(std::string_view key, Request& request) const override;

  private:
    using Lines = std::unordered_map<std::string, std::string>;
    struct Content {
        FileVersion version;
        Lines lines;
    };
    // Each child reads the file when it first asks, and again when it has changed. That is memory
    // of the child's: the configuration stays as it is.
    static Content& content_of(const FileMap& map) {
        static std::unordered_map<const FileMap*, Content> contents;
        return contents[&map];
    }
    static Lines parse(std::string_view text);
    std::string_view one_of(std::string_view values) const;

    std::string path_;
    bool chooses_; // values are alternatives, separated by |
};

FileMap::Lines FileMap::parse(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line[0] == '#' || is_space(line[0])) continue;
        const auto end = line.find_first_of(" \t");
        if (end == line.npos) continue;
        auto value = line.substr(line.find_first_not_of(" \t", end) == line.npos
                                     ? line.size()
                                     : line.find_first_not_of(" \t", end));
        value = value.substr(0, value.find_first_of(" \t"));
        if (value.empty()) continue;
        lines.try_emplace(std::string(line.substr(0, end)), value);
    }
    return lines;
}

std::string_view FileMap::one_of(std::string_view values) const {
    static std::minstd_rand chance{std::random_device{}()};
    const auto alternatives = split(values, '|');
    return alternatives[chance() % alternatives.size()];
}

std::optional<std::string_view> FileMap::find(std::string_view key, Request& request) const {
    struct stat status {};
    if (const int problem = stat_path(path_.c_str(), status); problem != 0) {
        request.log("rewrite", log::Level::error,
                    request.arena.join({"AH00661: can't access text RewriteMap file ", path_}),
                    problem);
        return {};
    }
    Content& content = content_of(*this);
    if (!content.version.is_of(status)) {
        const auto text = read_whole_file(path_);
        if (!text) return {};
        content = {FileVersion(status), parse(*text)};
    }
    const auto found = content.lines.find(std::string(key));
    if (found == content.lines.end()) return {};
    return request.arena.copy(chooses_ ? one_of(found->second) : found->second);
}

std::string below(const std::string& server_root, std::string_view path) {
    return path.starts_with('/') ? std::string(path) : fmt::format("{}/{}", server_root, path);
}

// A program, started once, that all children ask.
class ProgramMap final : public Map {
  public:
    ProgramMap(std::string_view name, CommandWords words, std::string_view identity)
        : Map(name), words_(std::move(words)), identity_(identity) {}

    Status start() override {
        std::optional<Identity> identity;
        if (!identity_.empty()) {
            const auto colon = std::min(identity_.find(':'), identity_.size());
            auto found = find_identity(identity_.substr(0, colon),
                                       identity_.substr(std::min(colon + 1, identity_.size())));
            if (!found) return found.error();
            identity = std::move(*found);
        }
        auto program = QuestionProgram::start(words_, identity ? &*identity : nullptr);
        if (!program)
            return Error{fmt::format("AH00654: mod_rewrite: could not start RewriteMap program {}",
                                     words_[0]),
                         program.error().code};
        program_.emplace(std::move(*program));
        return {};
    }

    // The answer NULL means that there is none.
    std::optional<std::string_view> find(std::string_view key, Request& request) const override {
        if (!program_ || key.find('\n') != key.npos) return {};
        const auto answer = program_->ask(key);
        if (!answer || iequals(*answer, "NULL")) return {};
        return request.arena.copy(*answer);
    }

  private:
    CommandWords words_;
    std::string identity_; // "user:group", or "" for who starts the server
    std::optional<QuestionProgram> program_;
};

Result<std::shared_ptr<Map>> make_program_map(std::string_view name, std::string_view command,
                                              const std::string& server_root,
                                              std::string_view identity) {
    auto words = split_command(command);
    if (words.empty()) return Error{fmt::format("RewriteMap: bad path to prg map: {}", command)};
    words[0] = below(server_root, words[0]);
    struct stat status {};
    if (stat_path(words[0].c_str(), status) != 0)
        return Error{fmt::format("RewriteMap: file for map {} not found:{}", name, words[0])};
    return std::shared_ptr<Map>(std::make_shared<ProgramMap>(name, std::move(words), identity));
}

} // namespace

Result<std::shared_ptr<Map>> Map::make(std::string_view name, std::string_view source,
                                       const std::string& server_root, std::string_view identity) {
    const auto colon = source.find(':');
    const auto kind = colon == source.npos ? std::string_view("txt") : source.substr(0, colon);
    const auto rest = colon == source.npos ? source : source.substr(colon + 1);
    if (kind == "int") {
        const auto function = InternalMap::function_named(rest);
        if (!function) return Error{fmt::format("RewriteMap: internal map not found:{}", rest)};
        return std::shared_ptr<Map>(std::make_shared<InternalMap>(name, function));
    }
    if (kind == "prg") return make_program_map(name, rest, server_root, identity);
    if (kind == "dbm" || kind.starts_with("dbm=") || kind == "dbd" || kind == "fastdbd")
        return Error{fmt::format("RewriteMap: maps of the kind {}: are not supported; use txt:, "
                                 "rnd:, prg: or int:",
                                 kind)};
    const bool names_a_kind = kind == "txt" || kind == "rnd"; // else the colon is the file's
    std::string path = below(server_root, names_a_kind ? rest : source);
    struct stat status {};
    if (stat_path(path.c_str(), status) != 0)
        return Error{fmt::format("RewriteMap: file for map {} not found:{}", name, path)};
    return std::shared_ptr<Map>(std::make_shared<FileMap>(name, std::move(path), kind == "rnd"));
}

} // namespace preforkd::rewrite
