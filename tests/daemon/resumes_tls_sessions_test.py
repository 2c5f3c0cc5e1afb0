"""Sessions of TLS are taken up again with any child, after a restart, and by another server."""

import contextlib
import os
import re
import signal
import ssl
import subprocess
import unittest

from apache import Apache
from certificates import client_context, make_certificate
from server import PATIENCE, DaemonTest, wait_until

TLS = ("LoadModule ssl_module x\nLoadModule socache_shmcb_module x\nLoadModule status_module x\n"
       "SSLEngine On\nSSLCertificateFile host.pem\nSSLCertificateKeyFile host.key\n"
       "SSLSessionCache shmcb:/run/cache(512000)\nStartServers 4\n"
       "<Location /status>\nSetHandler server-status\n</Location>\n")
VERSIONS = {2: ssl.TLSVersion.TLSv1_2, 3: ssl.TLSVersion.TLSv1_3}


class Client:
    """One that keeps its session from one connection to the next."""

    def __init__(self, version, tickets=True):
        self.context = client_context()
        self.context.maximum_version = self.context.minimum_version = VERSIONS[version]
        if not tickets:
            self.context.options |= ssl.OP_NO_TICKET
        self.session = None

    def resumes(self, server, path="/page.txt"):
        """Whether a connection of its own went on with the session of the last one."""
        with self.context.wrap_socket(server.connect(), session=self.session) as connection:
            connection.settimeout(PATIENCE)
            status, _, self.content = server.get(path, connection)
            assert status == 200, status
            self.session = connection.session
            return connection.session_reused


class ResumesTlsSessions(DaemonTest):
    @contextlib.contextmanager
    def tls_server(self, more=""):
        server = self.server(TLS + more)
        make_certificate(server.root, "host")
        with server:
            yield server

    def pids(self, server):
        """Each child that serves a connection while the others are busy."""
        return set(server.children())

    def check_with_every_child(self, server, client):
        """Connections that are held open keep their children busy, so each goes to another."""
        self.assertFalse(client.resumes(server))
        with contextlib.ExitStack() as held:
            served = set()
            for _ in range(4):
                connection = held.enter_context(
                    client.context.wrap_socket(server.connect(), session=client.session))
                status, _, content = server.get("/status", connection)
                self.assertEqual(status, 200)
                self.assertTrue(connection.session_reused)
                served.add(re.search(r"<b>(\d+-\d+)</b></td><td>\d+</td><td>[^W]*<b>W</b>",
                                     content).group(1))
            self.assertEqual(len(served), 4)

    def check(self, client, more=""):
        with self.tls_server(more) as server:
            self.check_with_every_child(server, client)
            old = set(server.children())
            server.signal(signal.SIGUSR1)
            wait_until(lambda: len(server.children()) >= 4 and not old & set(server.children()),
                       "new children")
            self.assertTrue(client.resumes(server))

    def test_by_their_id(self):
        self.check(Client(2, tickets=False))

    def test_by_their_id_where_the_server_gives_no_tickets(self):
        self.check(Client(2), "SSLSessionTickets Off\n")

    def test_by_their_id_in_tls_1_3(self):
        self.check(Client(3), "SSLSessionTickets Off\n")

    def test_by_a_ticket(self):
        self.check(Client(2), "SSLSessionCache none\n")

    def test_by_a_ticket_in_tls_1_3(self):
        self.check(Client(3), "SSLSessionCache none\n")

    def test_only_by_a_ticket_where_there_is_no_cache(self):
        with self.tls_server("SSLSessionCache none\n") as server:
            client = Client(2, tickets=False)
            self.assertFalse(client.resumes(server))
            self.assertFalse(client.resumes(server))

    def test_a_cache_of_another_size_begins_empty(self):
        with self.tls_server() as server:
            client = Client(2, tickets=False)
            client.resumes(server)
            self.assertTrue(client.resumes(server))
            server.write_configuration(TLS + "SSLSessionCache shmcb:/run/cache(100000)\n")
            old = set(server.children())
            server.signal(signal.SIGUSR1)
            wait_until(lambda: len(server.children()) >= 4 and not old & set(server.children()),
                       "new children")
            self.assertFalse(client.resumes(server))

    def test_not_with_another_host(self):
        hosts = "".join(f"<VirtualHost *>\nServerName {name}\n</VirtualHost>\n"
                        for name in ("localhost", "other"))
        with self.tls_server(hosts) as server:
            for version, tickets in ((2, False), (2, True), (3, True)):
                client = Client(version, tickets)
                client.resumes(server)
                with client.context.wrap_socket(server.connect(), session=client.session,
                                                server_hostname="other") as connection:
                    self.assertFalse(connection.session_reused)

    def test_children_that_are_killed_lose_no_session_of_others(self):
        with self.tls_server() as server:
            client = Client(2, tickets=False)
            client.resumes(server)
            for child in server.children():
                os.kill(child, signal.SIGKILL)
            self.assertTrue(client.resumes(server))

    def test_the_status_page_counts_them(self):
        with self.tls_server() as server:
            client = Client(2, tickets=False)
            client.resumes(server)
            client.resumes(server, "/status?auto")
            client.resumes(server, "/status?auto")
            for line in ("TLSSessionCacheStatus", "CacheType: SHMCB", "CacheSharedMemory: 512000",
                         "CacheCurrentEntries: 1", "CacheSubcaches: 32", "CacheStoreCount: 1",
                         "CacheRetrieveHitCount: 2", "CacheRetrieveMissCount: 0"):
                self.assertIn(line + "\n", client.content)
            client.resumes(server, "/status")
            self.assertIn("SSL/TLS Session Cache Status:", client.content)
            self.assertIn("current entries: <b>1</b>", client.content)


class SharesTicketKeys(DaemonTest):
    """Servers with the same key file take each other's tickets; one of them is apache2."""

    def openssl(self, port, version, *arguments):
        said = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}",
                               "-ign_eof", f"-tls1_{version}", *arguments],
                              input="GET / HTTP/1.0\r\n\r\n", capture_output=True, text=True,
                              timeout=PATIENCE, check=False).stdout
        return re.search(r"^(New|Reused), TLSv1", said, re.M).group(1)

    def prepare(self, server, key):
        make_certificate(server.root, "host")
        with open(f"{server.root}/ticket.key", "wb") as file:
            file.write(key)
        os.chmod(f"{server.root}/ticket.key", 0o600)

    def test_with_apache2_and_another_preforkd(self):
        directives = ("SSLEngine On\nSSLCertificateFile {0}/host.pem\n"
                      "SSLCertificateKeyFile {0}/host.key\n"
                      "SSLSessionTicketKeyFile {0}/ticket.key\n")
        key = os.urandom(48)
        ours = self.server()
        ours.write_configuration("LoadModule ssl_module x\n" + directives.format(ours.root))
        self.prepare(ours, key)
        apache = Apache("LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so\n" +
                        directives.format(ours.root))
        with ours, apache:
            for version in (2, 3):
                for first, second in ((ours, apache), (apache, ours)):
                    kept = f"{ours.root}/session"
                    self.assertEqual(self.openssl(first.port, version, "-sess_out", kept), "New")
                    self.assertEqual(self.openssl(second.port, version, "-sess_in", kept), "Reused")

    def test_a_file_that_is_short_is_an_error_in_apaches_words(self):
        server = self.server(TLS + "SSLSessionTicketKeyFile ticket.key\n")
        self.prepare(server, os.urandom(47))
        with contextlib.suppress(AssertionError):
            with server:
                pass
        self.assertIn(f"AH02287: Failed to read 48 bytes from {server.root}/ticket.key: "
                      "(70014) End of file found", server.speech() + server.log())


if __name__ == "__main__":
    unittest.main()
