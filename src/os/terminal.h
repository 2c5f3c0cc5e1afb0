// The terminal that a person started this process from.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "os/unique_fd.h"

namespace preforkd {

// Whether a person sees what is written there, and in colours if he likes (NO_COLOR: he does not).
bool shows_colours(int descriptor);

class Terminal {
  public:
    // Fails for a process that has none.
    static Result<Terminal> open();

    void say(std::string_view text);
    // A line that is not seen while it is typed. Fails at the end of the input.
    Result<std::string> ask_for_secret(std::string_view question);

  private:
    explicit Terminal(UniqueFd descriptor) : descriptor_(std::move(descriptor)) {}
    UniqueFd descriptor_;
};

} // namespace preforkd
