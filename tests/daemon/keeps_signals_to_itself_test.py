"""The server leads its own process group: a signal to the group reaches it and nobody else."""

import os
import signal
import subprocess

from server import DaemonTest, is_alive


class KeepsSignalsToItself(DaemonTest):
    def test_a_signal_to_its_group_spares_whoever_started_it(self):
        with subprocess.Popen(["sleep", "60"], process_group=0) as bystander:
            self.addCleanup(bystander.kill)
            server = self.server()
            self.addCleanup(server.end)
            server.start(process_group=bystander.pid)
            control = server.pid
            self.assertEqual(os.getpgid(control), control)
            self.assertEqual({os.getpgid(child) for child in server.children()}, {control})
            os.killpg(control, signal.SIGTERM)
            self.assertEqual(server.wait_for_end(control), 0)
            self.assertTrue(is_alive(bystander.pid))
            bystander.kill()

    def test_an_interrupt_of_the_group_stops_it_in_good_order(self):
        with self.server() as server:
            control = server.pid
            os.killpg(control, signal.SIGINT)
            self.assertEqual(server.wait_for_end(control), 0)
            self.assertNotIn("AH00167", server.log())
