"""However many clients are slow, a pool of a few children serves the next one in time."""

import threading

from backends import Backend, read_head
from server import PATIENCE, DaemonTest

CHILDREN = 3
POOL = f"""
LoadModule reqtimeout_module modules/mod_reqtimeout.so
StartServers {CHILDREN}
MinSpareServers 1
MaxRequestWorkers {CHILDREN}
"""
PATIENT = "RequestReadTimeout header=90 body=90\nTimeout 90\nKeepAliveTimeout 90\n"
REQUEST = b"GET /page.txt HTTP/1.1\r\nHost: localhost\r\n"
HALF_HEAD = REQUEST
HALF_CONTENT = b"POST /page.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\nx"
HALF_CHUNK = HALF_CONTENT.replace(b"Content-Length: 999\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\nff\r\n")


def waits_for_content(_, connection, reader):
    read_head(reader)
    while reader.read(1):
        pass


class SlowClient:
    """Sends `first`, then, if there is a `drop`, one after another until the server has enough."""

    def __init__(self, server, first, drop=b""):
        self.connection = server.connect()
        server.connections.append(self.connection)
        self.connection.sendall(first)
        self.drop, self.answer = drop, b""
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.dribble, daemon=True)
        self.thread.start()

    def dribble(self):
        while self.drop and not self.over.wait(0.1):
            try:
                self.connection.sendall(self.drop)
            except OSError:
                return

    def wait_for_end(self):
        """What the server said before it closed the connection."""
        try:
            while piece := self.connection.recv(4096):
                self.answer += piece
        except ConnectionResetError:
            pass
        finally:
            self.over.set()
            self.connection.close()
        return self.answer


class ServesBesideSlowClients(DaemonTest):
    def besieged(self, directives, first, drop=b""):
        """A server with twice as many slow clients as children: whoever comes now has to wait."""
        server = self.server(POOL + directives)
        self.addCleanup(server.end)
        server.start()
        with open(f"{server.root}/htdocs/large", "wb") as file:
            file.truncate(1 << 28)
        # Connections are accepted in the order in which they came.
        return server, [SlowClient(server, first, drop) for _ in range(2 * CHILDREN)]

    def assert_all_are_told(self, clients, status):
        ends = [threading.Thread(target=client.wait_for_end) for client in clients]
        for end in ends:
            end.start()
        for end in ends:
            end.join(PATIENCE)
        for client in clients:
            self.assertEqual(client.answer[:13], f"HTTP/1.1 {status} ".encode())

    def test_heads_that_dribble(self):
        server, clients = self.besieged("RequestReadTimeout header=1", HALF_HEAD, b"X: y\r\n")
        self.assert_all_are_told(clients, 408)
        self.assertEqual(server.get()[0], 200)

    def test_contents_that_dribble(self):
        for begun in (HALF_CONTENT, HALF_CHUNK):
            server, clients = self.besieged("RequestReadTimeout body=1", begun, b"x")
            self.assert_all_are_told(clients, 408)
            self.assertEqual(server.get()[0], 200)

    def test_a_rate_that_is_too_low(self):
        _, clients = self.besieged("RequestReadTimeout body=1,MinRate=500", HALF_CONTENT, b"x")
        self.assert_all_are_told(clients, 408)

    def test_contents_for_another_server_that_dribble(self):
        other = Backend(waits_for_content)
        self.addCleanup(other.end)
        server, clients = self.besieged(
            "LoadModule proxy_module x\nLoadModule proxy_http_module x\n"
            f"ProxyPass /other http://127.0.0.1:{other.port}/\nRequestReadTimeout body=1",
            HALF_CONTENT.replace(b"/page.txt", b"/other"), b"x")
        self.assert_all_are_told(clients, 408)
        self.assertEqual(server.get()[0], 200)

    def test_responses_that_nobody_reads(self):
        server, _ = self.besieged("Timeout 1", REQUEST.replace(b"page.txt", b"large") + b"\r\n")
        self.assertEqual(server.get()[0], 200)

    def test_connections_that_are_kept_for_nothing(self):
        server, clients = self.besieged("KeepAliveTimeout 1", REQUEST + b"\r\n")
        self.assert_all_are_told(clients, 200)
        self.assertEqual(server.get()[0], 200)

    def test_with_busy_timeout_nobody_is_waited_for_while_others_wait(self):
        large = REQUEST.replace(b"page.txt", b"large") + b"\r\n"
        for first in (HALF_HEAD, HALF_CONTENT, REQUEST + b"\r\n", large):
            with self.subTest(first):
                server, _ = self.besieged(PATIENT + "BusyTimeout 300ms", first)
                self.assertEqual(server.get()[0], 200)
