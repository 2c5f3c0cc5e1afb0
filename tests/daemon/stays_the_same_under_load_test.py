"""Many requests leave no zombie, no open file, no memory and no log line behind.

LOAD_REQUESTS (environment) says how many, half of them with a connection each.
"""

import os
import re
import shutil
import subprocess

from server import WITH_SANITIZERS, DaemonTest, children_of, status_of, wait_until

REQUESTS = int(os.environ.get("LOAD_REQUESTS", "40000"))
# With four clients there is neither a reason to fork nor one to let a child go.
CHILDREN = 6
POOL = f"StartServers {CHILDREN}\nMinSpareServers 1\nMaxSpareServers 8\nMaxRequestWorkers 8\n"
MOST_GROWTH = 256  # KiB: pages that a child touches later than in its first requests


def descriptors(pid):
    return sorted(os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd"))


def private_memory(pid):
    """KiB that are this process's alone."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(size) for size in re.findall(r"^Private_\w+: +(\d+) kB", file.read(), re.M))


def zombies_of(pid):
    found = [name for name in os.listdir("/proc") if name.isdigit()]
    return [name for name in found
            if (status := status_of(name)).get("PPid") == str(pid) and status["State"][0] == "Z"]


class StaysTheSameUnderLoad(DaemonTest):
    def load(self, server, requests, *options):
        done = subprocess.run(
            ["ab", "-q", "-c", "4", "-n", str(requests), *options,
             f"http://127.0.0.1:{server.port}/page.txt"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100, check=False)
        said = done.stdout.decode()
        self.assertEqual(done.returncode, 0, said)
        self.assertIn(f"Complete requests:      {requests}\n", said)
        self.assertIn("Failed requests:        0\n", said)
        self.assertNotIn("Non-2xx", said)

    def wait_for_idle_children(self, server):
        """Until no child holds a connection: then its descriptors can be compared."""
        def idle():
            sockets = [len(descriptors(pid)) for pid in children_of(server.pid)]
            return len(sockets) == CHILDREN and len(set(sockets)) == 1
        wait_until(idle, "children that are equally idle")

    def test_children_and_logs_are_as_after_the_first_requests(self):
        if not shutil.which("ab"):
            self.fail("this needs ab: apt-get install apache2-utils")
        with self.server(POOL + "KeepAliveTimeout 1\nLogLevel info") as server:
            self.load(server, 2000)
            self.load(server, 2000, "-k")
            self.wait_for_idle_children(server)
            children = children_of(server.pid)
            files = {pid: descriptors(pid) for pid in children}
            memory = {pid: private_memory(pid) for pid in children}
            log = server.log()
            self.load(server, REQUESTS // 2)
            self.load(server, REQUESTS // 2, "-k")
            self.wait_for_idle_children(server)
            self.assertEqual(children_of(server.pid), children)
            self.assertEqual({pid: descriptors(pid) for pid in children}, files)
            growth = {pid: private_memory(pid) - memory[pid] for pid in children}
            # The sanitizer keeps freed memory back, to see who still uses it; it tells of leaks itself.
            if not WITH_SANITIZERS:
                self.assertLess(max(growth.values()), MOST_GROWTH, growth)
            self.assertEqual(zombies_of(server.pid), [])
            self.assertEqual(server.log(), log)
