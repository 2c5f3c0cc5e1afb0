"""PHP in the process: what no comparison of single answers shows."""

import hashlib
import os
import pathlib
import signal
import threading
import unittest

from http_case import HttpTest, request
from server import PREFORKD, wait_until

MODULE = pathlib.Path(PREFORKD or "/").parent / "modules/php_module.so"
CONTENT = os.urandom(1 << 20) * 3
SCRIPTS = {
    "pid.php": "<?php echo getmypid();",
    "upload.php": "<?php echo md5_file($_FILES['up']['tmp_name']);",
    "raw.php": "<?php echo md5(file_get_contents('php://input'));",
    "stream.php": "<?php ob_end_flush(); echo 'first'; flush(); fgets(fopen('{root}/pipe', 'r')); echo 'second';",
    "endless.php": "<?php ignore_user_abort(false); set_time_limit(0); "
                   "register_shutdown_function(function () {{ error_log('left with ' . connection_status()); }}); "
                   "while (true) {{ echo str_repeat('x', 10000); flush(); }}",
    "crash.php": "<?php exec('kill -SEGV ' . getmypid());",
    "slow.php": "<?php file_put_contents('{root}/open/begun', 'x'); "
                "for ($i = 0; $i < 20; ++$i) usleep(20000); echo 'whole';",
    "limit.php": "<?php set_time_limit(1); while (true);",
    "limits/one.php": "<?php while (true);",
    "limits/none.php": "<?php set_time_limit(0); $begun = hrtime(true); "
                     "while (hrtime(true) < $begun + 2.5e9); echo 'whole';",
    "folder.php": "<?php echo getcwd(); chdir('/usr'); virtual('/open/inner.php'); echo getcwd();",
    "open/inner.php": "<?php echo '|', getcwd(), '|';",
    "cached.php": "<?php echo opcache_get_status(false)['opcache_enabled'] ? 'on' : 'off', ' ', "
                  "opcache_get_status(true)['scripts'][__FILE__]['hits'] ?? 'new';",
}
DIRECTIVES = """LoadModule php_module /usr/lib/apache2/modules/libphp8.2.so
StartServers 3
<FilesMatch "\\.php$">
SetHandler application/x-httpd-php
</FilesMatch>
<Location /limits>
php_value max_execution_time 1
</Location>
"""


class RunsPhp(HttpTest):
    DIRECTIVES = DIRECTIVES

    @classmethod
    def setUpClass(cls):
        if PREFORKD and not MODULE.exists():
            raise AssertionError("there is no php_module.so: libphp8.2-embed is not installed")
        super().setUpClass()
        root = cls.server.root
        os.mkfifo(f"{root}/pipe")
        os.mkdir(f"{root}/open")
        os.chmod(f"{root}/open", 0o777)
        for folder in ("open", "limits"):
            os.mkdir(f"{root}/htdocs/{folder}")
        for name, body in SCRIPTS.items():
            text = body.replace("{root}", root).replace("{{", "{").replace("}}", "}")
            pathlib.Path(f"{root}/htdocs/{name}").write_text(text, encoding="ascii")

    def test_content_of_any_size(self):
        wanted = hashlib.md5(CONTENT).hexdigest().encode()
        wire = self.connect()
        wire.send(request("POST", "/raw.php", f"Content-Length: {len(CONTENT)}").encode("latin-1"))
        wire.send(CONTENT)
        self.assertEqual(wire.response("POST").body, wanted)

    def test_an_upload(self):
        content = CONTENT[:1 << 20]
        body = (b'--xx\r\nContent-Disposition: form-data; name="up"; filename="a"\r\n\r\n' +
                content + b"\r\n--xx--\r\n")
        wire = self.connect()
        wire.send(request("POST", "/upload.php", f"Content-Length: {len(body)}",
                          "Content-Type: multipart/form-data; boundary=xx").encode("latin-1"))
        wire.send(body)
        self.assertEqual(wire.response("POST").body, hashlib.md5(content).hexdigest().encode())

    def test_output_goes_out_when_it_is_flushed(self):
        wire = self.connect()
        wire.send(request("GET", "/stream.php").encode("latin-1"))
        while b"first" not in wire.buffer:
            wire.fill()
        self.assertNotIn(b"second", wire.buffer)
        with open(f"{self.server.root}/pipe", "w", encoding="ascii") as pipe:
            pipe.write("go on\n")
        while b"second" not in wire.buffer:
            wire.fill()

    def test_a_script_ends_when_its_client_leaves(self):
        wire = self.connect()
        wire.send(request("GET", "/endless.php").encode("latin-1"))
        while len(wire.buffer) < 100_000:
            wire.fill()
        wire.close()
        self.server.wait_for_log("left with 1")

    def test_a_crash_costs_one_connection_and_names_the_script(self):
        wire = self.connect()
        wire.send(request("GET", "/crash.php").encode("latin-1"))
        self.assertEqual(wire.rest(), b"")
        self.server.wait_for_log("GET /crash.php")
        self.assertEqual(self.ask(request("GET", "/pid.php")).status, "200")

    def test_a_time_limit(self):
        response = self.ask(request("GET", "/limit.php"))
        self.assertEqual(response.status, "500")
        self.server.wait_for_log("Maximum execution time of 1 second exceeded")

    def test_a_time_limit_of_the_configuration(self):
        self.assertEqual(self.ask(request("GET", "/limits/one.php")).status, "500")
        self.server.wait_for_log("second exceeded in " +
                                 os.path.realpath(f"{self.server.root}/htdocs/limits/one.php"))

    def test_a_limit_that_is_taken_back(self):
        self.assertEqual(self.ask(request("GET", "/limits/none.php")).body, b"whole")

    def test_each_script_runs_in_its_folder(self):
        root = os.path.realpath(f"{self.server.root}/htdocs")
        wire = self.connect()
        for _ in range(2):
            wire.send(request("GET", "/folder.php").encode("latin-1"))
            self.assertEqual(wire.response("GET").body.decode(), f"{root}|{root}/open|/usr")

    def test_opcache_is_shared(self):
        while self.ask(request("GET", "/cached.php")).body == b"on new":
            pass
        process = self.ask(request("GET", "/pid.php")).body
        wait_until(lambda: self.ask(request("GET", "/pid.php")).body != process, "another child")
        self.assertNotIn(b"new", self.ask(request("GET", "/cached.php")).body)

    def test_a_reload_waits_for_scripts_and_serves_on(self):
        answers = []
        asker = threading.Thread(
            target=lambda: answers.append(self.ask(request("GET", "/slow.php")).body))
        asker.start()
        wait_until(lambda: os.path.exists(f"{self.server.root}/open/begun"), "the script")
        before = self.server.log().count("AH00094")
        for times in range(1, 4):
            self.server.signal(signal.SIGUSR1)
            self.server.wait_for_log("AH00094", times=before + times)
            self.assertEqual(self.ask(request("GET", "/pid.php")).status, "200")
        asker.join()
        self.assertEqual(answers, [b"whole"])


if __name__ == "__main__":
    unittest.main()
