// What is offered to a client: versions, ciphers, tickets, and OpenSSL's own commands.
#include <fmt/format.h>

#include "base/text.h"
#include "modules/connection/ssl/ciphers.h"
#include "modules/connection/ssl/file_arguments.h"
#include "modules/connection/ssl/protocols.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/server/arguments.h"
#include "net/tls_commands.h"

namespace preforkd::ssl {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

// "optional" was the way into TLS from within HTTP (RFC 2817), which Apache gave up.
Status set_engine(SslServerSettings& settings, Arguments arguments, Invocation& invocation) {
    const auto on = parse_on_off(arguments[0]);
    const bool optional = iequals(arguments[0], "optional");
    if (!on && !optional) return Error{"Argument must be On or Off"};
    if (optional)
        invocation.configuration.warnings.push_back(
            {"AH10510: 'SSLEngine optional' is no longer supported", "ssl", log::Level::notice});
    settings.engine = on.value_or(false) ? Engine::on : Engine::off;
    return {};
}

Status set_versions(SslServerSettings& settings, Arguments words, Invocation& invocation) {
    const auto versions = chosen_versions(invocation, words);
    if (!versions) return versions.error();
    settings.versions = *versions;
    return {};
}

Status set_ciphers(Invocation& invocation, Arguments words) {
    auto choice = parse_ciphers(words);
    if (!choice) return choice.error();
    if (!choice->for_tls_1_3) {
        edit_where_it_stands(invocation,
                             [&](auto& settings) { settings.ciphers = choice->ciphers; });
        return {};
    }
    if ((invocation.context & in_servers) == 0)
        return Error{"TLSv1.3 ciphers cannot be set inside a directory context"};
    invocation.server.server_settings.edit<SslServerSettings>().ciphers_1_3 = choice->ciphers;
    return {};
}

// It would tell an attacker what the content says (CRIME), and Debian's OpenSSL cannot do it.
Status refuse_compression(Invocation&, Arguments arguments) {
    if (!config::is_on(arguments[0])) return {};
    return Error{"This version of OpenSSL does not have any compression methods available, cannot "
                 "enable SSLCompression."};
}

Status add_command(SslServerSettings& settings, Arguments arguments, Invocation& invocation) {
    const std::string& name = arguments[0];
    std::string value = arguments[1];
    switch (net::tls_command_value(name)) {
    case net::TlsCommandValue::unknown_command:
        return Error{fmt::format("'{}': invalid OpenSSL configuration command", name)};
    case net::TlsCommandValue::file: {
        auto path = present_file(invocation, value);
        if (!path) return path.error();
        value = std::move(*path);
        break;
    }
    case net::TlsCommandValue::folder: {
        auto path = present_folder(invocation, value);
        if (!path) return path.error();
        value = std::move(*path);
        break;
    }
    case net::TlsCommandValue::text: break;
    }
    if (iequals(name, "CipherString")) value = without_useless_ciphers(value);
    settings.commands.emplace_back(name, std::move(value));
    return {};
}

} // namespace

Rows handshake_rows() {
    using config::edits;
    using config::sets_flag;
    using S = SslServerSettings;
    return {
        server_row("SSLEngine", Shape::one, edits<set_engine>,
                   "SSL switch for the protocol engine ('on', 'off')"),
        server_row("SSLProtocol", Shape::words, edits<set_versions>,
                   "Enable or disable various SSL protocols ('[+-][TLSv1|TLSv1.1|TLSv1.2] ...' - "
                   "see manual)"),
        {"SSLCipherSuite", Shape::one_or_two, config::anywhere, config::override_auth_config,
         set_ciphers,
         "Colon-delimited list of permitted SSL Ciphers, optional preceded by protocol identifier "
         "('XXX:...:XXX' - see manual)"},
        server_row("SSLHonorCipherOrder", Shape::flag, sets_flag<&S::honor_cipher_order>,
                   "Use the server's cipher ordering preference"),
        server_row("SSLCompression", Shape::flag, refuse_compression,
                   "Enable SSL level compression (`on', `off')"),
        server_row("SSLInsecureRenegotiation", Shape::flag, sets_flag<&S::insecure_renegotiation>,
                   "Enable support for insecure renegotiation"),
        server_row("SSLStrictSNIVHostCheck", Shape::flag, sets_flag<&S::strict_sni>,
                   "Strict SNI virtual host checking"),
        server_row("SSLSessionTickets", Shape::flag, sets_flag<&S::session_tickets>,
                   "Enable or disable TLS session tickets(`on', `off')"),
        server_row("SSLSessionTicketKeyFile", Shape::one, sets_file<&S::ticket_key_file>,
                   "TLS session ticket encryption/decryption key file (RFC 5077) "
                   "('/path/to/file' - file with 48 bytes of random data)"),
        server_row("SSLOpenSSLConfCmd", Shape::two, edits<add_command>,
                   "OpenSSL configuration command"),
    };
}

} // namespace preforkd::ssl
