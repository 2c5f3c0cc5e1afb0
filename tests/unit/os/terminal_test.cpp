#include "os/terminal.h"

#include <cstdio>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace preforkd {
namespace {

// Runs `talk` in a process that has a terminal of its own, on which `typed` is typed once the
// question is there; answers what is to be seen on it.
std::string seen_on_terminal(const std::string& typed, void (*talk)()) {
    int terminal = -1;
    const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (pid == 0) {
        talk();
        ::_exit(0);
    }
    std::string seen;
    bool answered = false;
    char part[256];
    for (ssize_t count = 0; (count = ::read(terminal, part, sizeof part)) > 0;) {
        seen.append(part, static_cast<std::size_t>(count));
        if (answered || seen.find('?') == seen.npos) continue;
        answered = true;
        EXPECT_EQ(::write(terminal, typed.data(), typed.size()),
                  static_cast<ssize_t>(typed.size()));
    }
    ::close(terminal);
    ::waitpid(pid, nullptr, 0);
    return seen;
}

void ask() {
    auto terminal = Terminal::open();
    if (!terminal) ::_exit(1);
    const auto secret = terminal->ask_for_secret("Who?");
    terminal->say(secret ? "heard " + std::to_string(secret->size()) : "nothing");
}

TEST(Terminal, DoesNotShowASecretWhileItIsTyped) {
    EXPECT_EQ(seen_on_terminal("secret\n", ask), "Who?\r\nheard 6");
}

TEST(Terminal, TellsWhenNobodyAnswers) {
    constexpr const char* end_of_input = "\x04";
    EXPECT_EQ(seen_on_terminal(end_of_input, ask), "Who?nothing");
}

void ask_without_terminal() {
    ::setsid();
    std::printf("%s", Terminal::open() ? "open" : "none");
    std::fflush(stdout);
}

TEST(Terminal, IsNotThereForAProcessThatHasNone) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ask_without_terminal();
        ::_exit(0);
    }
    ::close(ends[1]);
    char text[8] = {};
    EXPECT_EQ(::read(ends[0], text, sizeof text - 1), 4);
    EXPECT_STREQ(text, "none");
    ::close(ends[0]);
    ::waitpid(pid, nullptr, 0);
}

} // namespace
} // namespace preforkd
