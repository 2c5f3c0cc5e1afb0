#include "pipeline/error_log_format.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fmt/format.h>

#include "base/base64.h"
#include "base/log_text.h"
#include "base/text.h"
#include "net/address.h"
#include "os/clock.h"
#include "os/process.h"
#include "pipeline/server_names.h"

namespace preforkd {

namespace {

using Argument = const std::string&;

bool asks_for(Argument argument, char letter) { return argument.find(letter) != argument.npos; }

void append_client(std::string& line, Argument argument, const LogScene& scene) {
    if (argument == "c" && scene.connection) line += scene.connection->client_text;
    else line += scene.entry.client;
}

void append_local(std::string& line, Argument, const LogScene& scene) {
    if (scene.connection)
        line += fmt::format("{}:{}", scene.connection->local_ip, scene.connection->local.port());
}

void append_variable(std::string& line, Argument name, const LogScene& scene) {
    const auto* value = scene.request ? scene.request->find_variable(name) : nullptr;
    if (value) log::append_escaped(line, *value);
}

void append_note(std::string& line, Argument name, const LogScene& scene) {
    const auto* value = scene.request ? scene.request->find_note(name) : nullptr;
    if (value) log::append_escaped(line, *value);
}

void append_field(std::string& line, Argument name, const LogScene& scene) {
    const auto* value = scene.request ? scene.request->head.fields.find(name) : nullptr;
    if (value) log::append_escaped(line, *value);
}

void append_code(std::string& line, Argument, const LogScene& scene) {
    if (scene.entry.code != 0) line += log::describe(scene.entry.code);
}

void append_requests(std::string& line, Argument, const LogScene& scene) {
    if (scene.connection) line += fmt::format("{}", scene.connection->requests_served);
}

void append_level(std::string& line, Argument, const LogScene& scene) {
    line += log::name_of(scene.entry.level);
}

void append_id(std::string& line, Argument argument, const LogScene& scene) {
    if (argument.empty()) {
        if (scene.request) line += log_id_of(*scene.request);
        return;
    }
    const bool counts = argument == "c" || (argument == "C" && !scene.request);
    if (counts && scene.connection) line += log_id_of(*scene.connection);
}

void append_module(std::string& line, Argument, const LogScene& scene) {
    line += scene.entry.module;
}

void append_message(std::string& line, Argument, const LogScene& scene) {
    auto text = scene.entry.text;
    while (text.ends_with('\n')) text.remove_suffix(1);
    log::append_escaped(line, text);
}

void append_process(std::string& line, Argument, const LogScene&) {
    line += fmt::format("{}", current_process());
}

// Only a thread among others has a number of its own to tell.
void append_thread(std::string& line, Argument argument, const LogScene& scene) {
    if (argument == "g") append_process(line, argument, scene);
}

// This server does not know where in its source a message was written.
void append_source(std::string&, Argument, const LogScene&) {}

std::string strftime_text(const char* format, const std::tm& time) {
    char text[256];
    return std::string(text, std::strftime(text, sizeof text, format, &time));
}

std::string fraction_text(Argument argument, long microseconds) {
    if (asks_for(argument, 'u')) return fmt::format(".{:06}", microseconds);
    if (asks_for(argument, 'm')) return fmt::format(".{:03}", microseconds / 1000);
    return {};
}

void append_time(std::string& line, Argument argument, const LogScene&) {
    const auto now = microseconds_since_1970();
    const std::time_t second = now / 1'000'000;
    std::tm local{};
    ::localtime_r(&second, &local);
    if (asks_for(argument, '%')) {
        line += strftime_text(argument.c_str(), local);
        return;
    }
    const auto fraction = fraction_text(argument, static_cast<long>(now % 1'000'000));
    if (asks_for(argument, 'c')) line += strftime_text("%Y-%m-%d %H:%M:%S", local) + fraction;
    else line += strftime_text("%a %b %d %H:%M:%S", local) + fraction + strftime_text(" %Y", local);
    if (asks_for(argument, 'z')) line += strftime_text(" %z", local);
}

void append_canonical_name(std::string& line, Argument, const LogScene& scene) {
    line += scene.server.name;
}

void append_server_name(std::string& line, Argument, const LogScene& scene) {
    if (scene.request) line += server_name_for(*scene.request);
}

// Short enough to live in a std::string without memory of its own, unlike any of this server soon.
std::string new_id() {
    static unsigned number = 0;
    const auto now = static_cast<std::uint64_t>(microseconds_since_1970());
    const auto pid = static_cast<std::uint64_t>(current_process());
    const std::uint64_t mixed = (now << 22) ^ (pid << 6) ^ (number++ & 63);
    char bytes[sizeof mixed];
    std::memcpy(bytes, &mixed, sizeof mixed);
    const auto text = base64({bytes, sizeof bytes});
    return text.substr(0, text.find('='));
}

} // namespace

struct ErrorLogFormat::Letter {
    char name;
    Append append;
};

const ErrorLogFormat::Letter ErrorLogFormat::letters[] = {
    {'a', append_client},         {'A', append_local},       {'e', append_variable},
    {'E', append_code},           {'F', append_source},      {'i', append_field},
    {'k', append_requests},       {'l', append_level},       {'L', append_id},
    {'m', append_module},         {'M', append_message},     {'n', append_note},
    {'P', append_process},        {'T', append_thread},      {'t', append_time},
    {'v', append_canonical_name}, {'V', append_server_name},
};

class ErrorLogFormat::Parser {
  public:
    explicit Parser(std::string_view text) : rest_(text) {}

    Result<std::vector<Item>> parse() {
        while (!rest_.empty()) {
            if (rest_.front() == ' ') items_.push_back(separator());
            else if (rest_.starts_with("% ")) items_.push_back(empty_separator());
            else if (rest_.front() != '%') items_.push_back(text());
            else if (auto item = directive(); item) items_.push_back(std::move(*item));
            else return item.error();
        }
        return std::move(items_);
    }

  private:
    char take() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    Item separator() {
        Item item{.begins_field = true};
        while (rest_.starts_with(' ')) item.argument += take();
        return item;
    }

    Item empty_separator() {
        rest_.remove_prefix(2);
        return {.begins_field = true};
    }

    // A backslash takes the meaning of what follows it away.
    Item text() {
        Item item;
        while (!rest_.empty() && rest_.front() != '%' && rest_.front() != ' ') {
            if (rest_.front() == '\\' && rest_.size() > 1) take();
            item.argument += take();
        }
        return item;
    }

    Result<Item> directive() {
        take();
        if (rest_.starts_with('%')) return Item{.argument = std::string(1, take())};
        Item item;
        while (!rest_.empty() && takes_modifier(item)) {
        }
        if (rest_.empty())
            return Error{"Ran off end of error log format parsing args to some directive"};
        const char name = take();
        for (const auto& letter : letters)
            if (letter.name == name) item.append = letter.append;
        if (!item.append)
            return Error{fmt::format("Unrecognized error log format directive %{}", name)};
        return item;
    }

    bool takes_modifier(Item& item) {
        const char c = rest_.front();
        if (c == '-') item.needs_hyphen = true;
        else if (c == '+') item.is_needed = true;
        else if (is_digit(c))
            item.least_severity = item.least_severity * 10 % 100 + unsigned(c - '0');
        else if (c == '{') {
            const auto end = std::min(rest_.find('}'), rest_.size());
            item.argument = rest_.substr(1, end - 1);
            rest_.remove_prefix(std::min(end, rest_.size() - 1));
        } else return false;
        take();
        return true;
    }

    std::string_view rest_;
    std::vector<Item> items_;
};

namespace {

constexpr unsigned least_of_all = static_cast<unsigned>(log::Level::trace8);

} // namespace

Status ErrorLogFormat::check(const std::vector<Item>& items, Use use) {
    bool tells_message = false;
    for (const Item& item : items) {
        const bool is_message = item.append == append_message;
        tells_message = tells_message || is_message;
        if (item.least_severity > least_of_all)
            return Error{"The specified loglevel modifier is out of range"};
        if (use == Use::each_message && item.is_needed)
            return Error{"The '+' flag cannot be used in the main error log format"};
        if (use == Use::once && item.least_severity > 0)
            return Error{"The loglevel cannot be used as a condition in once-per-request or "
                         "once-per-connection formats"};
        if (use == Use::once && is_message)
            return Error{"%M cannot be used in once-per-request or once-per-connection formats"};
    }
    if (use == Use::each_message && !tells_message)
        return Error{"main ErrorLogFormat must contain message format string '%M'"};
    return {};
}

Result<ErrorLogFormat> ErrorLogFormat::compile(std::string_view text, Use use) {
    auto items = Parser(text).parse();
    if (!items) return items.error();
    if (auto checked = check(*items, use); !checked) return checked.error();
    ErrorLogFormat format;
    format.items_ = std::move(*items);
    return format;
}

// A field in which an item has nothing to say goes, with the blanks in front of it, but for the
// message.
std::optional<std::string> ErrorLogFormat::line_for(const LogScene& scene) const {
    std::string line;
    std::size_t field_begin = 0;
    bool leaves_out = false;
    for (const Item& item : items_) {
        if (item.begins_field) {
            if (!std::exchange(leaves_out, false)) field_begin = line.size();
            line += item.argument;
            continue;
        }
        if (item.append == append_message) {
            append_message(line, item.argument, scene);
            continue;
        }
        if (leaves_out) continue;
        if (!item.append) {
            line += item.argument;
            continue;
        }
        const auto before = line.size();
        if (static_cast<unsigned>(scene.entry.level) >= item.least_severity)
            item.append(line, item.argument, scene);
        if (line.size() > before) continue;
        if (item.is_needed) return std::nullopt;
        if (item.needs_hyphen) line += '-';
        else {
            line.resize(field_begin);
            leaves_out = true;
        }
    }
    return line;
}

std::string_view log_id_of(const ConnectionFacts& connection) {
    if (connection.log_id.empty()) connection.log_id = new_id();
    return connection.log_id;
}

std::string_view log_id_of(const Request& request) {
    if (request.log_id.empty()) {
        const auto* unique = request.find_variable("UNIQUE_ID");
        request.log_id = unique ? *unique : request.arena.copy(new_id());
    }
    return request.log_id;
}

} // namespace preforkd
