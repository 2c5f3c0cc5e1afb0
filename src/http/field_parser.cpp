#include "http/field_parser.h"

#include "base/text.h"

namespace preforkd::http {

namespace {

// The real request line was parsed by hand, for llhttp knows a closed list of methods and versions.
constexpr std::string_view request_line = "POST / HTTP/1.1\r\n";

FieldParser& owner_of(llhttp_t* parser) { return *static_cast<FieldParser*>(parser->data); }

} // namespace

bool FieldParser::parse(std::string_view lines, Fields& into) {
    llhttp_init(&parser_, HTTP_REQUEST, &settings());
    parser_.data = this;
    fields_ = &into;
    llhttp_execute(&parser_, request_line.data(), request_line.size());
    if (lines.find("\t\r\n") != std::string_view::npos) return parse_by_line(lines);
    return llhttp_execute(&parser_, lines.data(), lines.size()) == HPE_PAUSED;
}

// llhttp refuses a tab behind a Content-Length, which is white space like any other (RFC 9110
// §5.6.3).
bool FieldParser::parse_by_line(std::string_view lines) {
    constexpr std::string_view line_end = "\r\n";
    auto outcome = HPE_OK;
    while (outcome == HPE_OK && !lines.empty()) {
        const auto end = lines.find(line_end);
        auto line = lines.substr(0, end);
        lines.remove_prefix(line.size() + line_end.size());
        while (line.ends_with('\t') || line.ends_with(' ')) line.remove_suffix(1);
        outcome = llhttp_execute(&parser_, line.data(), line.size());
        if (outcome == HPE_OK) outcome = llhttp_execute(&parser_, line_end.data(), line_end.size());
    }
    return outcome == HPE_PAUSED;
}

int FieldParser::on_name(llhttp_t* parser, const char* start, std::size_t length) {
    auto& self = owner_of(parser);
    self.name_ = {start, length};
    self.value_ = {};
    return 0;
}

int FieldParser::on_value(llhttp_t* parser, const char* start, std::size_t length) {
    // A line end that is fed alone has nothing to add.
    if (length != 0) owner_of(parser).value_ = {start, length};
    return 0;
}

int FieldParser::on_field_end(llhttp_t* parser) {
    auto& self = owner_of(parser);
    self.fields_->add(self.name_, trim(self.value_));
    return 0;
}

// What follows is content, and has a parser of its own.
int FieldParser::on_head_end(llhttp_t*) { return HPE_PAUSED; }

const llhttp_settings_t& FieldParser::settings() {
    static const llhttp_settings_t made = [] {
        llhttp_settings_t fresh;
        llhttp_settings_init(&fresh);
        fresh.on_header_field = on_name;
        fresh.on_header_value = on_value;
        fresh.on_header_value_complete = on_field_end;
        fresh.on_headers_complete = on_head_end;
        return fresh;
    }();
    return made;
}

} // namespace preforkd::http
