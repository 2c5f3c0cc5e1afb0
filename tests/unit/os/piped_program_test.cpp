#include "os/piped_program.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/file.h"

namespace preforkd {
namespace {

using Words = std::vector<std::string>;

class PipedProgramTest : public testing::Test {
  protected:
    PipedProgramTest() {
        char name[] = "/tmp/piped_program.XXXXXX";
        path_ = ::mkdtemp(name);
    }
    ~PipedProgramTest() override {
        ::unlink(output().c_str());
        ::rmdir(path_.c_str());
    }
    std::string output() const { return path_ + "/output"; }
    // Lets the program read to the end.
    std::string what_was_read(std::unique_ptr<PipedProgram> program) const {
        const pid_t pid = program->pid();
        program.reset();
        ::waitpid(pid, nullptr, 0);
        auto content = read_whole_file(output());
        return content ? *content : content.error().what;
    }
    std::string path_;
};

void say(const PipedProgram& program, std::string_view text) {
    ASSERT_EQ(::write(program.descriptor(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
}

TEST_F(PipedProgramTest, ReadsWhatIsWritten) {
    auto program = PipedProgram::start("/usr/bin/tee -a \"" + output() + "\" /dev/null");
    ASSERT_TRUE(program);
    say(**program, "line\n");
    EXPECT_EQ(what_was_read(std::move(*program)), "line\n");
}

TEST_F(PipedProgramTest, IsRunByAShellAfterADollarSign) {
    auto program = PipedProgram::start("$tr a-z A-Z >" + output());
    ASSERT_TRUE(program);
    say(**program, "line\n");
    EXPECT_EQ(what_was_read(std::move(*program)), "LINE\n");
}

TEST_F(PipedProgramTest, ReadsAfterItsRestartWhatItMissed) {
    auto program = PipedProgram::start("|/bin/sh -c 'exec cat >>" + output() + "'");
    ASSERT_TRUE(program);
    const pid_t first = (*program)->pid();
    ::kill(first, SIGKILL);
    siginfo_t news{};
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(first), &news, WEXITED | WNOWAIT), 0);
    say(**program, "missed\n");
    auto restarted = (*program)->restart_if_ended();
    ASSERT_TRUE(restarted);
    EXPECT_TRUE(*restarted);
    EXPECT_NE((*program)->pid(), first);
    EXPECT_EQ(what_was_read(std::move(*program)), "missed\n");
}

TEST_F(PipedProgramTest, IsRestartedAlsoWhenSomebodyElseWaitedForIt) {
    auto program = PipedProgram::start("/bin/cat");
    ASSERT_TRUE(program);
    const pid_t first = (*program)->pid();
    ::kill(first, SIGKILL);
    ::waitpid(first, nullptr, 0);
    EXPECT_TRUE(*(*program)->restart_if_ended());
    EXPECT_FALSE(*(*program)->restart_if_ended());
    ::kill((*program)->pid(), SIGKILL);
    ::waitpid((*program)->pid(), nullptr, 0);
}

TEST(PipedProgram, CannotBeStartedWhereThereIsNone) {
    const auto program = PipedProgram::start("/nonexistent/program");
    ASSERT_FALSE(program);
    EXPECT_EQ(program.error().code, ENOENT);
    EXPECT_EQ(program.error().what, "AH00104: unable to start piped log program "
                                    "'/nonexistent/program': No such file or directory");
}

TEST(PipedProgram, TakesQuotedWordsAsOne) {
    EXPECT_EQ(split_command(R"(/bin/a "b c" 'd "e' f\ g "")"),
              (Words{"/bin/a", "b c", "d \"e", "f g", ""}));
    EXPECT_EQ(split_command("  "), Words{});
}

} // namespace
} // namespace preforkd
