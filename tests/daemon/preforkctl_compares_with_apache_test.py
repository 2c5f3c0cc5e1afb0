"""preforkctl migrate serves a configuration beside Apache, and compares what the two answer."""

import glob
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from apache import APACHE, MODULES, Apache
from preforkctl import PREFORKCTL
from server import PREFORKD, free_port, is_alive, wait_until

CONFIGURATION = f"""\
LoadModule alias_module {MODULES}/mod_alias.so
LoadModule dir_module {MODULES}/mod_dir.so
LoadModule env_module {MODULES}/mod_env.so
LoadModule headers_module {MODULES}/mod_headers.so
CustomLog logs/access.log "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\""
<IfDefine MINE>
Include more/*.conf
</IfDefine>
"""
HOSTS = """
Redirect /old http://localhost:{port}/new
Header set X-Host main
<VirtualHost *:{port}>
    ServerName localhost
</VirtualHost>
<VirtualHost *:{port}>
    ServerName other.test
    Header set X-Host other
</VirtualHost>
"""


@unittest.skipUnless(PREFORKD and os.path.exists(APACHE), "compares the binary with apache2")
class PreforkctlComparesWithApache(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="previews-")
        self.addCleanup(self.temporary.cleanup)
        self.apache = Apache(CONFIGURATION)
        self.addCleanup(self.apache.end)
        self.write("htdocs/index.html", "<h1>Welcome</h1>\n")
        self.apache.write_configuration(CONFIGURATION + HOSTS.format(port=self.apache.port))

    def write(self, name, text):
        path = pathlib.Path(self.apache.root) / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def command(self, *words, file=None):
        return [PREFORKCTL, "migrate", file or self.apache.configuration, *map(str, words)]

    def environment(self):
        return os.environ | {"TMPDIR": self.temporary.name}

    def log(self, *targets):
        lines = (f'127.0.0.1 - - [26/Nov/2026:10:00:00 +0000] "GET {target} HTTP/1.1" 200 5 "-" "a"\n'
                 for target in targets)
        return self.write("requests.log", "".join(lines))

    def compare(self, log, *words, file=None):
        words = ("--compare", log, "--against", f"http://127.0.0.1:{self.apache.port}", *words)
        return subprocess.run(self.command(*words, file=file), stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=100, env=self.environment())

    def leftovers(self):
        return glob.glob(f"{self.temporary.name}/*")

    def test_finds_no_difference_where_there_is_none(self):
        self.apache.start()
        log = self.log("/", "/page.txt", "/none", "/old/x?y=z", "/index.html", "/page.txt")
        ended = self.compare(log)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended.stdout)
        self.assertIn("5 different GETs of 6 lines\n\n        5  are answered alike\n", ended.stdout)
        self.assertEqual(self.leftovers(), [])

    def test_shows_status_fields_and_body_side_by_side(self):
        self.apache.start()
        text = pathlib.Path(self.apache.configuration).read_text(encoding="utf-8")
        changed = self.write("changed.conf", text.replace("Redirect /old", "Redirect /gone")
                             .replace("X-Host main", "X-Host changed"))
        log = self.log("/page.txt", "/old/x")
        ended = self.compare(log, "--limit", 9, file=changed)
        self.assertEqual(ended.returncode, 1, ended.stdout + ended.stderr)
        self.assertRegex(ended.stdout, r"(?m)^  GET /page.txt 127\.0\.0\.1:\d+$")
        self.assertRegex(ended.stdout, r"(?m)^    X-Host +main +changed$")
        self.assertRegex(ended.stdout, r"(?m)^    status +302 +404$")
        self.assertRegex(ended.stdout, r"(?m)^    body +\d+ bytes +\d+ bytes, other from line \d+ on$")
        self.assertRegex(ended.stdout, r"(?m)^ +2  are answered otherwise, by$")

    def test_sends_a_request_to_its_virtual_host(self):
        self.apache.start()
        text = pathlib.Path(self.apache.configuration).read_text(encoding="utf-8")
        changed = self.write("changed.conf", text.replace("X-Host other", "X-Host changed"))
        log = self.write("hosts.log", "".join(
            f'{host}:{port} 127.0.0.1 - - [t] "GET / HTTP/1.1" 200 5\n'
            for host, port in (("localhost", self.apache.port), ("other.test", self.apache.port),
                               ("other.test", 443))))
        ended = self.compare(log, file=changed)
        self.assertRegex(ended.stdout, r"(?m)^    X-Host +other +changed$")
        self.assertRegex(ended.stdout, r"(?m)^ +1  are answered alike$")
        self.assertRegex(ended.stdout, r"(?m)^ +1  are left out")

    def test_serves_what_only_an_htaccess_file_spoils(self):
        self.write("htdocs/sub/.htaccess", "Bogus 1\n")
        root = pathlib.Path(self.apache.root, "htdocs")
        self.apache.write_configuration(
            CONFIGURATION + HOSTS.format(port=self.apache.port) +
            f"<Directory {root}>\nAllowOverride All\n</Directory>\n")
        self.apache.start()
        ended = self.compare(self.log("/sub/x", "/"))
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended.stdout)
        said = subprocess.run(self.command(), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60).stdout
        self.assertIn("Not yet: 1 directive is unknown, and a request that meets one is "
                      "answered with 500", " ".join(said.split()))

    def test_says_so_where_apache_does_not_answer(self):
        ended = self.compare(self.log("/"))
        self.assertEqual(ended.returncode, 2)
        self.assertIn("Apache does not answer at http://127.0.0.1:", ended.stderr)
        self.assertEqual(self.leftovers(), [])

    def start_preview(self, port, *words):
        preview = subprocess.Popen(self.command(*words, "--preview", port), text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, env=self.environment())
        self.addCleanup(preview.stdout.close)
        self.addCleanup(preview.wait)
        self.addCleanup(preview.terminate)
        return preview

    def read_until(self, preview, text):
        lines = []
        for line in preview.stdout:
            lines.append(line)
            if text in line:
                break
        return "".join(lines)

    @staticmethod
    def get(port, path, **fields):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=fields)
        with urllib.request.urlopen(request, timeout=15) as response:
            return response.status, response.headers, response.read().decode()

    def test_serves_a_preview_until_it_is_told_to_end(self):
        self.apache.start()
        self.write("more/x.conf", "SetEnv A b\nHeader set X-More yes\n")
        port = free_port()
        preview = self.start_preview(port, "-D", "MINE")
        said = self.read_until(preview, "Ctrl-C")
        self.assertIn(f"  http://127.0.0.1:{port}/    in the place of port {self.apache.port}\n", said)
        self.assertIn("-H 'Host: other.test'", said)
        status, fields, content = self.get(port, "/", Host="other.test")
        self.assertEqual((status, content), (200, "<h1>Welcome</h1>\n"))
        self.assertEqual((fields["X-Host"], fields["X-More"]), ("other", "yes"))
        self.assertTrue(fields["Server"].startswith("preforkd"))
        self.assertEqual(self.get(self.apache.port, "/")[0], 200)
        folder = re.search(r"logs are in (\S+),", said).group(1)
        wait_until(lambda: "GET / " in pathlib.Path(folder, "access.log").read_text(), "its log")
        server = int(pathlib.Path(folder, "preforkd.pid").read_text())
        preview.send_signal(signal.SIGINT)
        self.assertEqual(preview.wait(15), 0)
        self.assertFalse(is_alive(server))
        self.assertEqual(self.leftovers(), [])
        self.assertEqual(self.get(self.apache.port, "/")[0], 200)

    def test_serves_nothing_where_something_would_be_left_out(self):
        self.write("more/x.conf", "Bogus 1\n")
        preview = self.start_preview(free_port(), "-D", "MINE")
        self.assertEqual(preview.wait(30), 2)
        self.assertIn("Not yet: 1 directive is unknown", preview.stdout.read())
        self.assertEqual(self.leftovers(), [])
