"""preforkctl upgrade asks the control process for a successor, and believes in it when it lives.

A stand-in plays the control process, so that it can fail in every way."""

import os
import signal
import subprocess
import sys

from preforkctl import PreforkctlTest, preforkctl

# Writes its pid to the file, and at SIGUSR2 does what the second argument says.
STAND_IN = """
import os, signal, sys
path, plot = sys.argv[1:]
def write(pid):
    with open(path + ".new", "w") as file: file.write(f"{pid}\\n")
    os.rename(path + ".new", path)
def react(*_):
    if plot == "succeed":
        successor = os.fork()
        if successor: os._exit(0)
        write(os.getpid())
    elif plot == "die":
        os._exit(1)
if plot != "know nothing": signal.signal(signal.SIGUSR2, react)
write(os.getpid())
print("ready", flush=True)
while True: signal.pause()
"""


class PreforkctlUpgrades(PreforkctlTest):
    def stand_in(self, server, plot):
        process = subprocess.Popen([sys.executable, "-c", STAND_IN, server.pid_path, plot],
                                   stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        return process

    def test_tells_both_pids(self):
        server = self.prepared()
        old = self.stand_in(server, "succeed").pid
        status, said, complained = preforkctl(server, "upgrade")
        self.addCleanup(os.kill, server.pid, signal.SIGKILL)
        self.assertEqual((status, said, complained),
                         (0, f"preforkd upgraded: pid {old} -> {server.pid}\n", ""))
        self.assertNotEqual(server.pid, old)

    def test_refuses_a_server_that_the_signal_would_end(self):
        server = self.prepared()
        old = self.stand_in(server, "know nothing")
        status, _, complained = preforkctl(server, "upgrade")
        self.assertEqual(status, 1)
        self.assertIn(f"not upgraded: pid {old.pid} is of a version that cannot hand its listeners "
                      "over", complained)
        self.assertIsNone(old.poll())

    def test_sends_nothing_with_a_broken_configuration(self):
        server = self.prepared()
        old = self.stand_in(server, "die")
        server.write_configuration("Bogus")
        status, _, complained = preforkctl(server, "upgrade")
        self.assertEqual(status, 1)
        self.assertIn("Invalid command 'Bogus'", complained)
        self.assertIn("not upgraded: the new program refuses the configuration", complained)
        self.assertIsNone(old.poll())

    def test_needs_a_server_that_runs(self):
        status, _, complained = preforkctl(self.prepared(), "upgrade")
        self.assertEqual(status, 1)
        self.assertIn("not upgraded: (no pid file) not running", complained)
