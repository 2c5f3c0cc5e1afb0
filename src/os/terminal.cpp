#include "os/terminal.h"

#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "os/dialog_program.h"
#include "os/file.h"
#include "os/system_error.h"

namespace preforkd {

namespace {

constexpr const char* own_terminal = "/dev/tty";

// What is typed while this lives is not shown, but for the end of the line.
class Unseen {
  public:
    explicit Unseen(int terminal) : terminal_(terminal) {
        known_ = ::tcgetattr(terminal_, &before_) == 0;
        if (!known_) return;
        termios unseen = before_;
        unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        unseen.c_lflag |= ECHONL;
        ::tcsetattr(terminal_, TCSADRAIN, &unseen);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;
    ~Unseen() {
        if (known_) ::tcsetattr(terminal_, TCSADRAIN, &before_);
    }

  private:
    int terminal_;
    termios before_{};
    bool known_ = false;
};

} // namespace

bool shows_colours(int descriptor) {
    const char* wish = std::getenv("NO_COLOR");
    return (!wish || *wish == '\0') && ::isatty(descriptor) == 1;
}

Result<Terminal> Terminal::open() {
    UniqueFd descriptor(::open(own_terminal, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!descriptor) return system_error("open", own_terminal);
    return Terminal(std::move(descriptor));
}

void Terminal::say(std::string_view text) {
    [[maybe_unused]] const auto written = write_whole(descriptor_.get(), text);
}

Result<std::string> Terminal::ask_for_secret(std::string_view question) {
    const Unseen scope(descriptor_.get());
    say(question);
    return read_line(descriptor_.get());
}

} // namespace preforkd
