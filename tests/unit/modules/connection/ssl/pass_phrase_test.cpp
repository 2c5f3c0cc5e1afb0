#include "modules/connection/ssl/pass_phrase.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "os/file.h"

namespace preforkd::ssl {
namespace {

const EncryptedKey first_key{"a.test:443", 0, "/a.key"};
const EncryptedKey second_key{"b.test:8443", 1, "/b.key"};
const EncryptedKey fourth_key{"c.test:443", 3, "/c.key"};

class PassPhrasesTest : public testing::Test {
  protected:
    PassPhrasesTest() {
        char name[] = "/tmp/pass_phrase.XXXXXX";
        folder_ = ::mkdtemp(name);
    }
    ~PassPhrasesTest() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return folder_ + "/" + name; }
    // What was written to a file, in one line.
    std::string content(const std::string& name) const {
        auto text = read_whole_file(path(name));
        return text ? *text : "";
    }
    std::string script(const std::string& text) {
        const std::string file = path("script");
        std::ofstream(file) << "#!/bin/sh\ncd " << folder_ << "\n" << text;
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
        return file;
    }
    PassPhraseDialog exec(const std::string& text) {
        return {PassPhraseDialog::Kind::exec, script(text)};
    }
    PassPhraseDialog pipe(const std::string& text) {
        return {PassPhraseDialog::Kind::pipe, script(text)};
    }

    // Empty when the key is open, else why not.
    std::string unlock(const PassPhraseDialog& dialog, const EncryptedKey& key,
                       const std::string& right) {
        const auto unlocked = phrases_.unlock(dialog, key, [&](const std::string& phrase) {
            tried_.push_back(phrase);
            return phrase == right;
        });
        return unlocked ? "" : unlocked.error().what;
    }

    PassPhrases phrases_;
    std::vector<std::string> tried_;

  private:
    std::string folder_;
};

TEST_F(PassPhrasesTest, AProgramIsToldHostPortAndTheKeysPlace) {
    const auto dialog = exec("echo \"$@\" >> asked; echo secret; echo more");
    EXPECT_EQ(unlock(dialog, first_key, "secret"), "");
    EXPECT_EQ(unlock(exec("echo \"$@\" >> asked; echo other"), second_key, "other"), "");
    EXPECT_EQ(unlock(exec("echo \"$@\" >> asked; echo third"), fourth_key, "third"), "");
    EXPECT_EQ(content("asked"), "a.test:443 RSA\nb.test:8443 DSA\nc.test:443 3\n");
}

TEST_F(PassPhrasesTest, APhraseThatIsKnownIsTriedFirst) {
    const auto dialog = exec("echo asked >> asked; echo secret");
    EXPECT_EQ(unlock(dialog, first_key, "secret"), "");
    EXPECT_EQ(unlock(dialog, second_key, "secret"), "");
    EXPECT_EQ(content("asked"), "asked\n");
    EXPECT_EQ(tried_, (std::vector<std::string>{"secret", "secret"}));
}

TEST_F(PassPhrasesTest, AProgramThatIsRunAnswersOnce) {
    EXPECT_EQ(unlock(exec("echo wrong"), first_key, "secret"),
              "AH02580: Init: Pass phrase incorrect for key a.test:443:0");
    EXPECT_EQ(tried_, std::vector<std::string>{"wrong"});
    EXPECT_EQ(unlock(exec("exit 1"), first_key, ""),
              "AH02580: Init: Pass phrase incorrect for key a.test:443:0");
}

TEST_F(PassPhrasesTest, AWrongPhraseIsNotKept) {
    unlock(exec("echo wrong"), first_key, "secret");
    tried_.clear();
    EXPECT_EQ(unlock(exec("echo secret"), first_key, "secret"), "");
    EXPECT_EQ(tried_, std::vector<std::string>{"secret"});
}

TEST_F(PassPhrasesTest, AProgramThatCannotBeRunIsNamed) {
    const auto why = unlock({PassPhraseDialog::Kind::exec, path("none")}, first_key, "secret");
    EXPECT_NE(why.find(path("none")), std::string::npos) << why;
    EXPECT_EQ(unlock({PassPhraseDialog::Kind::pipe, path("none")}, first_key, "secret"),
              "AH01966: Init: Failed to create pass phrase pipe '" + path("none") + "'");
}

TEST_F(PassPhrasesTest, AProgramBehindAPipeIsAskedUntilItKnows) {
    const auto dialog = pipe("echo wrong; echo; echo secret; cat > heard");
    EXPECT_EQ(unlock(dialog, first_key, "secret"), "");
    EXPECT_EQ(tried_, (std::vector<std::string>{"wrong", "secret"}));
    const auto heard = content("heard");
    EXPECT_EQ(heard.substr(heard.find("\n\n")),
              "\n\nPrivate key a.test:443:0 (/a.key)\n"
              "Enter pass phrase:\n"
              "Apache:mod_ssl:Error: Pass phrase incorrect (5 more retries permitted).\n"
              "Enter pass phrase:\n"
              "Apache:mod_ssl:Error: Pass phrase empty (needs to be at least 1 character).\n"
              "Enter pass phrase:\n"
              "\nOK: Pass Phrase Dialog successful.\n");
}

TEST_F(PassPhrasesTest, AProgramBehindAPipeCanReadTheQuestionFirst) {
    const auto dialog = pipe("while read line; do case $line in Enter*) echo secret;; esac; done");
    EXPECT_EQ(unlock(dialog, first_key, "secret"), "");
}

TEST_F(PassPhrasesTest, AProgramBehindAPipeHasWords) {
    auto dialog = pipe("echo \"$2\"");
    dialog.program += " one 'two three'";
    EXPECT_EQ(unlock(dialog, first_key, "two three"), "");
}

TEST_F(PassPhrasesTest, SixWrongPhrasesAreEnough) {
    EXPECT_EQ(unlock(pipe("yes wrong | head -n 20; cat > heard"), first_key, "secret"),
              "AH02580: Init: Pass phrase incorrect for key a.test:443:0");
    EXPECT_EQ(tried_.size(), 6u);
    const auto heard = content("heard");
    EXPECT_NE(heard.find("(1 more retry permitted)"), std::string::npos) << heard;
    EXPECT_TRUE(heard.ends_with("Apache:mod_ssl:Error: Pass phrase incorrect.\n")) << heard;
}

TEST_F(PassPhrasesTest, AProgramThatLeavesHasNotAnswered) {
    EXPECT_EQ(unlock(pipe("exit 0"), first_key, "secret"),
              "AH02580: Init: Pass phrase incorrect for key a.test:443:0");
}

TEST_F(PassPhrasesTest, NobodyIsAskedOnceTheStartIsOver) {
    const auto dialog = exec("echo asked >> asked; echo secret");
    EXPECT_EQ(unlock(dialog, first_key, "secret"), "");
    phrases_.start_is_over();
    EXPECT_EQ(unlock(dialog, first_key, "secret"), "");
    EXPECT_EQ(unlock(dialog, second_key, "other"),
              "AH02578: Init: Unable to read pass phrase [Hint: key introduced or changed before "
              "restart?]");
    EXPECT_EQ(content("asked"), "asked\n");
}

TEST_F(PassPhrasesTest, WhatIsForgottenIsGone) {
    EXPECT_EQ(unlock(exec("echo secret"), first_key, "secret"), "");
    phrases_.forget();
    phrases_.start_is_over();
    EXPECT_NE(unlock(exec("echo secret"), first_key, "secret"), "");
}

} // namespace
} // namespace preforkd::ssl
