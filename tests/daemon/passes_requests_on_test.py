"""A reverse proxy: content of any size both ways at once, WebSocket, balancers, and what a client or
another server that hangs up leaves behind."""

import base64
import hashlib
import os
import socket
import threading
import unittest

from backends import Backend, answer, echoes, names_itself, read_head, speaks_websocket
from http_case import HttpTest, request
from server import wait_until

CONTENT = os.urandom(1 << 20) * 8

MODULES = ("setenvif proxy proxy_http proxy_wstunnel proxy_balancer lbmethod_byrequests lbmethod_bytraffic "
           "lbmethod_bybusyness slotmem_shm")
DIRECTIVES = """
StartServers 4
ProxyTimeout 10
SetOutputFilter DEFLATE
ProxyPass /echo http://127.0.0.1:{echo}/
ProxyPass /hasty http://localhost:{echo}/ timeout=1
ProxyPass /tardy http://localhost:{silent}/ timeout=1
ProxyPass /kept/ http://127.0.0.1:{kept}/
ProxyPass /fresh/ http://127.0.0.1:{fresh}/
SetEnvIf Request_URI ^/fresh/ proxy-initial-not-pooled
ProxyPass /fickle/ http://127.0.0.1:{fickle}/
ProxyPass /patient/ http://127.0.0.1:{patient}/
ProxyPass /talkative/ http://127.0.0.1:{talkative}/
ProxyPass /first/ http://127.0.0.1:{first}/ upgrade=websocket
ProxyPass /ws/ ws://127.0.0.1:{websocket}/
ProxyPass /upgrade/ http://127.0.0.1:{websocket}/ upgrade=websocket
<Proxy balancer://even>
    BalancerMember http://127.0.0.1:{a}
    BalancerMember http://127.0.0.1:{b} loadfactor=3
</Proxy>
<Proxy balancer://sticky>
    BalancerMember http://127.0.0.1:{a} route=a
    BalancerMember http://127.0.0.1:{b} route=b
    BalancerMember http://127.0.0.1:{c} route=c
    ProxySet stickysession=session
</Proxy>
<Proxy balancer://failing>
    BalancerMember http://127.0.0.1:{nobody} retry=600
    BalancerMember http://127.0.0.1:{a} retry=600
    BalancerMember http://127.0.0.1:{c} status=+H
</Proxy>
<Proxy balancer://unreliable>
    BalancerMember http://127.0.0.1:{nobody} retry=600
    BalancerMember http://127.0.0.1:{echo}
</Proxy>
<Proxy balancer://late failontimeout=On>
    BalancerMember http://127.0.0.1:{silent} timeout=1 retry=600
</Proxy>
<Proxy balancer://gone>
    BalancerMember http://127.0.0.1:{nobody} retry=600
    BalancerMember http://127.0.0.1:{a} status=D
</Proxy>
<Proxy balancer://sets lbmethod=bybusyness>
    BalancerMember http://127.0.0.1:{a} lbset=1
    BalancerMember http://127.0.0.1:{c} lbset=0
    BalancerMember http://127.0.0.1:{b} status=D
</Proxy>
<Location /manager>
    SetHandler balancer-manager
</Location>
ProxyPass /even/ balancer://even/
ProxyPass /sticky/ balancer://sticky/
ProxyPass /failing/ balancer://failing/
ProxyPass /unreliable/ balancer://unreliable/
ProxyPass /late/ balancer://late/
ProxyPass /gone/ balancer://gone/
ProxyPass /sets/ balancer://sets/
ProxyPass /traffic/ balancer://traffic/ lbmethod=bytraffic
BalancerMember balancer://traffic http://127.0.0.1:{a}
BalancerMember balancer://traffic http://127.0.0.1:{heavy}
"""


def closes_after_one(backend, connection, reader):
    """Promises to keep the connection and does not; the socket is still readable then."""
    if read := read_head(reader):
        answer(connection, read[0][0].encode())


def waits_for_its_client(backend, connection, reader):
    """Says something, and then knows when nobody listens any more."""
    read_head(reader)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nbegun")
    backend.counts["waiting"] += 1
    if not reader.read(1):
        backend.counts["left"] += 1


def is_heavy(_, connection, reader):
    """Each request gets so much that its traffic outweighs many small answers."""
    while read_head(reader):
        answer(connection, b"h" * 100_000)


def says_nothing(backend, _, reader):
    read_head(reader)
    backend.counts["asked"] += 1
    reader.read(1)


heard = threading.Event()


def says_more_than_announced(backend, connection, reader):
    """Once the first answer was heard, there comes what looks like another one."""
    while read := read_head(reader):
        answer(connection, read[0][1].encode())
        if read[0][1] == "/long":
            heard.wait(10)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
            backend.counts["said"] += 1


def speaks_first(_, connection, reader):
    read_head(reader)
    connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       b"Connection: Upgrade\r\n\r\n\x81\x05hello")
    reader.read(1)


class PassesRequestsOn(HttpTest):
    @classmethod
    def setUpClass(cls):
        kinds = {"echo": echoes, "fickle": closes_after_one, "patient": waits_for_its_client,
                 "websocket": speaks_websocket, "a": names_itself, "b": names_itself,
                 "c": names_itself, "kept": names_itself, "fresh": names_itself, "heavy": is_heavy,
                 "silent": says_nothing, "talkative": says_more_than_announced,
                 "first": speaks_first}
        cls.backends = {name: Backend(serve, name) for name, serve in kinds.items()}
        for backend in cls.backends.values():
            cls.addClassCleanup(backend.end)
        nobody = socket.create_server(("127.0.0.1", 0))  # a port that stays free
        ports = {name: backend.port for name, backend in cls.backends.items()}
        ports["nobody"] = nobody.getsockname()[1]
        nobody.close()
        cls.DIRECTIVES = ("".join(f"LoadModule {name}_module x\n" for name in MODULES.split()) +
                          DIRECTIVES.format(**ports))
        super().setUpClass()

    def body(self, target, *fields):
        response = self.ask(request("GET", target, "Connection: close", *fields))
        return response.body if response.status == "200" else response.status.encode()

    def test_content_goes_both_ways_at_once(self):
        wire = self.connect()
        wire.send(request("POST", "/echo", f"Content-Length: {len(CONTENT)}").encode("latin-1"))
        sender = threading.Thread(target=wire.send, args=(CONTENT,))
        sender.start()
        response = wire.response("POST")
        sender.join()
        self.assertEqual(hashlib.sha256(response.body).digest(), hashlib.sha256(CONTENT).digest())

    def test_a_child_asks_again_on_its_connection(self):
        backend = self.backends["kept"]
        wire = self.connect()
        for _ in range(5):
            wire.send(request("GET", "/kept/kept").encode("latin-1"))
            self.assertEqual(wire.response("GET").body, b"kept")
        self.assertEqual((backend.counts["/kept"], backend.connections), (5, 1))

    def test_what_was_not_asked_for_answers_nobody(self):
        wire = self.connect()
        wire.send(request("GET", "/talkative/long").encode("latin-1"))
        self.assertEqual(wire.response("GET").body, b"/long")
        heard.set()
        wait_until(lambda: self.backends["talkative"].counts["said"] == 1, "it has said more")
        wire.send(request("GET", "/talkative/x").encode("latin-1"))
        self.assertEqual(wire.response("GET").body, b"/x")

    def test_a_clients_first_request_can_have_a_connection_of_its_own(self):
        backend = self.backends["fresh"]
        for _ in range(24):  # more than there are children
            wire = self.connect()
            for _ in range(2):
                wire.send(request("GET", "/fresh/fresh").encode("latin-1"))
                self.assertEqual(wire.response("GET").body, b"fresh")
            wire.close()
        self.assertEqual((backend.counts["/fresh"], backend.connections), (48, 24))

    def test_a_get_is_asked_again_where_the_connection_was_just_closed(self):
        wire = self.connect()
        for _ in range(3):
            wire.send(request("GET", "/fickle/x").encode("latin-1"))
            self.assertEqual(wire.response("GET").body, b"GET")

    def test_the_other_server_knows_when_the_client_leaves(self):
        backend = self.backends["patient"]
        wire = self.connect()
        wire.send(request("GET", "/patient/x").encode("latin-1"))
        while b"begun" not in wire.buffer:
            wire.fill()
        wire.close()
        wait_until(lambda: backend.counts["left"] == 1, "the other server was left, too")

    def talk(self, target):
        key = base64.b64encode(os.urandom(16)).decode()
        wire = self.connect()
        wire.send(request("GET", target, "Upgrade: websocket", "Connection: Upgrade",
                          "Accept-Encoding: gzip",
                          f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13").encode())
        while b"\r\n\r\n" not in wire.buffer:
            wire.fill()
        head, _, rest = bytes(wire.buffer).partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 101 Switching Protocols"), head)
        self.assertIn(b"\r\nUpgrade: websocket", head)
        self.assertIn(b"\r\nConnection: Upgrade", head)
        self.assertEqual(rest, b"")
        for text in (b"hello", b"world" * 20):
            mask = os.urandom(4)
            masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(text))
            wire.buffer = b""
            wire.send(bytes([0x81, 0x80 | len(text)]) + mask + masked)
            while len(wire.buffer) < len(text) + 2:
                wire.fill()
            self.assertEqual(bytes(wire.buffer[2:]), text.upper())
        wire.buffer = b""
        wire.send(bytes([0x88, 0x80]) + bytes(4))
        self.assertEqual(wire.rest(), b"")

    def test_websocket_by_its_scheme(self):
        self.talk("/ws/chat")

    def test_websocket_by_upgrade(self):
        self.talk("/upgrade/chat")

    def test_what_comes_with_the_switch_is_passed_on(self):
        wire = self.connect()
        wire.send(request("GET", "/first/x", "Upgrade: websocket", "Connection: Upgrade").encode())
        while not wire.buffer.endswith(b"hello"):
            wire.fill()
        self.assertIn(b"101 Switching", wire.buffer)
        self.assertTrue(wire.buffer.endswith(b"\r\n\r\n\x81\x05hello"), wire.buffer)

    def test_without_an_upgrade_it_is_http(self):
        self.assertEqual(self.body("/ws/page"), b"no websocket")
        self.assertEqual(self.body("/upgrade/page", "Upgrade: h2c"),
                         b"no websocket")

    def test_members_get_their_share(self):
        names = [self.body("/even/x") for _ in range(40)]
        self.assertEqual((names.count(b"a"), names.count(b"b")), (10, 30))

    def test_traffic_is_shared(self):
        wire = self.connect()  # one child counts an answer before it asks again
        sizes = []
        for _ in range(10):
            wire.send(request("GET", "/traffic/x").encode("latin-1"))
            sizes.append(len(wire.response("GET").body))
        self.assertEqual((sizes.count(1), sizes.count(100_000)), (9, 1))
        page = self.ask(request("GET", "/manager")).body.decode()
        part = page[page.index("balancer://traffic"):]
        heavy = part[part.index(f":{self.backends['heavy'].port}<"):].partition("</tr>")[0]
        self.assertIn(" 98K</td>", heavy)  # From

    def test_a_session_stays_with_its_member(self):
        for route in "abc":
            for _ in range(3):
                self.assertEqual(self.body("/sticky/x", f"Cookie: session=abc.{route}"),
                                 route.encode())
                self.assertEqual(self.body(f"/sticky/x?session=abc.{route}"), route.encode())
        self.assertEqual(len({self.body("/sticky/x") for _ in range(9)}), 3)

    def test_what_cannot_be_reached_is_left_alone(self):
        self.assertEqual({self.body("/failing/x") for _ in range(20)}, {b"a"})
        self.server.wait_for_log("AH00959: ap_proxy_connect_backend disabling worker for")

    def test_content_waits_for_a_member_that_can_be_reached(self):
        content = CONTENT[:100_000]
        response = self.ask(request("POST", "/unreliable/x", "Connection: close",
                                    content=content.decode("latin-1")))
        self.assertEqual((response.status, response.body), ("200", content))

    def test_a_slow_client_is_not_the_other_servers_fault(self):
        wire = self.connect()
        wire.send(request("POST", "/hasty", "Content-Length: 20001").encode("latin-1"))
        wire.send(b"x" * 20000)
        # What was asked later, one after the other, has waited too long for a server already.
        for _ in range(2):
            self.assertIn(self.body("/tardy/x"), (b"502", b"504"))
        wire.send(b"x")
        self.assertEqual(len(wire.response("POST").body), 20001)

    def test_who_does_not_answer_in_time_is_left_alone(self):
        silent = self.backends["silent"]
        self.assertIn(self.body("/late/x"), (b"502", b"504"))
        self.server.wait_for_log("AH02460: balancer://late: Forcing worker (http://127.0.0.1:"
                                 f"{silent.port}) into error state due to timeout")
        page = self.ask(request("GET", "/manager")).body.decode()
        part = page[page.index("balancer://late"):]
        self.assertIn("<td>Init Err </td>", part[:part.index("balancer://gone")])

    def test_where_all_have_failed_the_client_is_told(self):
        self.assertEqual(self.body("/gone/x"), b"503")
        self.server.wait_for_log("AH01170: balancer://gone: All workers are in error state")

    def test_the_manager_tells_how_members_are(self):
        self.body("/gone/x")
        page = self.ask(request("GET", "/manager")).body.decode()
        self.assertIn("LoadBalancer Status for balancer://even", page)
        gone = page[page.index("balancer://gone"):page.index("balancer://sets")]
        self.assertIn("<td>Init Err </td>", gone)
        self.assertIn("<td>Init Stby Ok </td>", page)
        self.assertIn("<td>Init Dis </td>", page)
        self.assertEqual(self.ask(request("POST", "/manager", content="w=x")).status, "405")

    def test_sets_are_tried_in_their_order(self):
        self.assertEqual({self.body("/sets/x") for _ in range(5)}, {b"c"})


if __name__ == "__main__":
    unittest.main()
