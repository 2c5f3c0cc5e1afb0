"""In a container the server can be process 1: scripts find it, and it does not end the container."""

import os
import shutil
import signal
import subprocess
import unittest

from server import SUPERUSER, DaemonTest, children_of, is_alive, wait_until


NAMESPACE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]


@unittest.skipUnless(SUPERUSER and shutil.which("unshare") and shutil.which("nsenter"),
                     "only the superuser can make a namespace of processes")
class RunsAsProcessOne(DaemonTest):
    def setUp(self):
        made = subprocess.run([*NAMESPACE, "true"], stderr=subprocess.PIPE, text=True, check=False)
        if made.returncode != 0:
            self.skipTest(f"no namespace of processes can be made here: {made.stderr.strip()}")

    def start_in_namespace(self):
        """The server, and its pid as it is seen from outside."""
        server = self.server("StartServers 2\nMinSpareServers 1")
        self.addCleanup(server.end)
        own = server.command()
        server.command = lambda: [*NAMESPACE, *own]
        server.start()
        self.assertEqual(server.pid, 1)
        server.pid_path = "/dev/null"  # not the pid of a process out here
        pid, = wait_until(lambda: children_of(server.process.pid), "the server")
        self.addCleanup(self.end_process, server, pid)
        return server, pid

    @staticmethod
    def end_process(server, pid):
        if is_alive(pid):
            os.kill(pid, signal.SIGTERM)
        server.wait_for_end(server.process.pid)  # unshare ends with it, and for no signal

    def test_and_obeys_k_graceful(self):
        server, pid = self.start_in_namespace()
        said = subprocess.run(["nsenter", "-t", str(pid), "-p", "-m", server.binary, "-d",
                               server.root, "-f", server.configuration, "-k", "graceful"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        self.assertEqual((said.returncode, said.stdout), (0, ""))
        server.wait_for_log("resuming normal operations", times=2)

    def test_and_hands_over_to_nobody(self):
        server, pid = self.start_in_namespace()
        os.kill(pid, signal.SIGUSR2)
        server.wait_for_log("SIGUSR2 ignored: this is process 1")
        self.assertTrue(is_alive(pid))
        self.assertTrue(server.answers())
