"""preforkd starts in the foreground and as a daemon, and leaves nothing behind when it stops."""

import os
import re
import signal
import socket

from server import PAGE, SERVING_USER, SUPERUSER, DaemonTest, is_alive, wait_until


class StartsAndStops(DaemonTest):
    def test_serves_with_as_many_children_as_start_servers_says(self):
        with self.server("StartServers 3\nMinSpareServers 1\nMaxSpareServers 5") as server:
            self.assertEqual(server.get()[0], 200)
            self.assertEqual(server.get()[2], PAGE)
            self.assertEqual(len(server.children()), 3)
            self.assertIn("configured -- resuming normal operations", server.log())
            self.assertIn("AH00094: Command line: '", server.log())

    def test_term_ends_every_process_and_removes_the_pid_file(self):
        with self.server() as server:
            control, children = server.pid, server.children()
            os.kill(control, signal.SIGTERM)
            self.assertEqual(server.wait_for_end(control), 0)
            self.assertEqual([pid for pid in children if is_alive(pid)], [])
            self.assertFalse(os.path.exists(server.pid_path))
            self.assertIn("AH00169: caught SIGTERM, shutting down", server.log())

    def test_the_daemon_serves_once_its_launcher_has_ended(self):
        server = self.server(flags=())
        self.addCleanup(server.end)
        self.assertEqual(server.launch().wait(15), 0, server.speech())
        self.assertTrue(server.answers())
        self.assertEqual(os.getsid(server.pid), server.pid)
        self.assertNotEqual(server.pid, server.process.pid)
        self.assertEqual(os.readlink(f"/proc/{server.pid}/cwd"), "/")

    def test_the_launcher_fails_when_the_daemon_cannot_start(self):
        server = self.server(flags=())
        self.addCleanup(server.end)
        with socket.socket() as occupant:
            occupant.bind(("127.0.0.1", server.port))
            occupant.listen()
            self.assertEqual(server.launch().wait(15), 1)
        self.assertEqual(
            server.speech().splitlines(),
            ["(98)Address already in use: AH00072: make_sock: could not bind to address "
             f"127.0.0.1:{server.port}",
             "no listening sockets available, shutting down",
             "AH00015: Unable to open logs"])

    def test_a_start_that_a_module_ends_is_told_of_in_the_log_as_well(self):
        server = self.server("LoadModule mime_module built-in", flags=())
        self.addCleanup(server.end)
        self.assertEqual(server.launch().wait(15), 1)
        reason = ("(2)No such file or directory: AH01597: could not open mime types config file "
                  f"{server.root}/mime.types.")
        self.assertEqual(server.speech().splitlines(), [reason, "AH00016: Configuration Failed"])
        self.assertRegex(server.log(), r"\[mime:error\] \[pid [^]]*\] " + re.escape(reason))

    def test_who_restarts_what_does_not_run_starts_it(self):
        server = self.server(flags=("-k", "restart"))
        self.addCleanup(server.end)
        self.assertEqual(server.launch().wait(15), 0, server.speech())
        self.assertEqual(server.speech(), "httpd not running, trying to start\n")
        self.assertTrue(server.answers())

    def test_it_fails_when_there_can_be_no_accept_mutex(self):
        server = self.server(user=SERVING_USER if SUPERUSER else None)
        self.addCleanup(server.end)
        os.mkdir(f"{server.root}/locks", 0o555)
        server.write_configuration(f"Mutex fcntl:{server.root}/locks mpm-accept")
        self.assertEqual(server.launch().wait(15), 1)
        self.assertIn(f"AH03282: could not create accept mutex: open {server.root}/locks/",
                      server.speech())

    def test_children_end_when_the_control_process_is_killed(self):
        with self.server() as server:
            control = server.pid
            children = server.children()
            os.kill(control, signal.SIGKILL)
            wait_until(lambda: not any(map(is_alive, children)), "the end of orphaned children")

    def test_several_listeners_are_served_in_turn(self):
        server = self.server()
        other = self.server()
        self.addCleanup(other.end)
        server.write_configuration(f"Listen 127.0.0.1:{other.port}\nLogLevel debug")
        with server:
            for _ in range(10):
                self.assertTrue(server.answers())
            own, server.port = server.port, other.port
            for _ in range(10):
                self.assertTrue(server.answers())
            server.port = own
            self.assertIn("AH00165: Accept mutex: pthread", server.log())
