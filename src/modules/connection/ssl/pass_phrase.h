// Pass phrases of private keys, and who knows them (Apache: SSLPassPhraseDialog).
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>

#include "base/result.h"
#include "modules/connection/ssl/ssl_settings.h"

namespace preforkd::ssl {

// A key that cannot be read without a pass phrase.
struct EncryptedKey {
    std::string host_and_port; // "www.example.com:443"
    std::size_t place = 0;     // among the host's keys
    std::string file;
};

// Lives as long as the control process, so that a restart can open what was opened before. Nobody
// is asked once the start is over: whoever would have to answer may be away, and the server would
// wait for him.
class PassPhrases {
  public:
    // Whether a phrase opens the key; called with one phrase after the other until one does.
    using Opens = std::function<bool(const std::string& phrase)>;

    // First the phrases that are known, then those that the dialog gives. Fails with a sentence
    // for the error log when none opens the key.
    Status unlock(const PassPhraseDialog& dialog, const EncryptedKey& key, const Opens& opens);

    // From now on phrases that are known must do.
    void start_is_over() { asks_ = false; }

    // In a child, which needs none: overwrites them.
    void forget();

    ~PassPhrases() { forget(); }

  private:
    template <class Partner>
    Status converse(Partner& partner, const EncryptedKey& key, const Opens& opens);
    Status ask_terminal(const EncryptedKey& key, const Opens& opens);
    Status ask_program(const std::string& command, const EncryptedKey& key, const Opens& opens);
    Status run_program(const std::string& program, const EncryptedKey& key, const Opens& opens);
    bool remember_if_it_opens(std::string& phrase, const Opens& opens);

    std::deque<std::string> known_; // never moved, so that no copy stays behind
    bool asks_ = true;
    bool introduced_ = false; // the terminal was told what is wanted
};

} // namespace preforkd::ssl
