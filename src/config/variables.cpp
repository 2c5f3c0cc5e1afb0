#include "config/variables.h"

#include <cstdlib>

namespace preforkd::config {

namespace {

std::string_view value_of(const std::string& name, const Configuration& configuration) {
    const auto defined = configuration.variables.find(name);
    if (defined != configuration.variables.end() && !defined->second.empty())
        return defined->second;
    const char* value = std::getenv(name.c_str());
    return value ? std::string_view(value) : std::string_view();
}

} // namespace

std::string replace_variables(std::string_view text, const Configuration& configuration,
                              std::vector<std::string>& undefined) {
    std::string result;
    for (;;) {
        const auto start = text.find("${");
        const auto end = start == std::string_view::npos ? start : text.find('}', start);
        if (end == std::string_view::npos) return result += text;
        const std::string name(text.substr(start + 2, end - start - 2));
        const auto value = value_of(name, configuration);
        if (value.empty() && name.find(':') == std::string::npos) undefined.push_back(name);
        result += text.substr(0, start);
        result += value.empty() ? text.substr(start, end + 1 - start) : value;
        text.remove_prefix(end + 1);
    }
}

} // namespace preforkd::config
