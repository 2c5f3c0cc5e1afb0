// Log directives that tell how a request was answered, and when.
#include "base/text.h"
#include "modules/logging/log_items.h"

namespace preforkd::logging {

namespace {

using http::FieldId;

void append_status(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    const int status = request.response.status;
    if (status > 0) line.append_number(status);
    else line.append('-');
}

void append_content_bytes(LineBuffer& line, const LogItem&, const Request& request, Transaction&) {
    line.append_number(request.content_bytes_sent);
}

void append_content_bytes_or_dash(LineBuffer& line, const LogItem& item, const Request& request,
                                  Transaction& transaction) {
    if (request.content_bytes_sent == 0) return line.append('-');
    append_content_bytes(line, item, request, transaction);
}

// Without its parameters, as in Apache.
void append_content_type(LineBuffer& line, const Response& response) {
    const auto type = response.fields.value_or_empty(FieldId::content_type);
    append_or_dash(line, trim(type.substr(0, type.find(';'))));
}

// What was sent, but for the fields that Apache adds behind the log's back (Date, Server).
void append_response_field(LineBuffer& line, const LogItem& item, const Request& request,
                           Transaction&) {
    const auto& response = request.response;
    if (item.field == FieldId::content_type) return append_content_type(line, response);
    if (append_field(line, response.fields, item)) return;
    if (append_field(line, response.error_fields, item)) return;
    line.append('-');
}

void append_when(LineBuffer& line, const LogItem& item, const Request&, Transaction& transaction) {
    append_time(line, item.time,
                item.time.at_end ? transaction.ended_at() : transaction.first.received_at);
}

void append_duration(LineBuffer& line, const LogItem& item, const Request&,
                     Transaction& transaction) {
    const auto micros = transaction.elapsed().count();
    if (item.argument.empty() || iequals(item.argument, "s"))
        line.append_number(micros / 1'000'000);
    else if (iequals(item.argument, "ms")) line.append_number(micros / 1000);
    else if (iequals(item.argument, "us")) line.append_number(micros);
    else line.append(item.argument);
}

void append_microseconds(LineBuffer& line, const LogItem&, const Request&,
                         Transaction& transaction) {
    line.append_number(transaction.elapsed().count());
}

void append_connection_status(LineBuffer& line, const LogItem&, const Request&,
                              Transaction& transaction) {
    const Request& last = transaction.last;
    line.append(last.aborted ? 'X' : last.keep_alive ? '+' : '-');
}

constexpr LogDirective directives[] = {
    {"s", append_status, true},
    {"b", append_content_bytes_or_dash},
    {"B", append_content_bytes},
    {"o", append_response_field},
    {"t", append_when},
    {"T", append_duration, true},
    {"D", append_microseconds, true},
    {"X", append_connection_status},
};

} // namespace

std::span<const LogDirective> response_log_directives() { return directives; }

} // namespace preforkd::logging
