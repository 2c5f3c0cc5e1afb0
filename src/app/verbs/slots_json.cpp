// Reads the slots out of ?json: a reader of JSON that keeps what stands in objects of that array.
#include <fmt/format.h>

#include "app/verbs/status_text.h"
#include "base/text.h"

namespace preforkd {

namespace {

class JsonReader {
  public:
    explicit JsonReader(std::string_view text) : rest_(text) {}

    bool read_slots(std::vector<StatusValues>& slots) {
        return read_members('{', '}', [&] {
            std::string name;
            if (!read_string(name) || !take(':')) return false;
            return name == "slots" ? read_slot_array(slots) : skip_value();
        });
    }

  private:
    // No status page nests deeper; a text that does is not one.
    static constexpr int deepest = 16;

    // Items between `open` and `close`, with commas between them.
    template <class ReadItem>
    bool read_members(char open, char close, ReadItem read_item) {
        if (!take(open)) return false;
        if (take(close)) return true;
        do {
            if (!read_item()) return false;
        } while (take(','));
        return take(close);
    }

    bool read_slot_array(std::vector<StatusValues>& slots) {
        return read_members('[', ']', [&] {
            StatusValues slot;
            if (!read_slot(slot)) return false;
            slots.push_back(std::move(slot));
            return true;
        });
    }

    bool read_slot(StatusValues& slot) {
        return read_members('{', '}', [&] {
            std::string name;
            if (!read_string(name) || !take(':')) return false;
            if (next() == '{' || next() == '[') return skip_value();
            std::string value;
            const bool good = next() == '"' ? read_string(value) : read_word(value);
            slot.emplace(std::move(name), std::move(value));
            return good;
        });
    }

    bool skip_value() {
        if (++depth_ > deepest) return false;
        std::string ignored;
        bool good = false;
        switch (next()) {
        case '"': good = read_string(ignored); break;
        case '[': good = read_members('[', ']', [&] { return skip_value(); }); break;
        case '{':
            good = read_members('{', '}',
                                [&] { return read_string(ignored) && take(':') && skip_value(); });
            break;
        default: good = read_word(ignored); break;
        }
        --depth_;
        return good;
    }

    // A number, true, false or null.
    bool read_word(std::string& into) {
        next();
        const auto end = std::min(rest_.find_first_of(",]} \t\r\n"), rest_.size());
        into = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return end > 0;
    }

    bool read_string(std::string& into) {
        into.clear();
        if (!take('"')) return false;
        while (!rest_.empty() && rest_[0] != '"') {
            if (rest_[0] == '\\') {
                if (!read_escape(into)) return false;
            } else {
                into += rest_[0];
                rest_.remove_prefix(1);
            }
        }
        return take('"');
    }

    bool read_escape(std::string& into) {
        if (rest_.size() < 2) return false;
        const char letter = rest_[1];
        rest_.remove_prefix(2);
        switch (letter) {
        case 'n': into += '\n'; return true;
        case 'r': into += '\r'; return true;
        case 't': into += '\t'; return true;
        case 'b': into += '\b'; return true;
        case 'f': into += '\f'; return true;
        case 'u': return read_code_point(into);
        default: into += letter; return true;
        }
    }

    // The page escapes bytes, so nothing beyond 255 is expected.
    bool read_code_point(std::string& into) {
        if (rest_.size() < 4) return false;
        int code = 0;
        for (const char digit : rest_.substr(0, 4)) {
            if (hex_value(digit) < 0) return false;
            code = code * 16 + hex_value(digit);
        }
        into += code < 256 ? static_cast<char>(code) : '?';
        rest_.remove_prefix(4);
        return true;
    }

    char next() {
        while (!rest_.empty() && is_space(rest_[0])) rest_.remove_prefix(1);
        return rest_.empty() ? '\0' : rest_[0];
    }

    bool take(char wanted) {
        if (next() != wanted || rest_.empty()) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view rest_;
    int depth_ = 0;
};

} // namespace

std::vector<StatusValues> parse_slots(std::string_view json) {
    std::vector<StatusValues> slots;
    if (!JsonReader(json).read_slots(slots)) return {};
    return slots;
}

} // namespace preforkd
