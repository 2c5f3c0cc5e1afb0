"""-X: a single process serves, for a debugger; Ctrl-C ends it."""

import os
import signal

from server import DaemonTest, children_of


class RunsInOneProcess(DaemonTest):
    def assert_ends_by(self, number):
        with self.server(flags=("-X",)) as server:
            self.assertTrue(server.answers())
            self.assertTrue(server.answers())
            self.assertEqual(children_of(server.process.pid), [])
            os.kill(server.process.pid, number)
            self.assertEqual(server.process.wait(15), 0)

    def test_interrupt_ends_it(self):
        self.assert_ends_by(signal.SIGINT)

    def test_term_ends_it(self):
        self.assert_ends_by(signal.SIGTERM)
