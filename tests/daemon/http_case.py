"""Tests of what one running server says to bytes on a connection (docs/http.md lists them)."""

import os
import pathlib
import re
import sys
import unittest

from server import PATIENCE, PREFORKD, Server

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "differential"))

from harness.wire import Ended, Wire  # noqa: E402: found by the line above

MODULES = ("alias auth_basic authn_core authn_file authz_core authz_user deflate dir filter headers "
           "mime status").split()
MODIFIED = 1577934245
DATE = "Thu, 02 Jan 2020 03:04:05 GMT"
LATER = "Fri, 03 Jan 2020 03:04:05 GMT"
EARLIER = "Wed, 01 Jan 2020 03:04:05 GMT"
DIGITS = b"0123456789"
LAST = "GET /digits.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
FORM = re.compile(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$")


def request(method="GET", target="/digits.txt", *fields, content="", version="HTTP/1.1",
            host="Host: localhost"):
    """One request; CONTENT has its length told."""
    lines = [f"{method} {target} {version}"] + ([host] if host else []) + list(fields)
    if content:
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join(lines) + "\r\n\r\n" + content


def chunked(*pieces, trailers="", fields=()):
    """A POST in chunks, as the pieces say."""
    body = "".join(f"{len(piece):x}\r\n{piece}\r\n" for piece in pieces)
    return request("POST", "/digits.txt", "Transfer-Encoding: chunked",
                   *fields) + body + f"0\r\n{trailers}\r\n"


class HttpTest(unittest.TestCase):
    """One server for all cases of a class: FILES below its root, and DIRECTIVES."""
    DIRECTIVES = ""
    FILES = {"digits.txt": DIGITS, "folder/page.html": b"<p>page</p>"}

    @classmethod
    def setUpClass(cls):
        if not PREFORKD:
            raise unittest.SkipTest("PREFORKD names no binary")
        cls.server = Server("")
        cls.addClassCleanup(cls.server.end)
        modules = "".join(f"LoadModule {name}_module built-in\n" for name in MODULES)
        cls.server.write_configuration(modules + "TypesConfig /dev/null\n" +
                                       cls.DIRECTIVES.format(root=cls.server.root))
        for name, content in cls.FILES.items():
            path = pathlib.Path(f"{cls.server.root}/htdocs/{name}")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (MODIFIED, MODIFIED))
        cls.server.start()

    def connect(self):
        wire = Wire(self.server.port, patience=PATIENCE)
        self.addCleanup(wire.close)
        return wire

    def ask(self, text, method="GET"):
        """The first response to TEXT."""
        wire = self.connect()
        wire.send(text.encode("latin-1"))
        response = wire.response(method)
        self.assertEqual(response.fault, "")
        return response

    def get(self, *fields, method="GET", target="/digits.txt", **more):
        return self.ask(request(method, target, *fields, **more), method)

    def assert_refused(self, status, text):
        """TEXT gets STATUS and nothing more: what follows it is never read as a request."""
        wire = self.connect()
        wire.send((text + LAST).encode("latin-1"))
        response = wire.response("GET")
        self.assertEqual(response.status, str(status), text)
        self.assertEqual(response.field("connection"), "close", text)
        self.assertEqual(wire.rest(), b"", text)

    def assert_kept(self, status, text, method="GET"):
        """TEXT gets STATUS, and the next request on the connection its own answer."""
        wire = self.connect()
        wire.send((text + LAST).encode("latin-1"))
        self.assertEqual(wire.response(method).status, str(status), text)
        self.assertEqual(wire.response("GET").body, DIGITS, text)
        with self.assertRaises(Ended):
            wire.fill()
