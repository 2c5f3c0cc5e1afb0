// A LogFormat in the first line, and a request line and a field value that clients may send behind
// it: the log line is one line, and nothing in it is a control character that a client wrote.
#include <algorithm>
#include <memory>

#include "fuzz/input.h"
#include "modules/logging/log_format.h"
#include "pipeline/request.h"
#include "support/site.h"

namespace preforkd {

namespace {

// "%n", and "%-n" as strftime(3) takes it.
bool may_ask_for_a_line_end(std::string_view format) {
    for (auto place = format.find('%'); place != format.npos; place = format.find('%', place + 1)) {
        const auto letter = format.find_first_not_of("_-0123456789^#EO", place + 1);
        if (letter != format.npos && format[letter] == 'n') return true;
    }
    return false;
}

auto lines_of(const logging::LogFormat& format, Request& request) {
    static const auto line = std::make_unique<logging::LineBuffer>();
    line->clear();
    logging::Transaction transaction(request);
    format.render(*line, transaction);
    const auto text = line->text();
    fuzz::must(text.ends_with('\n'));
    return std::count(text.begin(), text.end(), '\n');
}

} // namespace

} // namespace preforkd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    static testing::Site site;
    static const auto& configuration = site.complete();
    auto rest = fuzz::text_of(data, size);
    const auto format_text = fuzz::take_line(rest);
    const auto format = logging::LogFormat::compile(format_text);
    if (!format) {
        fuzz::must(!format.error().what.empty());
        return 0;
    }
    Arena arena;
    ConnectionFacts facts;
    Request request(facts, arena);
    request.server = configuration.servers.front().get();
    request.settings = &request.server->directory_merged;
    request.head.request_line = rest;
    request.head.fields.add("X", rest);
    request.head.fields.add("Cookie", rest);
    request.uri = request.query = request.user = rest;
    request.has_query = true;
    // The administrator may ask for a second line, with "\n" or with a %n for strftime.
    const bool one_line =
        format_text.find('\\') == std::string_view::npos && !may_ask_for_a_line_end(format_text);
    fuzz::must(!one_line || lines_of(*format, request) == 1);
    return 0;
}
