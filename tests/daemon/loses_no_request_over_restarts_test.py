"""A hundred reloads of each kind under load: every request is answered, and nothing piles up.

RESTARTS (environment) says how many of each.
"""

import os
import signal

from load import Load
from server import DaemonTest, wait_until

RESTARTS = int(os.environ.get("RESTARTS", "100"))
POOL = "StartServers 8\nMinSpareServers 4\nMaxSpareServers 12\nMaxRequestWorkers 60\n"


class LosesNoRequestOverRestarts(DaemonTest):
    def restart_under_load(self, number, directives=POOL):
        with self.server(directives) as server:
            control = server.pid
            with Load(server.port) as load:
                for turn in range(RESTARTS):
                    server.signal(number)
                    server.wait_for_log("resuming normal operations", times=turn + 2)
                answered = load.answered
                wait_until(lambda: load.answered > answered + 100, "requests after the last one")
            self.assertEqual(load.failures, [])
            self.assertGreater(load.answered, RESTARTS)
            self.assertEqual(server.pid, control)
            wait_until(lambda: len(server.children()) <= 13, "the old children's end")
            self.assertNotIn("AH00167", server.log())
            self.assertNotIn("AH00052", server.log())
            print(f"{load.answered} requests over {RESTARTS} restarts, none lost")

    def test_graceful_restarts(self):
        self.restart_under_load(signal.SIGUSR1)

    def test_restarts(self):
        self.restart_under_load(signal.SIGHUP)

    def test_graceful_restarts_with_an_accept_mutex(self):
        self.restart_under_load(signal.SIGUSR1, POOL + "Mutex pthread mpm-accept\n")
