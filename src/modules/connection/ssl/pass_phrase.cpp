#include "modules/connection/ssl/pass_phrase.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string.h>
#include <string_view>

#include "base/product.h"
#include "os/dialog_program.h"
#include "os/piped_program.h"
#include "os/program.h"
#include "os/terminal.h"

namespace preforkd::ssl {

namespace {

constexpr int retries = 5;

void overwrite(std::string& secret) {
    ::explicit_bzero(secret.data(), secret.size());
    secret.clear();
}

// As Apache names a key: "www.example.com:443:0".
std::string name_of(const EncryptedKey& key) {
    return fmt::format("{}:{}", key.host_and_port, key.place);
}

// What an "exec:" program is told of the key. Apache goes by its place, whatever its type is.
std::string type_for_program(const EncryptedKey& key) {
    constexpr std::array<std::string_view, 3> types{"RSA", "DSA", "ECC"};
    return key.place < types.size() ? std::string(types[key.place]) : std::to_string(key.place);
}

Error incorrect(const EncryptedKey& key) {
    return Error{"AH02580: Init: Pass phrase incorrect for key " + name_of(key)};
}

// A terminal or a program, each asked in its own way.
struct TerminalPartner {
    Terminal& terminal;
    void say(std::string_view text) { terminal.say(text); }
    Result<std::string> ask(std::string_view question) { return terminal.ask_for_secret(question); }
};

struct ProgramPartner {
    DialogProgram& program;
    void say(std::string_view text) { program.say(text); }
    Result<std::string> ask(std::string_view question) {
        program.say(fmt::format("{}\n", question));
        return program.next_line();
    }
};

} // namespace

Status PassPhrases::unlock(const PassPhraseDialog& dialog, const EncryptedKey& key,
                           const Opens& opens) {
    if (std::any_of(known_.begin(), known_.end(), opens)) return {};
    if (!asks_)
        return Error{"AH02578: Init: Unable to read pass phrase [Hint: key introduced or changed "
                     "before restart?]"};
    switch (dialog.kind) {
    case PassPhraseDialog::Kind::builtin: return ask_terminal(key, opens);
    case PassPhraseDialog::Kind::pipe: return ask_program(dialog.program, key, opens);
    case PassPhraseDialog::Kind::exec: return run_program(dialog.program, key, opens);
    }
    return {};
}

Status PassPhrases::ask_terminal(const EncryptedKey& key, const Opens& opens) {
    auto terminal = Terminal::open();
    if (!terminal)
        return Error{fmt::format("Nobody can be asked for the pass phrase of {} ({}): {}",
                                 name_of(key), key.file, terminal.error().what),
                     terminal.error().code};
    TerminalPartner partner{*terminal};
    return converse(partner, key, opens);
}

Status PassPhrases::ask_program(const std::string& command, const EncryptedKey& key,
                                const Opens& opens) {
    auto program = DialogProgram::start(split_command(command));
    if (!program)
        return Error{fmt::format("AH01966: Init: Failed to create pass phrase pipe '{}'", command),
                     program.error().code};
    ProgramPartner partner{**program};
    return converse(partner, key, opens);
}

template <class Partner>
Status PassPhrases::converse(Partner& partner, const EncryptedKey& key, const Opens& opens) {
    if (!introduced_)
        partner.say(fmt::format("{}/{} mod_ssl (Pass Phrase Dialog)\n"
                                "Some of your private key files are encrypted for security "
                                "reasons.\n"
                                "In order to read them you have to provide the pass phrases.\n",
                                product::name, product::version));
    introduced_ = true;
    partner.say(fmt::format("\nPrivate key {} ({})\n", name_of(key), key.file));
    for (int left = retries; left >= 0;) {
        auto phrase = partner.ask("Enter pass phrase:");
        if (!phrase) return incorrect(key);
        if (phrase->empty()) {
            partner.say("Apache:mod_ssl:Error: Pass phrase empty (needs to be at least 1 "
                        "character).\n");
            continue;
        }
        if (remember_if_it_opens(*phrase, opens)) {
            partner.say("\nOK: Pass Phrase Dialog successful.\n");
            return {};
        }
        if (left > 0)
            partner.say(fmt::format("Apache:mod_ssl:Error: Pass phrase incorrect ({} more {} "
                                    "permitted).\n",
                                    left, left == 1 ? "retry" : "retries"));
        --left;
    }
    partner.say("Apache:mod_ssl:Error: Pass phrase incorrect.\n");
    return incorrect(key);
}

Status PassPhrases::run_program(const std::string& program, const EncryptedKey& key,
                                const Opens& opens) {
    auto output = output_of_program({program, key.host_and_port, type_for_program(key)});
    if (!output) return Error{"SSLPassPhraseDialog: " + output.error().what, output.error().code};
    std::string phrase = output->text.substr(0, output->text.find('\n'));
    overwrite(output->text);
    return !phrase.empty() && remember_if_it_opens(phrase, opens) ? Status() : incorrect(key);
}

bool PassPhrases::remember_if_it_opens(std::string& phrase, const Opens& opens) {
    const bool right = opens(phrase);
    if (right) known_.push_back(phrase);
    overwrite(phrase);
    return right;
}

void PassPhrases::forget() {
    for (std::string& phrase : known_) overwrite(phrase);
    known_.clear();
}

} // namespace preforkd::ssl
