// What mod_rewrite says at LogLevel rewrite:trace1 to trace8. Nothing is formatted where nobody
// listens.
#pragma once

#include <fmt/format.h>

#include "pipeline/request.h"

namespace preforkd::rewrite {

class Trace {
  public:
    Trace(const Request& request, std::string_view directory)
        : request_(request), directory_(directory), most_(request.log_level("rewrite")) {}

    template <class... Values>
    void operator()(int level, fmt::format_string<Values...> text, Values&&... values) const {
        if (wants(level)) write(level, fmt::format(text, std::forward<Values>(values)...));
    }
    bool wants(int level) const {
        return static_cast<int>(log::Level::debug) + level <= static_cast<int>(most_);
    }

  private:
    void write(int level, std::string_view text) const;

    const Request& request_;
    std::string_view directory_;
    log::Level most_;
};

} // namespace preforkd::rewrite
