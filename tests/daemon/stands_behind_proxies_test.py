"""HAProxy and nginx in front of three instances, with the files of docs/scaling: clients keep their
addresses, and reloading the instances one after the other loses no request."""

import http.client
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from load import Load
from server import PREFORKD, Server, free_port, wait_until

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "scaling"
INSTANCES = ("10.0.0.11:80", "10.0.0.12:80", "10.0.0.13:80")
LOGGED = 'LoadModule log_config_module x\nLogFormat "%a %{c}a" who\nCustomLog logs/access.log who\n'


def program(name):
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if not path:
        raise AssertionError(f"{name} is missing: install Debian's package of that name")
    return path


def lines_of(text, *wanted):
    """Of instance.conf what a test wants: LoadModule, and the directives that begin so."""
    kept = [line for line in text.splitlines() if line.startswith(("LoadModule", *wanted))]
    return "\n".join(kept) + "\n"


class StandsBehindProxies(unittest.TestCase):
    def setUp(self):
        if not PREFORKD:
            self.skipTest("PREFORKD names no binary")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="scaling-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.folder.chmod(0o755)
        self.port = free_port()

    def start_instances(self, directives):
        servers = [Server(LOGGED + directives) for _ in INSTANCES]
        for server in servers:
            server.start()
            self.addCleanup(server.end)
        return servers

    def run_proxy(self, name, arguments, servers, listening):
        """With the file of docs/scaling, but for the ports."""
        text = (DOCS / name).read_text(encoding="utf-8")
        for address, server in zip(INSTANCES, servers):
            text = text.replace(address, f"127.0.0.1:{server.port}")
        text = text.replace(listening, re.sub(r"\S*80\b", f"127.0.0.1:{self.port}", listening))
        text = text.replace("/run/haproxy", str(self.folder))
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        process = subprocess.Popen([*arguments, str(path)], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, 20)
        self.addCleanup(process.terminate)
        wait_until(lambda: self.answers(process), f"{name} answers")

    def answers(self, process):
        self.assertIsNone(process.poll(), "the proxy has ended")
        try:
            return self.get(("127.0.0.1", 0)) == 200
        except OSError:
            return False

    def get(self, source):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10,
                                                source_address=source)
        connection.request("GET", "/page.txt")
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status

    def assert_client_is_known(self, servers):
        for _ in range(6):
            self.assertEqual(self.get(("127.0.0.9", 0)), 200)

        def logged():
            return "".join(pathlib.Path(f"{server.root}/logs/access.log").read_text("ascii")
                           for server in servers)
        wait_until(lambda: logged().count("127.0.0.9 127.0.0.1\n") == 6, "the client's address")

    def reload(self, server):
        started = server.log().count("AH00094")
        server.signal(signal.SIGUSR1)
        server.wait_for_log("AH00094", times=started + 1)

    def replace(self, server):
        """Stops it once its requests are over, and starts it anew."""
        started = server.log().count("AH00094")
        server.signal(signal.SIGWINCH)  # graceful-stop
        server.process.wait(20)
        server.launch()
        server.wait_for_log("AH00094", times=started + 1)

    def serves_again(self, server):
        log = pathlib.Path(f"{server.root}/logs/access.log")
        before = log.stat().st_size
        wait_until(lambda: log.stat().st_size > before, "its share of the requests")

    def assert_nothing_is_lost(self, servers, replace):
        with Load(self.port) as load:
            for act in (self.reload, replace, self.reload):
                for server in servers:
                    act(server)
                    self.serves_again(server)
        self.assertEqual(load.failures, [])

    def order(self, text):
        """Says it to HAProxy."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(f"{self.folder}/admin.sock")
            connection.sendall(f"{text}\n".encode())
            self.assertEqual(connection.recv(1000).strip(), b"")

    def test_haproxy_with_the_proxy_protocol(self):
        text = (DOCS / "instance.conf").read_text(encoding="utf-8")
        servers = self.start_instances(lines_of(text, "RemoteIPProxyProtocol On"))
        self.run_proxy("haproxy.cfg", [program("haproxy"), "-db", "-f"], servers, "bind 0.0.0.0:80")
        self.assert_client_is_known(servers)
        names = dict(zip(servers, ("one", "two", "three")))

        def replace(server):
            self.order(f"set server instances/{names[server]} state drain")
            self.replace(server)
            self.order(f"set server instances/{names[server]} state ready")
        self.assert_nothing_is_lost(servers, replace)

    def test_nginx_with_a_field(self):
        text = (DOCS / "instance.conf").read_text(encoding="utf-8").replace("10.0.0.0/24",
                                                                            "127.0.0.1")
        servers = self.start_instances(lines_of(text, "RemoteIPHeader", "RemoteIPInternalProxy"))
        arguments = [program("nginx"), "-p", str(self.folder), "-e", "stderr", "-g",
                     f"daemon off; pid {self.folder}/pid;", "-c"]
        self.run_proxy("nginx.conf", arguments, servers, "listen 80")
        self.assert_client_is_known(servers)
        self.assert_nothing_is_lost(servers, self.replace)


if __name__ == "__main__":
    unittest.main()
