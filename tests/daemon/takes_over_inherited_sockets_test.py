"""Sockets that a service manager opened are served in place of own ones (LISTEN_FDS)."""

import os
import signal
import socket

from server import DaemonTest, free_port, wait_until

# Moves the sockets to where the protocol wants them, and names the pid that it keeps.
LAUNCHER = """
import fcntl, os, sys
given = [int(number) for number in sys.argv[1].split(",")]
sockets = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 100) for descriptor in given]
for descriptor in given:
    os.close(descriptor)
for place, descriptor in enumerate(sockets, 3):
    os.dup2(descriptor, place, inheritable=True)
    os.close(descriptor)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(sockets)), LISTEN_FDNAMES="x:y")
os.execv(sys.argv[2], sys.argv[2:])
"""


def listening_socket(port):
    """A socket as a service manager leaves it, not shared with anybody else."""
    listener = socket.create_server(("127.0.0.1", port))
    listener.set_inheritable(True)
    return listener


class TakesOverInheritedSockets(DaemonTest):
    def launch(self, server, sockets):
        plain = server.command
        descriptors = ",".join(str(given.fileno()) for given in sockets)
        server.command = lambda: ["/usr/bin/python3", "-c", LAUNCHER, descriptors, *plain()]
        server.start(pass_fds=[given.fileno() for given in sockets])
        for given in sockets:
            given.close()

    def served_inodes(self, server):
        return {os.stat(f"/proc/{server.pid}/fd/{descriptor}").st_ino
                for descriptor in os.listdir(f"/proc/{server.pid}/fd")
                if os.readlink(f"/proc/{server.pid}/fd/{descriptor}").startswith("socket:")}

    def test_which_have_the_port_of_a_listen_line(self):
        server = self.server()
        self.addCleanup(server.end)
        given = listening_socket(server.port)
        inode = os.fstat(given.fileno()).st_ino
        # Who came before the server began waits in the backlog.
        early = server.connect()
        self.addCleanup(early.close)
        self.launch(server, [given])
        self.assertEqual(server.get(connection=early)[0], 200)
        self.assertTrue(server.answers())
        self.assertIn(inode, self.served_inodes(server))

    def test_which_stay_through_both_kinds_of_restart(self):
        server = self.server()
        self.addCleanup(server.end)
        given = listening_socket(server.port)
        inode = os.fstat(given.fileno()).st_ino
        self.launch(server, [given])
        for restarts, number in enumerate((signal.SIGUSR1, signal.SIGHUP), 2):
            server.signal(number)
            server.wait_for_log("AH00094", restarts)
            self.assertTrue(server.answers())
            self.assertIn(inode, self.served_inodes(server))

    def test_which_a_listen_line_without_address_means_by_port_alone(self):
        server = self.server()
        self.addCleanup(server.end)
        with open(server.configuration, encoding="ascii") as file:
            text = file.read()
        with open(server.configuration, "w", encoding="ascii") as file:
            file.write(text.replace("Listen 127.0.0.1:", "Listen "))
        self.launch(server, [listening_socket(server.port)])
        self.assertTrue(server.answers())

    def test_and_closes_others_with_a_warning(self):
        server = self.server()
        self.addCleanup(server.end)
        other = free_port()
        self.launch(server, [listening_socket(other), listening_socket(server.port)])
        self.assertTrue(server.answers())
        self.assertIn(f"The service manager's socket 127.0.0.1:{other} is not used",
                      server.speech())
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", other), timeout=5)

    def test_and_none_of_them_is_left_to_programs(self):
        server = self.server()
        self.addCleanup(server.end)
        seen = f"{server.root}/seen"
        server.write_configuration(
            "LogFormat \"%h\" common\n"
            f"CustomLog \"|/bin/sh -c 'readlink /proc/self/fd/* > {seen}; exec cat'\" common")
        self.launch(server, [listening_socket(server.port)])
        wait_until(lambda: os.path.exists(seen) and os.path.getsize(seen), "a program's word")
        with open(seen, encoding="utf-8") as file:
            self.assertNotIn("socket:", file.read())
