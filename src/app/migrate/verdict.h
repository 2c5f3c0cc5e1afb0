// What a survey comes to: whether one can switch, and what is to be done next.
#pragma once

#include <string>
#include <string_view>

#include "app/migrate/survey.h"

namespace preforkd::migrate {

enum class Readiness : int { ready = 0, differences = 1, not_yet = 2 }; // exit statuses

Readiness readiness_of(const Survey& survey);
std::string_view name_of(Readiness readiness); // "ready", "differences", "not yet"
// One sentence, and what to do next.
std::string verdict_of(const Survey& survey);
std::string next_step_after(const Survey& survey);

// Files that are wholly accepted, of all that were read.
struct Acceptance {
    std::size_t files = 0;
    std::size_t tolerant = 0; // what is skipped in Apache does not count
    std::size_t strict = 0;   // it does
};
Acceptance acceptance_of(const Survey& survey);

// "97.3 %"; "0 %" of nothing.
std::string share_text(std::size_t part, std::size_t whole);

} // namespace preforkd::migrate
