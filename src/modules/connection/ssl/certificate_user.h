// Whom a client's certificate makes it: SSLUserName, and SSLOptions FakeBasicAuth.
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::ssl {

// SSLUserName: the value of a variable is the user. Answers whether there was one, if one is asked
// for; FakeBasicAuth names its own, who is checked like any other.
bool name_user(Request& request);
// The same, and a warning where there was none.
void insist_on_user(Request& request);

// FakeBasicAuth, for Hooks::check_user_id: the certificate's subject becomes a user with the
// password "password", for whatever module checks passwords.
Verdict fake_basic_field(Request& request);

} // namespace preforkd::ssl
