#include "os/question_program.h"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

#include "os/file.h"

namespace preforkd {

namespace {

constexpr std::size_t longest_answer = 64 * 1024;

// What was an answer to somebody who did not live to hear it.
void forget_old_answers(int descriptor) {
    char unwanted[1024];
    for (;;) {
        struct pollfd end {
            descriptor, POLLIN, 0
        };
        if (::poll(&end, 1, 0) <= 0 || ::read(descriptor, unwanted, sizeof unwanted) <= 0) return;
    }
}

class Turn {
  public:
    explicit Turn(const ProcessLocks& locks) : locks_(locks) { locks_.wait_for_lock(0); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { locks_.unlock(0); }

  private:
    const ProcessLocks& locks_;
};

} // namespace

Result<QuestionProgram> QuestionProgram::start(const CommandWords& words,
                                               const Identity* identity) {
    auto turn = ProcessLocks::create();
    if (!turn) return turn.error();
    auto program = ScriptProgram::start({.words = words,
                                         .environment = inherited_environment(),
                                         .folder = {},
                                         .identity = identity,
                                         .reads = true});
    if (!program) return program.error();
    return QuestionProgram(std::move(*program), std::move(*turn));
}

std::optional<std::string> QuestionProgram::ask(std::string_view question) const {
    const Turn turn(turn_);
    forget_old_answers(program_.output());
    const auto line = std::string(question) + '\n';
    if (!write_whole(program_.input(), line)) return std::nullopt;
    return read_answer();
}

// A letter at a time, because what follows the line end is somebody else's. Answers are short.
std::optional<std::string> QuestionProgram::read_answer() const {
    std::string answer;
    while (answer.size() < longest_answer) {
        char letter = 0;
        const ssize_t count = ::read(program_.output(), &letter, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return std::nullopt;
        if (letter == '\n') return answer;
        answer += letter;
    }
    return std::nullopt;
}

} // namespace preforkd
