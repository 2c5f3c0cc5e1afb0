"""A reverse proxy in front of servers that people run: Node, Python, and php-fpm by the snippet that
Debian's package brings."""

import hashlib
import os
import pathlib
import shutil
import socket
import subprocess
import unittest

from http_case import HttpTest, request
from server import SUPERUSER, free_port, wait_until

SNIPPET = pathlib.Path("/etc/apache2/conf-available/php8.2-fpm.conf")
FPM_SOCKET = "/run/php/php8.2-fpm.sock"  # which the snippet names
CONTENT = os.urandom(1 << 20)

# Answers with the digest of what it was sent; /slow says one thing after the other.
NODE = """
const http = require('http'), crypto = require('crypto');
http.createServer((request, response) => {
  if (request.url === '/moved') {
    response.writeHead(302, {Location: 'http://127.0.0.1:' + process.argv[2] + '/there'});
    return response.end();
  }
  if (request.url === '/slow') {
    response.write('first');
    return setTimeout(() => response.end('second'), 300);
  }
  const digest = crypto.createHash('sha256');
  request.on('data', (piece) => digest.update(piece));
  request.on('end', () => response.end(digest.digest('hex') + ' ' + request.headers.host));
}).listen(process.argv[2], '127.0.0.1');
"""

PHP = "<?php echo $_SERVER['REQUEST_METHOD'], ' ', $_SERVER['SCRIPT_NAME'], ' ', " \
      "$_SERVER['PATH_INFO'] ?? '-', ' ', $_SERVER['HTTP_AUTHORIZATION'] ?? '-', ' ', " \
      "strlen(file_get_contents('php://input')), ' ', PHP_SAPI;"

DIRECTIVES = """
LoadModule proxy_module x
LoadModule proxy_http_module x
LoadModule proxy_fcgi_module x
LoadModule setenvif_module x
Include {snippet}
ProxyPass /node/ http://127.0.0.1:{node}/
ProxyPassReverse /node/ http://127.0.0.1:{node}/
ProxyPass /python/ http://127.0.0.1:{python}/
"""


def program(name, package):
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if not path:
        raise AssertionError(f"{name} is missing: install Debian's package {package}")
    return path


def accepts(family, address):
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0


class AsksRealServers(HttpTest):
    FILES = {"info.php": PHP.encode(), "digits.txt": b"0123456789"}

    @classmethod
    def run_beside(cls, command, family, address):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(process.wait, 20)
        cls.addClassCleanup(process.terminate)
        wait_until(lambda: accepts(family, address) or process.poll() is not None, command[0])
        if process.poll() is not None:
            raise AssertionError(f"{command[0]} ended with {process.returncode}")

    @classmethod
    def setUpClass(cls):
        node, python = free_port(), free_port()
        cls.DIRECTIVES = DIRECTIVES.format(node=node, python=python, snippet=SNIPPET)
        super().setUpClass()
        root = pathlib.Path(cls.server.root)
        script = root / "server.js"
        script.write_text(NODE, encoding="ascii")
        cls.run_beside([program("node", "nodejs"), str(script), str(node)], socket.AF_INET,
                       ("127.0.0.1", node))
        cls.run_beside(["/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1",
                        "--directory", str(root / "htdocs"), str(python)], socket.AF_INET,
                       ("127.0.0.1", python))
        if not accepts(socket.AF_UNIX, FPM_SOCKET):
            cls.start_fpm(root)

    @classmethod
    def start_fpm(cls, root):
        if not SUPERUSER:
            raise unittest.SkipTest(f"only root can listen at {FPM_SOCKET}")
        pathlib.Path(FPM_SOCKET).parent.mkdir(exist_ok=True)
        (root / "fpm.conf").write_text(
            f"[global]\nerror_log = {root}/fpm.log\n[www]\nuser = www-data\ngroup = www-data\n"
            f"listen = {FPM_SOCKET}\nlisten.mode = 0666\npm = static\npm.max_children = 2\n")
        cls.run_beside([program("php-fpm8.2", "php8.2-fpm"), "--nodaemonize", "--fpm-config",
                        str(root / "fpm.conf")], socket.AF_UNIX, FPM_SOCKET)

    def test_node(self):
        digest = hashlib.sha256(CONTENT).hexdigest().encode()
        wire = self.connect()
        for _ in range(2):
            wire.send(request("POST", "/node/x", f"Content-Length: {len(CONTENT)}").encode())
            wire.send(CONTENT)
            body = wire.response("POST").body
            self.assertEqual(body.split()[0], digest)
            self.assertTrue(body.split()[1].startswith(b"127.0.0.1:"))

    def test_what_node_says_goes_out_at_once(self):
        wire = self.connect()
        wire.send(request("GET", "/node/slow").encode())
        while b"first" not in wire.buffer:
            wire.fill()
        self.assertNotIn(b"second", wire.buffer)
        while b"second" not in wire.buffer:
            wire.fill()

    def test_where_node_sends_its_clients(self):
        response = self.ask(request("GET", "/node/moved"))
        self.assertEqual(response.status, "302")
        location = dict(response.fields)["Location"]
        self.assertEqual(location, "http://localhost/node/there")

    def test_python(self):
        response = self.ask(request("GET", "/python/digits.txt"))
        self.assertEqual((response.status, response.body), ("200", b"0123456789"))
        self.assertEqual(self.ask(request("GET", "/python/none")).status, "404")
        self.assertEqual(self.ask(request("HEAD", "/python/digits.txt"), "HEAD").body, b"")

    def test_php_fpm_as_debian_configures_it(self):
        body = self.ask(request("POST", "/info.php/more?q", "Authorization: Basic abc",
                                content="12345")).body
        self.assertEqual(body, b"POST /info.php /more Basic abc 5 fpm-fcgi")
        self.assertEqual(self.ask(request("GET", "/none.php")).status, "404")
        self.assertEqual(self.ask(request("GET", "/.php")).status, "403")


if __name__ == "__main__":
    unittest.main()
