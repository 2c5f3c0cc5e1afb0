"""The same load, from idle to MaxRequestWorkers and back, moves apache2's pool and ours through the
same numbers of children, second by second. Needs apache2 and the right to run it as root."""

import contextlib
import os
import socket
import threading
import time

from apache import APACHE, Apache
from server import PATIENCE, SUPERUSER, DaemonTest, Server, children_of, wait_until

POOL = "\n".join(["StartServers 5", "MinSpareServers 5", "MaxSpareServers 10", "ServerLimit 100",
                  "MaxRequestWorkers 100", "Timeout 120", "LogLevel info"])
CLIENTS = 120
GROWTH = [5, 6, 8, 12, 20, 36, 68, 100]
SECONDS_OF_DECLINE = 8
SETTLED = 0.35  # seconds without a change: both servers fork in bursts, once a second


class Watch:
    """Notes each number of children at which a pool rests."""

    def __init__(self, server):
        self.server, self.rests, self.over = server, [], threading.Event()
        self.thread = threading.Thread(target=self.look)

    def look(self):
        count, since = None, 0
        while not self.over.wait(0.02):
            now, seen = time.monotonic(), len(children_of(self.server.pid))
            if seen != count:
                count, since = seen, now
            elif now - since > SETTLED and self.rests[-1:] != [count]:
                self.rests.append(count)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join(PATIENCE)


def half_open_clients(server):
    """Connections that have sent half a request each: every one keeps a child busy."""
    clients = []
    for _ in range(CLIENTS):
        client = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        client.sendall(b"GET / HTTP/1.1\r\n")
        clients.append(client)
    return clients


class GrowsAndShrinksAsApache(DaemonTest):
    def history(self, server):
        """Where the pool rests while the load comes, and after it went."""
        with server, Watch(server) as watch:
            wait_until(lambda: watch.rests == [5], "five idle children")
            with contextlib.ExitStack() as open_clients:
                for client in half_open_clients(server):
                    open_clients.callback(client.close)
                wait_until(lambda: watch.rests[-1] == 100, "a full pool")
                server.wait_for_log("AH00161")
                growth = list(watch.rests)
            wait_until(lambda: len(watch.rests) >= len(growth) + SECONDS_OF_DECLINE, "the decline")
            decline = watch.rests[len(growth):][:SECONDS_OF_DECLINE]
            told = [line.split("] ", 3)[3] for line in server.log().splitlines()
                    if "AH00161" in line or "AH00162" in line]
        return growth, decline, told

    def test_from_idle_to_max_request_workers_and_back(self):
        if not SUPERUSER:
            self.skipTest("only root's servers are compared")
        if not os.path.exists(APACHE):
            self.fail("this needs apache2: apt-get install apache2")
        found = {}
        servers = {"apache2": Apache(POOL), "preforkd": Server(POOL)}
        threads = [threading.Thread(target=lambda name=name, server=server: found.update(
            {name: self.history(server)})) for name, server in servers.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(found), ["apache2", "preforkd"])
        self.assertEqual(found["preforkd"], found["apache2"])
        growth, decline, _ = found["preforkd"]
        self.assertEqual(growth, GROWTH)
        self.assertEqual(decline, list(range(99, 99 - SECONDS_OF_DECLINE, -1)))
