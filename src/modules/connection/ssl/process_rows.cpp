// What is said once for all hosts: pass phrases, random numbers, where cryptography is done.
#include <fmt/format.h>

#include "base/text.h"
#include "modules/connection/ssl/file_arguments.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/server/arguments.h"

namespace preforkd::ssl {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

Status set_dialog(SslServerSettings& settings, Arguments arguments, Invocation& invocation) {
    using Kind = PassPhraseDialog::Kind;
    const std::string_view text = arguments[0];
    constexpr std::string_view exec = "exec:";
    if (iequals(text, "builtin")) {
        settings.pass_phrase_dialog = {};
    } else if (text.size() > 1 && text.starts_with('|')) {
        settings.pass_phrase_dialog = {Kind::pipe, invocation.server_relative(text.substr(1))};
    } else if (text.size() > exec.size() && text.starts_with(exec)) {
        std::string program = invocation.server_relative(text.substr(exec.size()));
        if (!exists(program))
            return Error{fmt::format("SSLPassPhraseDialog: file '{}' does not exist", program)};
        settings.pass_phrase_dialog = {Kind::exec, std::move(program)};
    } else {
        return Error{"SSLPassPhraseDialog: Invalid argument"};
    }
    return {};
}

// The file or program that a source names; nothing for the two that are neither.
std::string seed_path(std::string_view source) {
    for (const std::string_view kind : {"file:", "exec:"})
        if (source.size() > kind.size() && source.starts_with(kind))
            return std::string(source.substr(kind.size()));
    return std::string(source);
}

// Nothing follows: OpenSSL 3 takes what it needs from the system by itself.
Status check_seed(Invocation& invocation, Arguments arguments) {
    const std::string& context = arguments[0];
    const std::string& source = arguments[1];
    if (!iequals(context, "startup") && !iequals(context, "connect"))
        return Error{fmt::format("SSLRandomSeed: invalid context: `{}'", context)};
    const bool builtin = iequals(source, "builtin");
    if (source.size() > 4 && source.starts_with("egd:"))
        return Error{fmt::format("Invalid SSLRandomSeed entropy source `{}': This version of "
                                 "OpenSSL does not support the Entropy Gathering Daemon (EGD).",
                                 source)};
    if (const auto path = invocation.server_relative(seed_path(source)); !builtin && !exists(path))
        return Error{fmt::format("SSLRandomSeed: source path '{}' does not exist", path)};
    if (arguments.size() < 3) return {};
    if (builtin)
        return Error{"SSLRandomSeed: byte specification not allowed for builtin seed source"};
    if (leading_integer(arguments[2]) < 0)
        return Error{"SSLRandomSeed: invalid number of bytes specified"};
    return {};
}

Status check_device(Invocation&, Arguments arguments) {
    if (iequals(arguments[0], "builtin")) return {};
    return Error{"SSLCryptoDevice: Invalid argument; must be one of: 'builtin' (none)"};
}

// Nobody who asks for it may get less.
Status refuse_fips(Invocation&, Arguments arguments) {
    if (!config::is_on(arguments[0])) return {};
    return Error{"SSLFIPS: FIPS mode is not supported; switch it on for OpenSSL as a whole, in its "
                 "openssl.cnf, and remove the directive"};
}

Status set_sni_policy(SslServerSettings& settings, Arguments arguments) {
    const std::string& policy = arguments[0];
    if (iequals(policy, "strict")) settings.sni_policy = SniPolicy::strict;
    else if (iequals(policy, "secure")) settings.sni_policy = SniPolicy::secure;
    else if (iequals(policy, "authonly")) settings.sni_policy = SniPolicy::authonly;
    else if (iequals(policy, "insecure")) settings.sni_policy = SniPolicy::insecure;
    else return Error{fmt::format("Invalid SSLVhostSNIPolicy argument '{}'", policy)};
    return {};
}

constexpr config::Directive main_row(std::string_view name, Shape shape, config::Apply apply,
                                     std::string_view usage) {
    return {name, shape, config::server_config, config::override_none, apply, usage};
}

} // namespace

Rows process_rows() {
    using config::edits;
    return {
        main_row("SSLPassPhraseDialog", Shape::one, edits<set_dialog>,
                 "SSL dialog mechanism for the pass phrase query ('builtin', "
                 "'|/path/to/pipe_program', or 'exec:/path/to/cgi_program')"),
        main_row("SSLRandomSeed", Shape::two_or_three, check_seed,
                 "SSL Pseudo Random Number Generator (PRNG) seeding source ('startup|connect "
                 "builtin|file:/path|exec:/path [bytes]')"),
        main_row("SSLCryptoDevice", Shape::one, check_device,
                 "SSL external Crypto Device usage ('builtin', '...')"),
        main_row("SSLFIPS", Shape::flag, refuse_fips, "Enable FIPS-140 mode (`on', `off')"),
        main_row("SSLVHostSNIPolicy", Shape::one, edits<set_sni_policy>,
                 "SSL VirtualHost SNI compatibility policy setting"),
    };
}

} // namespace preforkd::ssl
