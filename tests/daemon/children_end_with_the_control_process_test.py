"""When the control process dies, however it does, its children end at once."""

import contextlib
import os
import signal
import socket

from server import DaemonTest, is_alive, wait_until


def processes_of(server):
    """Whoever runs with this server's command line."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/cmdline", "rb") as file:
            if server.configuration.encode() in file.read().split(b"\0") and is_alive(int(name)):
                found.add(int(name))
    return found


def is_refused(server):
    try:
        server.connect().close()
    except ConnectionRefusedError:
        return True
    return False


class ChildrenEndWithTheControlProcess(DaemonTest):
    def kill_control_process(self, server):
        self.assertGreater(len(processes_of(server)), 1)
        os.kill(server.pid, signal.SIGKILL)
        wait_until(lambda: not processes_of(server), "the end of all children", seconds=2)
        # A process that ends loses its command line before its sockets.
        wait_until(lambda: is_refused(server), "the end of the listening socket", seconds=2)
        with socket.socket() as successor:
            successor.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            successor.bind(("127.0.0.1", server.port))
            successor.listen()

    def test_those_that_wait_for_a_client_or_serve_one(self):
        with self.server() as server:
            server.begin_request()
            server.begin_endless_answer()
            self.kill_control_process(server)

    def wait_in_the_mutex(self, mechanism):
        other = self.server()
        self.addCleanup(other.end)
        with self.server(f"Mutex {mechanism}\nListen 127.0.0.1:{other.port}") as server:
            self.kill_control_process(server)

    def test_those_that_wait_in_the_pthread_mutex(self):
        self.wait_in_the_mutex("pthread")

    def test_those_that_wait_in_the_fcntl_mutex(self):
        self.wait_in_the_mutex("fcntl")

    def test_one_that_was_stopped(self):
        with self.server() as server:
            os.kill(server.serving_children()[0], signal.SIGSTOP)
            self.kill_control_process(server)

    def test_those_that_were_forked_a_moment_before(self):
        for _ in range(5):
            with self.server("StartServers 2\nMaxSpareServers 60") as server:
                server.write_configuration("StartServers 40\nMaxSpareServers 60")
                server.signal(signal.SIGHUP)
                wait_until(lambda s=server: len(processes_of(s)) > 10, "some of the new children")
                self.kill_control_process(server)
