// The witness of a survey: notes every directive, and what became of it.
#pragma once

#include <vector>

#include "app/migrate/survey.h"
#include "config/witness.h"

namespace preforkd::migrate {

class Notebook final : public config::Witness {
  public:
    void saw(const config::Invocation& invocation, const Status& outcome) override;
    void saw_unknown(const config::Node& node) override;

    std::vector<Occurrence> occurrences;
    std::vector<MissingModule> missing_modules;
    std::size_t modules = 0;

  private:
    void note_missing_module(const config::Invocation& invocation, const std::string& identifier);
};

} // namespace preforkd::migrate
