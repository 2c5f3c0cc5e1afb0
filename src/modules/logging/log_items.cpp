#include "modules/logging/log_items.h"

#include "base/text.h"

namespace preforkd::logging {

bool append_field(LineBuffer& line, const http::Fields& fields, const LogItem& item) {
    if (item.field != http::FieldId::other && !fields.has(item.field)) return false;
    bool found = false;
    for (const auto& field : fields) {
        const bool meant =
            item.field != http::FieldId::other
                ? field.id == item.field
                : field.id == http::FieldId::other && iequals(field.name, item.argument);
        if (!meant) continue;
        if (found) line.append(", ");
        line.append_escaped(field.value);
        found = true;
    }
    return found;
}

const LogDirective* find_log_directive(std::string_view name) {
    for (const auto directives :
         {request_log_directives(), response_log_directives(), connection_log_directives(),
          byte_log_directives(), tls_log_directives()})
        for (const auto& directive : directives)
            if (directive.name == name) return &directive;
    return nullptr;
}

} // namespace preforkd::logging
