"""A client resumes its TLS session with any child, and after a restart: by its id or by a ticket."""

import os
import signal
import ssl
import unittest

from certificates import client_context, make_certificate
from server import DaemonTest

TLS = ("LoadModule socache_shmcb_module x\nLoadModule ssl_module x\nStartServers 4\n"
       "MinSpareServers 4\nSSLEngine On\nSSLCertificateFile host.pem\n"
       "SSLCertificateKeyFile host.key\n")
CACHE = "SSLSessionCache shmcb:sessions(512000)\n"
TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


class Client:
    """Remembers its session."""

    def __init__(self, server, version):
        self.server, self.context, self.session = server, client_context(), None
        self.context.minimum_version = self.context.maximum_version = version

    def resumes(self):
        """Whether a new connection goes on with the session of the one before."""
        with self.context.wrap_socket(self.server.connect(), server_hostname="localhost",
                                      session=self.session) as connection:
            # The session of TLS 1.3 comes with the first answer.
            self.server.get(connection=connection)
            self.session = connection.session
            return connection.session_reused


class ResumesTlsSessions(DaemonTest):
    def tls_server(self, more):
        server = self.server(TLS + more)
        make_certificate(server.root, "host")
        return server

    def keeps_resuming(self, more, version):
        with self.tls_server(more) as server:
            client = Client(server, version)
            self.assertFalse(client.resumes())
            # One child after the other takes a connection.
            self.assertEqual([client.resumes() for _ in range(12)], [True] * 12)
            for turn, number in enumerate((signal.SIGUSR1, signal.SIGHUP)):
                server.signal(number)
                server.wait_for_log("resuming normal operations", times=turn + 2)
                self.assertTrue(client.resumes())

    def test_by_ticket(self):
        self.keeps_resuming("", TLS_1_2)

    def test_by_ticket_of_1_3(self):
        self.keeps_resuming("", TLS_1_3)

    def test_by_id(self):
        self.keeps_resuming(CACHE + "SSLSessionTickets Off\n", TLS_1_2)

    def test_by_id_of_1_3(self):
        self.keeps_resuming(CACHE + "SSLSessionTickets Off\n", TLS_1_3)

    def test_not_at_all_without_tickets_and_cache(self):
        for version in (TLS_1_2, TLS_1_3):
            with self.tls_server("SSLSessionTickets Off\n") as server:
                client = Client(server, version)
                self.assertEqual([client.resumes() for _ in range(3)], [False] * 3)

    def test_with_another_server_that_has_the_same_ticket_key(self):
        keys = os.urandom(48)
        servers = []
        for _ in range(2):
            server = self.tls_server("SSLSessionTicketKeyFile tickets.key\n")
            self.addCleanup(server.end)
            with open(f"{server.root}/tickets.key", "wb") as file:
                file.write(keys)
            servers.append(server.start())
        for version in (TLS_1_2, TLS_1_3):
            client = Client(servers[0], version)
            self.assertFalse(client.resumes())
            client.server = servers[1]
            self.assertTrue(client.resumes())


if __name__ == "__main__":
    unittest.main()
