"""The server leads its own process group: a signal to the group reaches it and nobody else."""

import os
import pty
import shlex
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

    def test_control_c_in_a_terminal_reaches_it_through_a_script(self):
        server = self.server()
        self.addCleanup(server.end)
        command = " ".join(map(shlex.quote, server.command()))
        shell, terminal = pty.fork()
        if shell == 0:
            os.execv("/bin/sh", ["sh", "-c", f"{command}; echo ended with $?; read line"])
        self.addCleanup(os.close, terminal)
        server.wait_for_log("AH00094")
        control = server.pid
        os.write(terminal, b"\x03")
        server.wait_for_end(control)
        said = b""
        while b"ended with 0" not in said:
            said += os.read(terminal, 1000)
        os.write(terminal, b"the script has its terminal back\n")
        self.assertEqual(os.waitpid(shell, 0)[1], 0)
