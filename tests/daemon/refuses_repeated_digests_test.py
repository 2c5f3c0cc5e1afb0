"""What one child was sent no other takes again: AuthDigestNcCheck and one-time nonces."""

import hashlib
import http.client
import os
import re
import signal
import unittest

from server import PATIENCE, DaemonTest, is_alive, wait_until

MODULES = "".join(f"LoadModule {name}_module x\n" for name in (
    "auth_digest", "authn_core", "authn_file", "authz_core", "authz_user"))
DIRECTIVES = MODULES + """
StartServers 3
AuthDigestShmemSize {size}
<Location />
    AuthType Digest
    AuthName area
    AuthUserFile users
    {rule}
    Require valid-user
</Location>
"""
COUNTED, ONCE = "AuthDigestNcCheck On", "AuthDigestNonceLifetime 0"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def parameters(field):
    return dict(re.findall(r'(\w+)="?([^",]*)"?', field or ""))


class Client:
    """One that was asked for a digest, and answers from as many connections as it likes."""

    def __init__(self, server):
        self.server = server
        self.asked = parameters(self.ask({})[1])

    def ask(self, fields, connection=None):
        """Status, challenge and Authentication-Info."""
        own = connection or self.connect()
        own.request("GET", "/page.txt", headers=fields)
        response = own.getresponse()
        response.read()
        if not connection:
            own.close()
        return (response.status, response.getheader("WWW-Authenticate"),
                response.getheader("Authentication-Info"))

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)

    def answer(self, count, connection=None):
        nonce, opaque = self.asked["nonce"], self.asked["opaque"]
        response = md5(f"{md5('anna:area:secret')}:{nonce}:{count:08x}:c:auth:{md5('GET:/page.txt')}")
        return self.ask({"Authorization": (
            f'Digest username="anna", realm="area", nonce="{nonce}", uri="/page.txt", '
            f'response="{response}", cnonce="c", nc={count:08x}, qop=auth, opaque="{opaque}"')},
            connection)


class RefusesRepeatedDigests(DaemonTest):
    def digest_server(self, rule, size=1000):
        server = self.server(DIRECTIVES.format(rule=rule, size=size))
        with open(f"{server.root}/users", "w", encoding="ascii") as users:
            users.write(f"anna:area:{md5('anna:area:secret')}\n")
        return server

    def reload(self, server):
        old = set(server.children())
        server.signal(signal.SIGUSR1)
        wait_until(lambda: server.children() and not old & set(server.children()), "new children")

    def test_another_child_knows_the_count(self):
        with self.digest_server(COUNTED) as server:
            client = Client(server)
            first, second = client.connect(), client.connect()
            self.assertEqual(client.answer(1, first)[0], 200)
            status, challenge, _ = client.answer(1, second)
            self.assertEqual(status, 401)
            self.assertNotIn("stale", challenge)
            self.assertIn("AH01774: Warning, possible replay attack: nonce-count check failed: "
                          "1 is not above 1", server.log())
            self.assertEqual(client.answer(2, second)[0], 200)
            self.assertEqual(client.answer(2, first)[0], 401)
            self.assertNotEqual(server.child_of(first.sock), server.child_of(second.sock))

    def test_another_child_knows_that_a_nonce_was_used(self):
        with self.digest_server(ONCE) as server:
            client = Client(server)
            first, second = client.connect(), client.connect()
            status, _, told = client.answer(1, first)
            self.assertEqual(status, 200)
            status, challenge, _ = client.answer(1, second)
            self.assertEqual(status, 401)
            self.assertIn("stale=true", challenge)
            self.assertNotEqual(server.child_of(first.sock), server.child_of(second.sock))
            client.asked["nonce"] = parameters(told)["nextnonce"]
            self.assertEqual(client.answer(1)[0], 200)
            self.assertEqual(client.answer(1)[0], 401)

    def test_children_that_are_killed_take_no_count_with_them(self):
        with self.digest_server(COUNTED) as server:
            client = Client(server)
            self.assertEqual(client.answer(5)[0], 200)
            killed = server.children()
            for child in killed:
                os.kill(child, signal.SIGKILL)
            wait_until(lambda: not any(map(is_alive, killed)), "the children's end")
            self.assertEqual(client.answer(5)[0], 401)
            self.assertEqual(client.answer(6)[0], 200)

    def test_a_reload_opens_no_way_to_repeat(self):
        with self.digest_server(COUNTED) as server:
            client = Client(server)
            self.assertEqual(client.answer(1)[0], 200)
            self.reload(server)
            self.assertEqual(client.answer(1)[0], 401)
            self.assertEqual(client.answer(2)[0], 200)

    def test_a_table_of_another_size_takes_no_nonce_of_the_old(self):
        with self.digest_server(COUNTED) as server:
            client = Client(server)
            self.assertEqual(client.answer(1)[0], 200)
            server.write_configuration(DIRECTIVES.format(rule=COUNTED, size="1M"))
            self.reload(server)
            newcomer = Client(server)
            self.assertEqual(newcomer.asked["opaque"], client.asked["opaque"])
            status, challenge, _ = client.answer(1)
            self.assertEqual(status, 401)
            self.assertIn("stale=true", challenge)
            self.assertEqual(newcomer.answer(1)[0], 200)

    def test_a_client_that_had_to_give_way_is_asked_anew(self):
        with self.digest_server(COUNTED, size=88) as server:
            client = Client(server)
            self.assertEqual(client.answer(1)[0], 200)
            for _ in range(3):
                Client(server)
            status, challenge, _ = client.answer(2)
            self.assertEqual(status, 401)
            self.assertIn("stale=true", challenge)
            client.asked = parameters(challenge)
            self.assertEqual(client.answer(1)[0], 200)


if __name__ == "__main__":
    unittest.main()
