// Field lines to fields: llhttp's share of a request head.
#pragma once

#include <llhttp.h>
#include <string_view>

#include "http/fields.h"

namespace preforkd::http {

class FieldParser {
  public:
    // `lines` are whole field lines with the empty line behind them; the fields are views into
    // them. False when one is malformed, or when two contradict each other.
    bool parse(std::string_view lines, Fields& into);

  private:
    bool parse_by_line(std::string_view lines);

    static int on_name(llhttp_t* parser, const char* start, std::size_t length);
    static int on_value(llhttp_t* parser, const char* start, std::size_t length);
    static int on_field_end(llhttp_t* parser);
    static int on_head_end(llhttp_t* parser);
    static const llhttp_settings_t& settings();

    llhttp_t parser_;
    Fields* fields_ = nullptr;
    std::string_view name_;
    std::string_view value_;
};

} // namespace preforkd::http
