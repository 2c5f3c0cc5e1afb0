#include "base/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <map>
#include <memory_resource>
#include <pcre2.h>

#include "base/text.h"

namespace preforkd {

namespace {

using GroupNames = std::vector<std::pair<std::string, int>>;

// One block of match data a process: children have one thread, and a match needs it only briefly.
pcre2_match_data* match_data() {
    static pcre2_match_data* const data = pcre2_match_data_create(64, nullptr);
    return data;
}

GroupNames names_in(const pcre2_code* code) {
    std::uint32_t count = 0;
    std::uint32_t entry_size = 0;
    PCRE2_SPTR table = nullptr;
    pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
    pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
    GroupNames names;
    for (std::uint32_t i = 0; i < count; ++i, table += entry_size)
        names.emplace_back(reinterpret_cast<const char*>(table + 2), table[0] << 8 | table[1]);
    return names;
}

int groups_in(const pcre2_code* code) {
    std::uint32_t groups = 0;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
    return static_cast<int>(groups);
}

Result<pcre2_code*> compile_with(std::string_view pattern, std::uint32_t options) {
    int problem = 0;
    PCRE2_SIZE offset = 0;
    auto* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                               options, &problem, &offset, nullptr);
    if (!code) {
        PCRE2_UCHAR message[256];
        pcre2_get_error_message(problem, message, sizeof message);
        return Error{reinterpret_cast<const char*>(message)};
    }
    return code;
}

// Machine code takes a kilobyte and some microseconds for a pattern: where thousands of hosts have
// their own, that is more than the interpreter, which answers the same, loses. A hardened kernel
// may forbid it.
void make_machine_code(pcre2_code* code, std::size_t patterns) {
    constexpr std::size_t most = 500;
    if (patterns <= most) pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
}

// A pattern outlives the configuration that said it first, where the next one says it as well.
// Counting who uses it writes, into few pages: they are close together.
std::pmr::memory_resource* own_memory() {
    static auto* const memory =
        new std::pmr::unsynchronized_pool_resource(std::pmr::new_delete_resource());
    return memory;
}

} // namespace

struct Regex::Compiled {
    using Key = std::pair<std::uint32_t, std::pmr::string>; // options, pattern
    using Known = std::pmr::map<Key, std::weak_ptr<const Compiled>>;

    Compiled(Known::iterator place, pcre2_code* code)
        : place(place), code(code), names(names_in(code)), group_count(groups_in(code)) {}
    Compiled(const Compiled&) = delete;
    Compiled& operator=(const Compiled&) = delete;
    ~Compiled() {
        pcre2_code_free(code);
        known().erase(place);
    }

    // All that are in use. Never destroyed: who uses them may live as long as the process.
    static Known& known() {
        static auto* const all = new Known(own_memory());
        return *all;
    }

    Known::iterator place;
    pcre2_code* code;
    GroupNames names;
    int group_count;
};

Result<Regex> Regex::compile(std::string_view pattern, Case letter_case) {
    // Apache: RegexDefaultOptions DOTALL DOLLAR_ENDONLY.
    std::uint32_t options = PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY;
    if (letter_case == Case::ignored) options |= PCRE2_CASELESS;
    const auto [place, is_new] = Compiled::known().try_emplace(Compiled::Key(options, pattern));
    if (!is_new) return Regex(place->second.lock());
    auto code = compile_with(pattern, options);
    if (!code) {
        Compiled::known().erase(place);
        return code.error();
    }
    make_machine_code(*code, Compiled::known().size());
    auto compiled = std::allocate_shared<const Compiled>(
        std::pmr::polymorphic_allocator<Compiled>(own_memory()), place, *code);
    place->second = compiled;
    return Regex(std::move(compiled));
}

const GroupNames& Regex::named_groups() const { return compiled_->names; }

int Regex::group_count() const { return compiled_->group_count; }

// A long subject can be too much for the stack of what JIT has compiled: that is no answer yet.
bool Regex::matches(std::string_view subject) const {
    const auto try_with = [&](std::uint32_t options) {
        return pcre2_match(compiled_->code, reinterpret_cast<PCRE2_SPTR>(subject.data()),
                           subject.size(), 0, options, match_data(), nullptr);
    };
    int found = try_with(0);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT) found = try_with(PCRE2_NO_JIT);
    return found >= 0;
}

bool Regex::match(std::string_view subject, std::span<std::string_view> groups) const {
    if (!matches(subject)) return false;
    const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(match_data());
    const std::size_t known = pcre2_get_ovector_count(match_data());
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const bool took_part = i < known && static_cast<int>(i) <= group_count() &&
                               offsets[2 * i] != PCRE2_UNSET &&
                               offsets[2 * i] <= offsets[2 * i + 1];
        groups[i] = took_part ? subject.substr(offsets[2 * i], offsets[2 * i + 1] - offsets[2 * i])
                              : std::string_view();
    }
    return true;
}

std::string substitute_groups(std::string_view replacement,
                              std::span<const std::string_view> groups) {
    std::string result;
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        const char c = replacement[i];
        const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
        if (c == '$' && is_digit(next)) {
            const auto index = static_cast<std::size_t>(next - '0');
            if (index < groups.size()) result += groups[index];
            ++i;
        } else if (c == '\\' && i + 1 < replacement.size()) {
            result += next;
            ++i;
        } else {
            result += c;
        }
    }
    return result;
}

} // namespace preforkd
