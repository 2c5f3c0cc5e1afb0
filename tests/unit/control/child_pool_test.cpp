#include "control/child_pool.h"

#include <csignal>
#include <gtest/gtest.h>

#include "os/deadline.h"
#include "os/signals.h"
#include "unit/control/configured.h"

namespace preforkd {

namespace {

// Whose children cannot become who they should be.
Generation hopeless(unsigned number) {
    Generation generation;
    generation.number = number;
    generation.configuration = make_configuration();
    generation.hosts = std::make_unique<config::HostIndex>(*generation.configuration);
    generation.identity.emplace().gid = static_cast<gid_t>(-1);
    return generation;
}

EndedProcess wait_for_end(const SignalQueue& signals) {
    for (;;) {
        if (const auto ended = reap_ended_process()) return *ended;
        signals.wait(Deadline::after(std::chrono::seconds(10)));
    }
}

} // namespace

TEST(ChildPool, TakesItForTheServersEndWhenAChildOfTheLatestConfigurationCannotWork) {
    const SignalQueue signals{SIGCHLD};
    auto board = std::move(pool::Scoreboard::create(4).value());
    ChildPool pool(board);
    auto first = hopeless(0), second = hopeless(1);
    testing::internal::CaptureStderr();
    ASSERT_EQ(pool.fork_children(first, 1), 1);
    const auto older = wait_for_end(signals);
    const Loss bearable = pool.bury(second, older);
    ASSERT_EQ(pool.fork_children(second, 1), 1);
    const auto latest = wait_for_end(signals);
    const Loss fatal = pool.bury(second, latest);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(bearable, Loss::bearable);
    EXPECT_EQ(fatal, Loss::fatal);
    EXPECT_NE(said.find("AH00166: Ignoring fatal error in child of previous generation (pid " +
                        std::to_string(older.pid) + ")."),
              std::string::npos)
        << said;
    EXPECT_NE(said.find("AH00050: Child " + std::to_string(latest.pid) +
                        " returned a Fatal error... Apache is exiting!"),
              std::string::npos)
        << said;
    EXPECT_EQ(pool.count(), 0);
}

TEST(ChildPool, KnowsNobodyElsesProcesses) {
    auto board = std::move(pool::Scoreboard::create(4).value());
    ChildPool pool(board);
    EXPECT_EQ(pool.bury(hopeless(0), {.pid = current_process()}), Loss::not_a_child);
}

} // namespace preforkd
