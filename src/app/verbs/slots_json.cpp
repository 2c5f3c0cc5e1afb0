// Reads the slots out of ?json.
#include <nlohmann/json.hpp>

#include "app/verbs/status_text.h"

namespace preforkd {

namespace {

using Json = nlohmann::json;

// Text as it is, a number or a word as it is written.
std::string text_of(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

StatusValues values_of(const Json& slot) {
    StatusValues values;
    for (const auto& [name, value] : slot.items())
        if (!value.is_structured()) values.emplace(name, text_of(value));
    return values;
}

} // namespace

std::vector<StatusValues> parse_slots(std::string_view text) {
    std::vector<StatusValues> slots;
    const Json page = Json::parse(text, nullptr, false);
    if (!page.is_object() || !page.contains("slots") || !page["slots"].is_array()) return slots;
    for (const Json& slot : page["slots"])
        if (slot.is_object()) slots.push_back(values_of(slot));
    return slots;
}

} // namespace preforkd
