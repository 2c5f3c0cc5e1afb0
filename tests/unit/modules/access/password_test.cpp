#include "modules/access/password.h"

#include <gtest/gtest.h>

namespace preforkd {

TEST(Password, MatchesWhatHtpasswdWrites) {
    for (const char* kept : {
             "$2y$04$1pKy6iMmwL2A1s077eiN5eYtP55Y50p0.43BI8gS0.IYAk./dKEQi",
             "$apr1$./muWLT/$yORRJAOzLVhhunBykYVwZ/",
             "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
             "lZPbp.gIwTyz.",
             "$5$sEMU2sX/QAGrBRjO$.HA7Pahw.rXJZr9CepeDORqNq0gur/kTnLBkewblF02",
         }) {
        EXPECT_TRUE(password_matches("secret", kept)) << kept;
        EXPECT_FALSE(password_matches("Secret", kept)) << kept;
        EXPECT_FALSE(password_matches("", kept)) << kept;
    }
}

TEST(Password, MayBeEmptyOrLong) {
    EXPECT_TRUE(password_matches("", "$apr1$ZNq6y5jf$EgOLOFjpKqkOvNOYK3gPw1"));
    EXPECT_TRUE(password_matches(std::string(40, 'a'), "$apr1$D9zAuo.P$QXc/tw/F6V/d3Fr/4n/IF."));
    EXPECT_FALSE(password_matches(std::string(39, 'a'), "$apr1$D9zAuo.P$QXc/tw/F6V/d3Fr/4n/IF."));
}

TEST(Password, IsNeverKeptAsItIs) {
    for (const char* kept : {"secret", "", "x", "*", "!", "$apr1$", "$apr1$salt$", "{SHA}", "$9$a$b"})
        EXPECT_FALSE(password_matches("secret", kept)) << kept;
}

TEST(Password, HasTheDigestOfRfc7616) {
    EXPECT_EQ(digest_of("Mufasa", "testrealm@host.com", "Circle Of Life"),
              "939e7578ed9e3c518a452acee763bce9");
}

} // namespace preforkd
