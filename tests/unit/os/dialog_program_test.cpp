#include "os/dialog_program.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

std::string line_from(DialogProgram& program) {
    auto line = program.next_line();
    return line ? *line : "failed: " + line.error().what;
}

TEST(DialogProgram, AnswersWhatItIsAsked) {
    auto program = DialogProgram::start({"/bin/sh", "-c", "while read x; do echo \"<$x>\"; done"});
    ASSERT_TRUE(program);
    (*program)->say("one\n");
    EXPECT_EQ(line_from(**program), "<one>");
    (*program)->say("two\n");
    EXPECT_EQ(line_from(**program), "<two>");
}

TEST(DialogProgram, MayAnswerWithoutListening) {
    auto program = DialogProgram::start({"/bin/sh", "-c", "exec <&-; printf 'a\\n\\nb'"});
    ASSERT_TRUE(program);
    EXPECT_EQ(line_from(**program), "a");
    (*program)->say("nobody reads this\n");
    EXPECT_EQ(line_from(**program), "");
    EXPECT_EQ(line_from(**program), "b");
    EXPECT_EQ(line_from(**program), "failed: no answer");
}

TEST(DialogProgram, ThatCannotBeRunIsAnError) {
    EXPECT_FALSE(DialogProgram::start({"/none/at/all"}));
}

} // namespace
} // namespace preforkd
