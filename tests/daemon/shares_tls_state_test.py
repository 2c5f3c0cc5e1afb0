"""What children share of TLS, seen from outside: on the status page, between hosts, over restarts."""

import contextlib
import os
import signal
import ssl
import unittest

from certificates import client_context, make_certificate
from server import PATIENCE, DaemonTest, is_alive, wait_until

TLS = ("LoadModule ssl_module x\nLoadModule socache_shmcb_module x\nLoadModule status_module x\n"
       "SSLEngine On\nSSLCertificateFile host.pem\nSSLCertificateKeyFile host.key\n"
       "<Location /status>\nSetHandler server-status\n</Location>\n")
CACHE = "SSLSessionCache shmcb:/run/sessions({})\n"


class Client:
    """One of TLS 1.2 that keeps its session; without tickets the server finds it by its id."""

    def __init__(self, server, tickets=False):
        self.server, self.context, self.session = server, client_context(), None
        self.context.maximum_version = ssl.TLSVersion.TLSv1_2
        if not tickets:
            self.context.options |= ssl.OP_NO_TICKET

    def resumes(self, host="localhost"):
        with self.context.wrap_socket(self.server.connect(), session=self.session,
                                      server_hostname=host) as connection:
            self.session = connection.session
            return connection.session_reused

    def get(self, path):
        with self.context.wrap_socket(self.server.connect(), session=self.session) as connection:
            return self.server.get(path, connection)[2]


class SharesTlsState(DaemonTest):
    @contextlib.contextmanager
    def tls_server(self, more):
        server = self.server(TLS + more)
        make_certificate(server.root, "host")
        with server:
            yield server

    def test_the_status_page_counts_sessions_as_apaches_does(self):
        with self.tls_server(CACHE.format(512000)) as server:
            client = Client(server)
            self.assertFalse(client.resumes())
            self.assertTrue(client.resumes())
            said = client.get("/status?auto")
            for line in ("TLSSessionCacheStatus", "CacheType: SHMCB", "CacheSharedMemory: 512000",
                         "CacheCurrentEntries: 1", "CacheSubcaches: 32", "CacheStoreCount: 1",
                         "CacheRetrieveHitCount: 2", "CacheRetrieveMissCount: 0"):
                self.assertIn(line + "\n", said)
            page = client.get("/status")
            self.assertIn("SSL/TLS Session Cache Status:", page)
            self.assertIn("current entries: <b>1</b>", page)

    def test_a_cache_of_another_size_begins_empty(self):
        with self.tls_server(CACHE.format(512000)) as server:
            client = Client(server)
            self.assertFalse(client.resumes())
            for size, kept in ((512000, True), (100000, False)):
                server.write_configuration(TLS + CACHE.format(size))
                old = set(server.children())
                server.signal(signal.SIGUSR1)
                wait_until(lambda: server.children() and not old & set(server.children()),
                           "new children")
                self.assertEqual(client.resumes(), kept)

    def test_a_session_is_good_for_its_host_alone(self):
        names = ("localhost", "other")
        hosts = "".join(f"<VirtualHost *>\nServerName {name}\n</VirtualHost>\n" for name in names)
        with self.tls_server(CACHE.format(512000) + hosts) as server:
            for tickets in (False, True):
                client = Client(server, tickets)
                self.assertFalse(client.resumes())
                self.assertTrue(client.resumes())
                self.assertFalse(client.resumes("other"))

    def test_children_that_are_killed_take_no_session_with_them(self):
        with self.tls_server(CACHE.format(512000)) as server:
            client = Client(server)
            self.assertFalse(client.resumes())
            killed = server.children()
            for child in killed:
                os.kill(child, signal.SIGKILL)
            wait_until(lambda: not any(map(is_alive, killed)), "the children's end")
            self.assertTrue(client.resumes())

    def test_what_clients_proved_counts_until_a_restart(self):
        verifies = "SSLVerifyClient optional\nSSLCACertificateFile host.pem\n"
        with self.tls_server(CACHE.format(512000) + verifies) as server:
            for tickets in (False, True):
                client = Client(server, tickets)
                self.assertFalse(client.resumes())
                self.assertTrue(client.resumes())
                old = set(server.children())
                server.signal(signal.SIGUSR1)
                wait_until(lambda: server.children() and not old & set(server.children()),
                           "new children")
                self.assertFalse(client.resumes())

    def test_a_ticket_key_file_that_is_short_ends_the_start(self):
        server = self.server(TLS + "SSLSessionTicketKeyFile ticket.key\n")
        self.addCleanup(server.end)
        make_certificate(server.root, "host")
        with open(f"{server.root}/ticket.key", "wb") as file:
            file.write(os.urandom(47))
        server.launch()
        self.assertEqual(server.process.wait(PATIENCE), 1)
        self.assertIn(f"AH02287: Failed to read 48 bytes from {server.root}/ticket.key: "
                      "(70014) End of file found", server.speech() + server.log())


if __name__ == "__main__":
    unittest.main()
