// substitute: the filter SUBSTITUTE searches and replaces in the lines of a response.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory_resource>

#include "base/regex.h"
#include "base/text.h"
#include "config/directive.h"
#include "modules/entries.h"
#include "modules/modules.h"
#include "modules/response/output_filters.h"
#include "modules/server/arguments.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Shape;

namespace {

constexpr std::uint64_t usual_line_length = 1024 * 1024;
constexpr std::size_t passed_at_a_time = 8 * 1024;
constexpr std::size_t most_groups = 10; // $0 to $9

// s/pattern/replacement/flags. Without `regex` it looks for `text`.
struct Substitution {
    std::optional<Regex> regex;
    std::string text;
    bool any_case = false;
    std::string replacement;
};

struct SubstituteSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const SubstituteSettings& outer) {
        config::inherit(inherits_before, outer.inherits_before);
        config::inherit(line_length, outer.line_length);
        if (inherits_before.value_or(false)) substitutions.prepend(outer.substitutions);
        else substitutions.append(outer.substitutions);
    }
    Entries<Substitution> substitutions;
    std::optional<bool> inherits_before;
    std::optional<std::uint64_t> line_length;
};

// What stands between delimiters: takes it off the front of `text`, with the delimiter behind it.
std::optional<std::string> next_part(std::string_view& text, char delimiter) {
    const auto end = text.find(delimiter);
    if (end == text.npos) return {};
    std::string part(text.substr(0, end));
    text.remove_prefix(end + 1);
    return part;
}

struct Flags {
    bool any_case = false;
    bool fixed = false;
};

// f and q say how Apache holds the result between two substitutions: here every one sees the whole
// line.
Result<Flags> parse_flags(std::string_view text) {
    Flags flags;
    for (const char c : text) {
        switch (to_lower(c)) {
        case 'i': flags.any_case = true; break;
        case 'n': flags.fixed = true; break;
        case 'f':
        case 'q': break;
        default: return Error{"Bad Substitute flag, only s///[infq] are supported"};
        }
    }
    return flags;
}

Result<Substitution> parse_substitution(std::string_view line) {
    if (line.empty() || to_lower(line[0]) != 's')
        return Error{"Bad Substitute format, must be an s/// pattern"};
    const Error incomplete{"Bad Substitute format, must be a complete s/// pattern"};
    if (line.size() < 2) return incomplete;
    const char delimiter = line[1];
    line.remove_prefix(2);
    const auto pattern = next_part(line, delimiter);
    if (!pattern || pattern->empty()) return incomplete;
    // The last delimiter may be missing.
    auto replacement = next_part(line, delimiter);
    if (!replacement) replacement.emplace(std::exchange(line, {}));
    const auto flags = parse_flags(line);
    if (!flags) return flags.error();
    Substitution substitution;
    substitution.text = *pattern;
    substitution.any_case = flags->any_case;
    substitution.replacement = std::move(*replacement);
    if (flags->fixed) return substitution;
    // A dot is not the end of a line, which other directives never see.
    auto regex = Regex::compile("(?-s)" + *pattern,
                                flags->any_case ? Regex::Case::ignored : Regex::Case::sensitive);
    if (!regex) return Error{"Substitute could not compile regex"};
    substitution.regex = std::move(*regex);
    return substitution;
}

Status add_substitution(SubstituteSettings& settings, Arguments arguments) {
    auto substitution = parse_substitution(arguments[0]);
    if (!substitution) return substitution.error();
    settings.substitutions.add(std::move(*substitution));
    return {};
}

Status set_line_length(SubstituteSettings& settings, Arguments arguments) {
    std::string_view number = arguments[0];
    std::uint64_t unit = 1;
    const auto letter =
        std::string_view("bkmg").find(number.empty() ? ' ' : to_lower(number.back()));
    if (letter != std::string_view::npos) {
        unit = std::uint64_t{1} << (10 * letter);
        number.remove_suffix(1);
    }
    const auto value = parse_decimal(number);
    if (!value)
        return Error{"SubstituteMaxLineLength must be a non-negative integer optionally suffixed "
                     "with 'b', 'k', 'm' or 'g'."};
    settings.line_length = *value * unit;
    return {};
}

std::size_t find_text(std::string_view subject, const Substitution& what) {
    if (!what.any_case) return subject.find(what.text);
    const auto place =
        std::search(subject.begin(), subject.end(), what.text.begin(), what.text.end(),
                    [](char a, char b) { return to_lower(a) == to_lower(b); });
    return place == subject.end() ? subject.npos
                                  : static_cast<std::size_t>(place - subject.begin());
}

// Where something is to be replaced, and what stands there then.
struct Match {
    std::size_t begin, end;
    std::string_view replacement;
};

// The length of what Apache would have in memory at once.
std::uint64_t length_where_short(const Request& request) {
    constexpr std::uint64_t most = 4 * 1024 * 1024;
    const auto length = request.response.length.value_or(most + 1);
    return length <= most ? length : 0;
}

class SubstituteSink final : public FilterSink {
  public:
    explicit SubstituteSink(Request& request)
        : request_(request), settings_(request.of<SubstituteSettings>()),
          most_(settings_.line_length.value_or(usual_line_length)),
          most_collected_(std::max(most_, length_where_short(request))),
          begun_(request.arena.resource()), old_(request.arena.resource()),
          changed_(request.arena.resource()), output_(request.arena.resource()),
          expanded_(request.arena.resource()) {}
    Status write(std::string_view bytes) override;
    Status flush() override;
    Status finish() override;

  private:
    Status take_line(std::string_view line);
    bool change(std::string_view line, const Substitution& what);
    std::optional<Match> find(std::string_view subject, const Substitution& what);
    Status pass_on();
    Error too_long();

    Request& request_;
    const SubstituteSettings& settings_;
    std::uint64_t most_;           // of a line in which something was substituted
    std::uint64_t most_collected_; // of one that comes in pieces
    std::pmr::string begun_;       // a line whose end has not come
    std::pmr::string old_, changed_;
    std::pmr::string output_;
    std::pmr::string expanded_; // a replacement with its groups
};

std::optional<Match> SubstituteSink::find(std::string_view subject, const Substitution& what) {
    if (!what.regex) {
        const auto place = find_text(subject, what);
        if (place == subject.npos) return {};
        return Match{place, place + what.text.size(), what.replacement};
    }
    std::array<std::string_view, most_groups> groups;
    if (!what.regex->match(subject, groups)) return {};
    expanded_ = substitute_groups(what.replacement, groups);
    const auto begin = static_cast<std::size_t>(groups[0].data() - subject.data());
    return Match{begin, begin + groups[0].size(), expanded_};
}

// Whether there was a match: then changed_ is the line as it is now. What follows a match is
// searched as if the line began there, as in Apache.
bool SubstituteSink::change(std::string_view line, const Substitution& what) {
    auto match = find(line, what);
    if (!match) return false;
    changed_.clear();
    while (match) {
        changed_.append(line, 0, match->begin).append(match->replacement);
        line.remove_prefix(match->end);
        if (line.empty()) break;
        if (match->begin == match->end) {
            changed_.push_back(line.front());
            line.remove_prefix(1);
        }
        match = find(line, what);
    }
    changed_.append(line);
    return true;
}

Error SubstituteSink::too_long() {
    request_.response.filter_failed = true;
    request_.log("substitute", log::Level::error,
                 fmt::format("AH01328: Line too long, URI {}", request_.uri));
    return Error{"a line is too long to substitute in", ENOMEM};
}

Status SubstituteSink::take_line(std::string_view line) {
    for (const Substitution* what : settings_.substitutions) {
        if (!change(line, *what)) continue;
        old_.swap(changed_);
        line = old_;
        if (line.size() > most_) return too_long();
    }
    output_.append(line);
    return output_.size() < passed_at_a_time ? Status() : pass_on();
}

Status SubstituteSink::pass_on() {
    if (output_.empty()) return {};
    const auto passed = next_->write(output_);
    output_.clear();
    return passed;
}

Status SubstituteSink::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const bool complete = end != bytes.npos;
        std::string_view line = bytes.substr(0, complete ? end + 1 : end);
        bytes.remove_prefix(line.size());
        // What lies there in one piece is measured where it is changed.
        if (!complete || !begun_.empty()) {
            line = begun_.append(line);
            if (line.size() > most_collected_) return too_long();
        }
        if (!complete) break;
        if (auto taken = take_line(line); !taken) return taken;
        begun_.clear();
    }
    return pass_on();
}

Status SubstituteSink::flush() {
    if (auto passed = pass_on(); !passed) return passed;
    return next_->flush();
}

Status SubstituteSink::finish() {
    if (!begun_.empty())
        if (auto taken = take_line(begun_); !taken) return taken;
    if (auto passed = pass_on(); !passed) return passed;
    return next_->finish();
}

FilterSink* substitute(Request& request) {
    if (request.response.length == 0U) return nullptr;
    auto* sink = new (request.arena.bytes_for<SubstituteSink>()) SubstituteSink(request);
    withdraw_length(request.response);
    return sink;
}

const FilterOf<substitute> substitute_filter(FilterKind::resource);

} // namespace

std::span<const OutputFilterRegistration> substitute_filters() {
    static constexpr std::array filters{
        OutputFilterRegistration{"SUBSTITUTE", &substitute_filter, "substitute_module"},
    };
    return filters;
}

Module substitute_module() {
    using config::anywhere;
    using config::edits;
    using config::override_file_info;
    Module module{.name = "substitute"};
    module.directives = {
        {"Substitute", Shape::one, anywhere, override_file_info, edits<add_substitution>,
         "Pattern to filter the response content (s/foo/bar/[inf])"},
        {"SubstituteMaxLineLength", Shape::one, anywhere, override_file_info,
         edits<set_line_length>, "Maximum line length"},
        {"SubstituteInheritBefore", Shape::flag, anywhere, override_file_info,
         config::sets_flag<&SubstituteSettings::inherits_before>,
         "Apply inherited patterns before those of the current context"},
    };
    module.settings.push_back(config::settings_type<SubstituteSettings>());
    return module;
}

} // namespace preforkd
