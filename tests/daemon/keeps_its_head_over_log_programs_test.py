"""An error log's program that reads nothing does not stop the control process."""

import contextlib
import os
import signal

from server import DaemonTest, children_of, wait_until


def named(pids, name):
    found = []
    for pid in pids:
        with contextlib.suppress(OSError), open(f"/proc/{pid}/comm", encoding="ascii") as file:
            if file.read().strip() == name:
                found.append(pid)
    return found


class KeepsItsHeadOverLogPrograms(DaemonTest):
    def start_with_program(self, directives, program):
        server = self.server(directives)
        self.addCleanup(server.end)
        path = f"{server.root}/reader"
        with open(path, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\nexec {program}\n")
        os.chmod(path, 0o755)
        server.error_log = f"|{path}"
        server.write_configuration(directives)
        server.launch()
        return server

    def children(self, server):
        wait_until(lambda: os.path.exists(server.pid_path), "the start")
        return wait_until(lambda: named(server.children(), "preforkd"), "children")

    def test_it_stops_while_the_program_reads_nothing(self):
        server = self.start_with_program("StartServers 2", "sleep 600")
        self.children(server)
        control = server.pid
        reader, = wait_until(lambda: named(children_of(control), "sleep"), "the program")
        self.addCleanup(os.kill, reader, signal.SIGKILL)
        with open(f"/proc/{control}/fd/2", "wb", buffering=0) as log:
            os.set_blocking(log.fileno(), False)
            while log.write(b"x" * 100) or log.write(b"x"):
                pass
        victim = self.children(server)[0]
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: not os.path.exists(f"/proc/{victim}"), "the burial")
        server.signal(signal.SIGTERM)
        self.assertEqual(server.wait_for_end(control), 0)
