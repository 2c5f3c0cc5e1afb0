"""SIGUSR2: a new program file takes the place of the old one, and no client notices."""

import os
import shutil
import signal

from load import Load
from preforkctl import preforkctl
from server import PATIENCE, DaemonTest, free_port, is_alive, wait_until
from service_manager import ServiceManager


class UpgradesItsBinary(DaemonTest):
    def start_copy(self, directives="", flags=("-D", "FOREGROUND"), **options):
        """A server from a file of its own, which may be replaced."""
        server = self.server(directives, flags=flags)
        self.addCleanup(server.end)
        server.binary = shutil.copy(server.binary, f"{server.root}/preforkd")
        server.start(**options)
        return server

    def replace_binary(self, server):
        """As a package does: another file under the same name."""
        shutil.copy(server.binary, f"{server.root}/new")
        os.replace(f"{server.root}/new", server.binary)

    def upgrade(self, server):
        """The new control process, once it is alone."""
        old = server.pid
        server.signal(signal.SIGUSR2)
        server.wait_for_end(old)
        new = server.pid
        self.assertNotEqual(new, old)
        self.addCleanup(self.end_process, new)
        return new

    def end_process(self, pid):
        if is_alive(pid):
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not is_alive(pid), f"the end of {pid}")

    def test_five_times_under_load_and_no_request_fails(self):
        server = self.start_copy()
        with Load(server.port) as load:
            for _ in range(5):
                before = load.answered
                wait_until(lambda: load.answered > before + 100, "requests")
                self.replace_binary(server)
                pid = self.upgrade(server)
                self.assertEqual(os.readlink(f"/proc/{pid}/exe"), server.binary)
        self.assertEqual(load.failures, [])
        self.assertEqual(server.log().count("has taken over, shutting down gracefully"), 5)
        self.assertNotIn("AH00098", server.log())

    def test_when_preforkctl_asks_for_it(self):
        server = self.start_copy()
        old = server.pid
        status, said, complained = preforkctl(server, "upgrade")
        self.addCleanup(self.end_process, server.pid)
        self.assertEqual((status, said, complained),
                         (0, f"preforkd upgraded: pid {old} -> {server.pid}\n", ""))
        server.wait_for_end(old)
        self.assertTrue(server.answers())

    def test_and_a_request_under_way_is_finished(self):
        server = self.start_copy("MinSpareServers 1\nStartServers 2")
        connection, child = server.begin_request()
        old = server.pid
        server.signal(signal.SIGUSR2)
        server.wait_for_log("has taken over")
        self.addCleanup(self.end_process, server.pid)
        self.assertTrue(server.answers())
        self.assertTrue(is_alive(child))
        self.assertEqual(server.finish_request(connection)[0], 200)
        server.wait_for_end(old)

    def test_as_a_daemon_in_a_session_of_its_own(self):
        server = self.start_copy(flags=())
        self.assertEqual(server.process.wait(PATIENCE), 0)
        new = self.upgrade(server)
        self.assertEqual(os.getsid(new), new)
        self.assertTrue(server.answers())

    def test_and_the_old_one_serves_on_when_the_new_one_fails(self):
        server = self.start_copy()
        old = server.pid
        with open(f"{server.root}/new", "w", encoding="ascii") as file:
            file.write("#!/bin/sh\necho this is not a server >&2\nexit 3\n")
        os.chmod(f"{server.root}/new", 0o755)
        os.replace(f"{server.root}/new", server.binary)
        server.signal(signal.SIGUSR2)
        server.wait_for_log("nobody has taken over, this control process serves on: "
                            "the new one ended before it served")
        self.assertIn("this is not a server", server.log())
        self.assertEqual(server.pid, old)
        self.assertTrue(server.answers())

    def test_and_the_old_one_serves_on_when_the_configuration_is_broken(self):
        server = self.start_copy()
        old = server.pid
        server.write_configuration("NoSuchDirective on")
        server.signal(signal.SIGUSR2)
        server.wait_for_log("nobody has taken over")
        self.assertIn("Invalid command 'NoSuchDirective'", server.log())
        self.assertTrue(server.answers())
        server.write_configuration("")
        self.assertNotEqual(self.upgrade(server), old)
        self.assertTrue(server.answers())

    def test_and_sockets_that_nobody_asks_for_any_more_refuse(self):
        server = self.server()
        self.addCleanup(server.end)
        other = free_port()
        server.write_configuration(f"Listen 127.0.0.1:{other}\nMinSpareServers 1")
        server.start()
        connection, _ = server.begin_request()
        server.write_configuration("MinSpareServers 1")
        server.signal(signal.SIGUSR2)
        server.wait_for_log("has taken over")
        self.addCleanup(self.end_process, server.pid)
        port, server.port = server.port, other
        with self.assertRaises(ConnectionRefusedError):
            server.connect()
        server.port = port
        self.assertTrue(server.answers())
        connection.close()

    def test_and_the_pid_file_moves_where_the_configuration_says(self):
        server = self.start_copy()
        before = server.pid_path
        old = server.pid
        server.pid_path = f"{server.root}/run/other.pid"
        server.write_configuration("")
        os.kill(old, signal.SIGUSR2)
        server.wait_for_end(old)
        self.addCleanup(self.end_process, server.pid)
        self.assertFalse(os.path.exists(before))
        self.assertTrue(server.answers())

    def test_and_stopping_in_between_stops_both(self):
        server = self.start_copy()
        old = server.pid
        with open(f"{server.root}/new", "w", encoding="ascii") as file:
            file.write("#!/bin/sh\necho waiting >&2\nexec sleep 60\n")
        os.chmod(f"{server.root}/new", 0o755)
        os.replace(f"{server.root}/new", server.binary)
        server.signal(signal.SIGUSR2)
        server.wait_for_log("waiting")
        server.signal(signal.SIGTERM)
        self.assertEqual(server.wait_for_end(old), 0)
        self.assertFalse(server.answers())

    def test_and_systemd_learns_the_new_pid(self):
        manager = ServiceManager(f"@preforkd-upgrade-{os.getpid()}")
        self.addCleanup(manager.end)
        server = self.start_copy(env={**os.environ, "NOTIFY_SOCKET": manager.name,
                                      "WATCHDOG_USEC": "2000000"})
        new = self.upgrade(server)
        manager.wait_for(lambda message: message.get("MAINPID") == str(new), "the new pid")
        self.assertFalse([message for message in manager.messages if "STOPPING" in message])
        manager.wait_for(lambda message: "WATCHDOG" in message, "the new one's health")
