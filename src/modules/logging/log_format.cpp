#include "modules/logging/log_format.h"

#include <algorithm>

#include "base/text.h"

namespace preforkd::logging {

namespace {

void append_text(LineBuffer& line, const LogItem& item, const Request&, Transaction&) {
    line.append(item.argument);
}

Error ran_off() { return Error{"Ran off end of LogFormat parsing args to some directive"}; }

// Reads a format from its front. A backslash makes \n, \r, \t and \\ of what follows it and
// stands for itself before anything else.
class Parser {
  public:
    explicit Parser(std::string_view format) : rest_(format) {}

    bool at_end() const { return rest_.empty(); }
    bool at_directive() const { return rest_.front() == '%'; }

    LogItem text() {
        LogItem item;
        item.append = append_text;
        while (!at_end() && !at_directive()) {
            const char c = take();
            item.argument += c == '\\' ? escaped() : c;
        }
        return item;
    }

    Result<LogItem> directive() {
        take();
        LogItem item;
        if (!at_end() && rest_.front() == '%') {
            item.append = append_text;
            item.argument = take();
            return item;
        }
        bool wants_first = false, wants_last = false;
        while (!at_end() && takes_modifier(item, wants_first, wants_last)) {
        }
        if (at_end()) return ran_off();
        const LogDirective* found = take_name();
        if (!found) return Error{std::string("Unrecognized LogFormat directive %") + rest_.front()};
        item.append = found->append;
        item.looks_at_first = wants_first || (found->looks_at_first && !wants_last);
        item.field = http::identify_field(item.argument);
        item.time = parse_time_format(item.argument);
        if (found->prepare) found->prepare(item);
        return item;
    }

  private:
    char take() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    char escaped() {
        const char next = at_end() ? '\0' : rest_.front();
        const char meant = next == 'n' ? '\n' : next == 'r' ? '\r' : next == 't' ? '\t' : '\\';
        if (meant != '\\' || next == '\\') take();
        return meant;
    }

    bool takes_modifier(LogItem& item, bool& wants_first, bool& wants_last) {
        const char c = rest_.front();
        if (is_digit(c)) {
            item.statuses.push_back(take_number());
            return true;
        }
        switch (c) {
        case '!': item.except = !item.except; break;
        case '<': wants_first = true, wants_last = false; break;
        case '>': wants_first = false, wants_last = true; break;
        case ',': break;
        case '{': return take_argument(item);
        default: return false;
        }
        take();
        return true;
    }

    bool take_argument(LogItem& item) {
        take();
        const auto end = std::min(rest_.find('}'), rest_.size());
        item.argument = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        return true;
    }

    int take_number() {
        int number = 0;
        while (!at_end() && is_digit(rest_.front()))
            number = std::min(number, 10'000) * 10 + (take() - '0');
        return number;
    }

    // A letter, or a ^ with two.
    const LogDirective* take_name() {
        const std::size_t size = rest_.front() == '^' ? 3 : 1;
        const auto* found = find_log_directive(rest_.substr(0, size));
        if (found) rest_.remove_prefix(size);
        return found;
    }

    std::string_view rest_;
};

} // namespace

bool LogItem::speaks_of(int status) const {
    if (statuses.empty()) return true;
    const bool named = std::find(statuses.begin(), statuses.end(), status) != statuses.end();
    return named != except;
}

Result<LogFormat> LogFormat::compile(std::string_view format) {
    LogFormat compiled;
    Parser parser(format);
    while (!parser.at_end()) {
        if (!parser.at_directive()) {
            compiled.items_.push_back(parser.text());
            continue;
        }
        auto item = parser.directive();
        if (!item) return item.error();
        compiled.items_.push_back(std::move(*item));
    }
    return compiled;
}

void LogFormat::render(LineBuffer& line, Transaction& transaction) const {
    for (const LogItem& item : items_) {
        if (item.speaks_of(transaction.last.response.status))
            item.append(line, item, item.looks_at_first ? transaction.first : transaction.last,
                        transaction);
        else line.append('-');
    }
    line.end_line();
}

} // namespace preforkd::logging
