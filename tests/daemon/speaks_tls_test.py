"""Hosts that say SSLEngine On: keys, certificates that change, clients that do not get on."""

import contextlib
import http.client
import os
import signal
import ssl
import time
import unittest

from certificates import client_context, make_certificate
from load import Load
from server import PAGE, PATIENCE, SUPERUSER, DaemonTest, wait_until

TLS = ("LoadModule ssl_module x\nLoadModule reqtimeout_module x\nLoadModule status_module x\n"
       "SSLEngine On\nSSLCertificateFile host.pem\nSSLCertificateKeyFile host.key\n")


class TlsLoad(Load):
    """The same clients, who speak TLS."""

    context = client_context()

    def connection(self):
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE,
                                           context=self.context)


class SpeaksTls(DaemonTest):
    @contextlib.contextmanager
    def tls_server(self, more=""):
        server = self.server(TLS + more)
        server.certificate = make_certificate(server.root, "host")
        os.chmod(f"{server.root}/host.key", 0o600)
        with server:
            yield server

    def connect(self, server):
        return client_context().wrap_socket(server.connect(), server_hostname="localhost")

    def ask(self, server, path="/page.txt"):
        """(certificate, response) of a connection of its own."""
        with self.connect(server) as connection:
            return connection.getpeercert(binary_form=True), server.get(path, connection)

    def test_with_a_key_that_only_the_control_process_can_read(self):
        with self.tls_server("StartServers 2") as server:
            shown, (status, _, content) = self.ask(server)
            self.assertEqual((shown, status, content), (server.certificate, 200, PAGE))
            os.remove(f"{server.root}/host.key")
            for _ in range(10):
                self.assertEqual(self.ask(server)[1][0], 200)

    def test_a_large_file_arrives_whole(self):
        with self.tls_server() as server:
            content = os.urandom(1500000).hex()
            with open(f"{server.root}/htdocs/large", "w", encoding="ascii") as file:
                file.write(content)
            self.assertEqual(self.ask(server, "/large")[1][2], content)

    def test_many_requests_on_one_connection(self):
        with self.tls_server() as server, self.connect(server) as connection:
            for _ in range(50):
                self.assertEqual(server.get(connection=connection)[0], 200)

    def test_says_goodbye_before_it_closes(self):
        with self.tls_server() as server, self.connect(server) as connection:
            connection.sendall(b"GET /page.txt HTTP/1.1\r\nHost: localhost\r\n"
                               b"Connection: close\r\n\r\n")
            answer = b""
            while piece := connection.recv(4096):  # raises without a goodbye
                answer += piece
            self.assertTrue(answer.endswith(PAGE.encode()))

    def test_a_restart_takes_over_a_new_certificate(self):
        with self.tls_server() as server:
            for turn, number in enumerate((signal.SIGUSR1, signal.SIGHUP)):
                renewed = make_certificate(server.root, "host")
                self.assertNotEqual(self.ask(server)[0], renewed)
                server.signal(number)
                server.wait_for_log("resuming normal operations", times=turn + 2)
                wait_until(lambda renewed=renewed: self.ask(server)[0] == renewed,
                           "the new certificate")

    def test_a_broken_key_leaves_the_old_one_at_work(self):
        with self.tls_server() as server:
            make_certificate(server.root, "other")
            os.replace(f"{server.root}/other.key", f"{server.root}/host.key")
            server.signal(signal.SIGUSR1)
            server.wait_for_log("configuration not changed, the old one serves on")
            self.assertIn("AH02565: Certificate and private key from", server.log())
            self.assertEqual(self.ask(server)[0], server.certificate)

    def test_no_request_is_lost_over_restarts(self):
        with self.tls_server() as server, TlsLoad(server.port) as load:
            for turn in range(10):
                server.signal(signal.SIGUSR1 if turn % 2 else signal.SIGHUP)
                server.wait_for_log("resuming normal operations", times=turn + 2)
                answered = load.answered
                wait_until(lambda: load.answered > answered + 10, "further requests")
            self.assertEqual(load.failures, [])

    def test_a_client_that_says_nothing_does_not_keep_a_child(self):
        # The server's AcceptFilter would leave such a client to the kernel.
        with self.tls_server("AcceptFilter http none\nAcceptFilter https none\n"
                             "RequestReadTimeout handshake=1\nTimeout 60\n") as server:
            began = time.monotonic()
            with server.connect() as silent:
                self.assertEqual(silent.recv(1), b"")
            self.assertLess(time.monotonic() - began, PATIENCE)

    def test_a_client_that_trickles_its_hello_does_not_keep_a_child(self):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        begun = client_context().wrap_bio(incoming, outgoing)
        with self.assertRaises(ssl.SSLWantReadError):
            begun.do_handshake()
        hello = outgoing.read()
        with self.tls_server("RequestReadTimeout handshake=1\n") as server, \
                server.connect() as slow:
            slow.settimeout(0.1)
            deadline = time.monotonic() + PATIENCE
            for byte in hello:
                try:
                    slow.sendall(bytes([byte]))
                    if slow.recv(1) == b"":
                        break
                except TimeoutError:
                    self.assertLess(time.monotonic(), deadline)
                except ConnectionError:
                    break
            else:
                self.fail("the whole hello was awaited")

    def test_tells_who_speaks_plain_http(self):
        with self.tls_server("LogLevel info") as server:
            status, head, content = server.get()
            self.assertEqual(status, 400)
            self.assertIn("connection: close", head)
            self.assertIn("speaking plain HTTP to an SSL-enabled server port", content)
            self.assertIn("AH01996: SSL handshake failed: HTTP spoken on HTTPS port", server.log())

    def test_garbage_ends_its_connection_only(self):
        with self.tls_server("StartServers 1\nMinSpareServers 1\nLogLevel info") as server:
            child, = server.serving_children()
            with server.connect() as connection:
                connection.sendall(b"\x16\x03\x01\x00\x40" + 64 * b"\xff")
                with contextlib.suppress(ConnectionError):
                    while connection.recv(4096):
                        pass
            server.wait_for_log("AH02008: SSL library error 1 in handshake")
            self.assertEqual(self.ask(server)[1][0], 200)
            self.assertEqual(server.serving_children(), [child])

    @unittest.skipUnless(SUPERUSER, "only root's children lack the right to read the key")
    def test_children_cannot_read_the_key(self):
        with self.tls_server() as server:
            for child in server.serving_children():
                for name in os.listdir(f"/proc/{child}/fd"):
                    self.assertNotIn("host.key", os.readlink(f"/proc/{child}/fd/{name}"))
            self.assertEqual(os.stat(f"{server.root}/host.key").st_mode & 0o777, 0o600)

    def test_a_start_without_the_right_key_fails_and_says_why(self):
        server = self.server(TLS)
        self.addCleanup(server.end)
        make_certificate(server.root, "host")
        with open(f"{server.root}/host.key", "w", encoding="ascii") as key:
            key.write("no key\n")
        server.launch()
        self.assertNotEqual(server.process.wait(PATIENCE), 0)
        self.assertIn("AH02564: Failed to configure private key", server.speech() + server.log())


if __name__ == "__main__":
    unittest.main()
