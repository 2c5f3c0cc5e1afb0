"""ListenCoresBucketsRatio: groups of children with listening sockets of their own, none without an
idle child. Needs a machine with two processors."""

import os
import signal

from load import Load
from server import DaemonTest, is_alive, wait_until

BUCKETS = os.cpu_count() or 1
POOL = (f"LogLevel info\nListenCoresBucketsRatio 1\nStartServers {3 * BUCKETS}\n"
        f"MinSpareServers {BUCKETS}\nMaxSpareServers {4 * BUCKETS}\n")


def listening_inodes():
    """Of all sockets of the machine that listen."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        return {line.split()[9] for line in list(file)[1:] if line.split()[3] == "0A"}


def listeners_of(pid):
    held = {os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")}
    return {inode for inode in listening_inodes() if f"socket:[{inode}]" in held}


class DividesListenersIntoBuckets(DaemonTest):
    def setUp(self):
        if BUCKETS < 2:
            self.skipTest("one processor makes one bucket")

    def by_bucket(self, server):
        """Children by the socket that they listen on; each has one, once it has left the others."""
        found = {}
        for child in server.serving_children():
            socket, = listeners_of(child)
            found.setdefault(socket, []).append(child)
        return found

    def test_no_more_of_them_than_children(self):
        with self.server("ListenCoresBucketsRatio 1\nServerLimit 1\nMaxRequestWorkers 1\n"
                         "StartServers 1") as server:
            self.assertEqual(len(listeners_of(server.pid)), 1)
            for _ in range(10):
                self.assertEqual(server.get()[0], 200)

    def test_each_child_has_the_sockets_of_one_bucket(self):
        with self.server(POOL) as server:
            self.assertEqual(len(listeners_of(server.pid)), BUCKETS)
            self.assertEqual({len(children) for children in self.by_bucket(server).values()}, {3})
            self.assertIn(f"AH02819: Using {BUCKETS} listeners bucket(s) based on {BUCKETS} online "
                          "CPU cores and a ratio of 1", server.log())
            for _ in range(50):
                self.assertEqual(server.get()[0], 200)

    def test_a_bucket_that_lost_all_children_gets_one(self):
        with self.server(POOL) as server:
            children = max(self.by_bucket(server).values())
            for child in children:
                os.kill(child, signal.SIGKILL)
            # One that is about to die may accept a connection still, and takes it along.
            wait_until(lambda: not any(is_alive(child) for child in children), "their end")
            for _ in range(50):
                self.assertEqual(server.get()[0], 200)

    def test_a_full_pool_makes_room_where_connections_wait(self):
        with self.server(f"ListenCoresBucketsRatio 1\nStartServers {2 * BUCKETS}\n"
                         f"MinSpareServers {BUCKETS}\nMaxSpareServers {4 * BUCKETS}\n"
                         f"MaxRequestWorkers {2 * BUCKETS}") as server:
            idle = set(next(iter(self.by_bucket(server).values())))
            while idle:  # in one bucket; which one serves is the kernel's choice
                connection, child = server.begin_request()
                if child not in idle:
                    connection.close()
                idle -= {child}
            for _ in range(50):
                self.assertEqual(server.get()[0], 200)

    def test_no_request_is_lost_over_restarts(self):
        with self.server(POOL) as server, Load(server.port) as load:
            before = server.children()
            sockets = listeners_of(server.pid)
            for turn in range(20):
                server.signal(signal.SIGUSR1 if turn % 2 else signal.SIGHUP)
                server.wait_for_log("resuming normal operations", times=turn + 2)
            wait_until(lambda: not any(is_alive(child) for child in before), "old children's end")
            answered = load.answered
            wait_until(lambda: load.answered > answered + 50, "further requests")
            self.assertEqual(load.failures, [])
            self.assertEqual(listeners_of(server.pid), sockets)
