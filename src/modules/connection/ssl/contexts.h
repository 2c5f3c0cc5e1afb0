// From what the directives say to what connections need.
#pragma once

#include "base/result.h"
#include "config/configuration.h"
#include "modules/connection/ssl/pass_phrase.h"
#include "modules/connection/ssl/shared_state.h"

namespace preforkd::ssl {

// Gives every host whose SSLEngine is on its TLS context, before children are forked: only the
// control process can read the keys. Settings are merged anew.
Status make_contexts(config::Configuration& configuration, PassPhrases& pass_phrases,
                     SharedState& state);

} // namespace preforkd::ssl
