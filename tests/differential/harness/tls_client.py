"""The TLS side of a case's connections: whom it asks for, and as whom."""
import socket
import ssl

from harness.certificates import certificate_names

VERSIONS = {'1.0': ssl.TLSVersion.TLSv1, '1.1': ssl.TLSVersion.TLSv1_1,
            '1.2': ssl.TLSVersion.TLSv1_2, '1.3': ssl.TLSVersion.TLSv1_3}


class HandshakeFailed(Exception):
    """Says why there is no connection."""


class TlsClient:
    """Remembers sessions; one for each case and server."""

    def __init__(self, certificates, host):
        self.certificates, self.host = certificates, host
        self.names = certificate_names(certificates)
        self.contexts = {}
        self.session = None

    def open(self, connection, tls):
        """CONNECTION with TLS around it, as the options TLS of a request say, and what was agreed."""
        context = self.context(tls.get('certificate', ''), tls.get('version', ''), tls.get('ciphers', ''))
        name = tls.get('sni', self.host)
        try:
            wrapped = context.wrap_socket(
                connection, suppress_ragged_eofs=False, server_hostname=None if name == 'none' else name,
                session=self.session if 'resume' in tls else None)
        except (ssl.SSLError, OSError) as error:
            raise HandshakeFailed(reason_of(error)) from None
        return wrapped, self.agreed(wrapped)

    def context(self, *wishes):
        """Sessions can be resumed within a context only."""
        if wishes not in self.contexts:
            self.contexts[wishes] = self.make_context(*wishes)
        return self.contexts[wishes]

    def make_context(self, certificate, version, ciphers):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.post_handshake_auth = True
        context.set_alpn_protocols(['http/1.1'])
        context.set_ciphers(ciphers or 'DEFAULT:@SECLEVEL=0')
        if version:
            context.minimum_version = context.maximum_version = VERSIONS[version]
        if certificate:
            context.load_cert_chain(self.certificates / f'{certificate}.pem',
                                    self.certificates / f'{certificate}.key')
        return context

    def agreed(self, connection):
        name = self.names.get(connection.getpeercert(binary_form=True), 'of another')
        return (f'{connection.version()} {connection.cipher()[0]}, certificate {name}, '
                f'protocol {connection.selected_alpn_protocol()}'
                + (', resumed' if connection.session_reused else ''))

    def remember(self, connection):
        """To be told at the end of a connection: with TLS 1.3 a session comes after the handshake."""
        self.session = connection.session or self.session


def half_close(connection):
    """Without a word in TLS: Python can say it only while it waits for the other side's."""
    socket.socket.shutdown(connection, socket.SHUT_WR)


def reason_of(error):
    return getattr(error, 'reason', None) or error.__class__.__name__
