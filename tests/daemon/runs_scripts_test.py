"""CGI scripts: content of any size both ways, what they say at once, none that outlives its client."""

import hashlib
import os
import pathlib
import re
import threading
import unittest

from http_case import HttpTest, request
from server import wait_until

FIRST = re.compile(rb"first(?: (\d+))?\n")
CONTENT = os.urandom(1 << 20) * 4

SCRIPTS = {
    "echo": "echo 'Content-Type: application/octet-stream'\necho\ncat\n",
    "length": "echo\nsleep 0.3\nwc -c\n",
    "deaf": "echo\necho deaf\n",
    "first": "echo\necho first\nread -r line < {pipe}\necho $line\n",
    "broken": "cat > /dev/null\necho X-Own: value\necho no field\necho rest\necho complaint >&2\n",
    "stays": "echo\necho first $$\nexec sleep 600\n",
    "stubborn": "trap '' TERM\necho\necho first $$\n"
                "while :; do sleep 0.1; done\n",
    "flood": "echo\necho first $$\nexec cat /dev/zero\n",
}
DIRECTIVES = """LoadModule cgi_module x
ScriptAlias /cgi-bin/ {root}/bin/
ScriptLog open/script.log
ScriptLogBuffer 10
<Location /cgi-bin>
Require all granted
</Location>
"""


def is_running(pid):
    return pathlib.Path(f"/proc/{pid}").exists()


class RunsScripts(HttpTest):
    DIRECTIVES = DIRECTIVES

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pipe = f"{cls.server.root}/pipe"
        os.mkfifo(cls.pipe)
        cls.script_log = pathlib.Path(f"{cls.server.root}/open/script.log")
        cls.script_log.parent.mkdir()
        cls.script_log.parent.chmod(0o777)
        folder = pathlib.Path(f"{cls.server.root}/bin")
        folder.mkdir()
        for name, body in SCRIPTS.items():
            script = folder / name
            script.write_text("#!/bin/sh\n" + body.format(root=cls.server.root, pipe=cls.pipe),
                              encoding="ascii")
            script.chmod(0o755)

    def post(self, script, content, *fields):
        wire = self.connect()
        wire.send(request("POST", f"/cgi-bin/{script}", f"Content-Length: {len(content)}",
                          *fields).encode("latin-1"))
        sender = threading.Thread(target=wire.send, args=(content,))
        sender.start()
        response = wire.response("POST")
        sender.join()
        return response

    def begin(self, script):
        """A connection on which SCRIPT has said its first line, and the script's process."""
        wire = self.connect()
        wire.send(request("GET", f"/cgi-bin/{script}").encode("latin-1"))
        while not (said := FIRST.search(wire.buffer)):
            wire.fill()
        return wire, int(said[1] or 0)

    def test_content_goes_both_ways_at_once(self):
        response = self.post("echo", CONTENT)
        self.assertEqual(response.status, "200")
        self.assertEqual(hashlib.sha256(response.body).digest(), hashlib.sha256(CONTENT).digest())

    def test_a_script_that_reads_late_gets_all(self):
        self.assertEqual(self.post("length", CONTENT).body, b"%d\n" % len(CONTENT))

    def test_a_script_need_not_read(self):
        response = self.post("deaf", CONTENT)
        self.assertEqual((response.status, response.body), ("200", b"deaf\n"))

    def test_what_it_has_said_goes_out_when_it_pauses(self):
        wire, _ = self.begin("first")
        with open(self.pipe, "w", encoding="ascii") as pipe:
            pipe.write("second\n")
        while b"second\n" not in wire.buffer:
            wire.fill()

    def test_failures_are_written_down(self):
        self.assertEqual(self.post("broken", b"abcdefghijklm", "X-Asked: 1").status, "500")
        first, second, rest = re.split(r"^%% \[.*\] ", self.script_log.read_text(encoding="ascii"),
                                       flags=re.M)
        script = f"{self.server.root}/bin/broken"
        self.assertEqual(first, "")
        self.assertEqual(second, "POST /cgi-bin/broken HTTP/1.1\n"
                                 f"%% 200 {script}\n%error\ncomplaint\n")
        self.assertEqual(rest, "POST /cgi-bin/broken HTTP/1.1\n"
                               f"%% 500 {script}\n%request\nHost: localhost\n"
                               "Content-Length: 13\nX-Asked: 1\n\nabcdefghij\n"
                               "%response\nX-Own: value\nno field\n%stdout\nrest\n\n")

    def test_a_script_ends_with_its_client(self):
        for script in ("stays", "stubborn", "flood"):
            with self.subTest(script):
                wire, pid = self.begin(script)
                self.assertTrue(is_running(pid))
                wire.close()
                wait_until(lambda: not is_running(pid), "the end of the script")


if __name__ == "__main__":
    unittest.main()
