"""A large configuration is in memory once: children of a reload share it, and the last one's is gone."""

import re
import signal

from server import WITH_SANITIZERS, DaemonTest, wait_until

POOL = "StartServers 4\nMinSpareServers 1\nMaxSpareServers 8\nMaxRequestWorkers 8\n"
HOST = """\
<VirtualHost *>
    ServerName host{0}.example
    ServerAlias www.host{0}.example
    DocumentRoot htdocs
    ServerAdmin admin@host{0}.example
    <Directory /srv/host{0}>
        Options FollowSymLinks
        Require all granted
    </Directory>
    <Location /private{0}>
        Require ip 10.0.0.0/8
    </Location>
</VirtualHost>
"""
HOSTS = ("LoadModule authz_core_module built-in\nLoadModule authz_host_module built-in\n" +
         "".join(map(HOST.format, range(1000))))


def memory(pid, kind):
    """KiB; "Private" is what no other process has, "Rss" all that there is."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(size) for size in re.findall(rf"^{kind}\w*: +(\d+) kB", file.read(), re.M))


class SharesItsConfiguration(DaemonTest):
    def reload(self, server):
        old = set(server.children())
        server.signal(signal.SIGUSR1)
        wait_until(lambda: len(set(server.children()) - old) >= 4 and not old & set(server.children()),
                   "children of the new configuration")
        self.assertTrue(server.answers())

    def test_after_reloads(self):
        with self.server(POOL + HOSTS) as server:
            self.reload(server)
            size = memory(server.pid, "Rss")
            own = []
            for _ in range(3):
                self.reload(server)
                own += [memory(pid, "Private") for pid in server.children()]
            # The sanitizers have a heap of their own.
            if not WITH_SANITIZERS:
                self.assertLess(max(own), 1024, own)
                self.assertLess(memory(server.pid, "Rss"), size + 1024)
