"""What a changed configuration says holds after a graceful restart, and after a HUP."""

import contextlib
import os
import pwd
import signal
import socket

from server import SUPERUSER, DaemonTest, free_port, is_alive, status_of, wait_until

POOL = "StartServers 3\nMinSpareServers 1\nMaxSpareServers 5\n"


def is_refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionRefusedError:
        return True
    return False


class TakesOverChangesAtARestart(DaemonTest):
    def restart(self, server, directives, number=signal.SIGUSR1):
        """With new directives, until no child of before is left."""
        before = server.children()
        times = server.log().count("resuming normal operations")
        server.write_configuration(directives)
        server.signal(number)
        server.wait_for_log("resuming normal operations", times=times + 1)
        wait_until(lambda: not any(is_alive(child) for child in before), "the old children's end")
        wait_until(server.children, "new children")

    def test_listen_lines_come_and_go(self):
        more = free_port()
        with self.server(POOL) as server:
            self.assertTrue(is_refused(more))
            self.restart(server, f"{POOL}Listen 127.0.0.1:{more}")
            self.assertFalse(is_refused(more))
            self.assertEqual(server.get()[0], 200)
            with contextlib.closing(socket.create_connection(("127.0.0.1", more), 5)) as client:
                self.assertEqual(server.get(connection=client)[0], 200)
            self.restart(server, POOL, signal.SIGHUP)
            self.assertTrue(is_refused(more))
            self.assertEqual(server.get()[0], 200)

    def test_a_port_that_is_taken_leaves_the_old_configuration_serving(self):
        with socket.socket() as taken, self.server(POOL) as server:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            server.write_configuration(f"{POOL}Listen 127.0.0.1:{taken.getsockname()[1]}")
            server.signal(signal.SIGUSR1)
            server.wait_for_log("could not bind to address")
            server.wait_for_log("configuration not changed, the old one serves on")
            self.assertEqual(server.get()[0], 200)

    def test_the_user_of_the_children(self):
        if not SUPERUSER:
            self.skipTest("only the superuser can become somebody else")
        entry = pwd.getpwnam("daemon")
        with self.server(POOL) as server:
            self.restart(server, f"{POOL}User daemon\nGroup #{entry.pw_gid}")
            for child in server.serving_children():
                self.assertEqual(status_of(child)["Uid"].split(), [str(entry.pw_uid)] * 4)
            self.assertEqual(server.get()[0], 200)

    def test_log_files(self):
        with self.server(POOL + 'CustomLog logs/first.log "%U"') as server:
            self.assertEqual(server.get()[0], 200)
            self.restart(server, POOL + 'CustomLog logs/second.log "second %U"')
            self.assertEqual(server.get()[0], 200)
            wait_until(lambda: os.path.getsize(f"{server.root}/logs/second.log"), "a log line")
            for name, text in (("first", "/page.txt\n"), ("second", "second /page.txt\n")):
                with open(f"{server.root}/logs/{name}.log", encoding="ascii") as file:
                    self.assertEqual(file.read(), text)

    def test_a_log_that_was_moved_away_is_begun_anew(self):
        with self.server(POOL + 'CustomLog logs/access.log "%U"') as server:
            log = f"{server.root}/logs/access.log"
            self.assertEqual(server.get()[0], 200)
            wait_until(lambda: os.path.getsize(log), "a log line")
            os.rename(log, f"{log}.1")
            self.restart(server, POOL + 'CustomLog logs/access.log "%U"')
            self.assertEqual(server.get("/page.txt")[0], 200)
            wait_until(lambda: os.path.getsize(log), "a line in the new log")
            self.assertEqual(os.path.getsize(log), os.path.getsize(f"{log}.1"))

    def test_limits(self):
        with self.server(POOL) as server:
            self.restart(server, "StartServers 9\nMinSpareServers 9\nMaxSpareServers 12\n")
            wait_until(lambda: len(server.children()) == 9, "nine children")
            self.restart(server, "StartServers 2\nMinSpareServers 1\nMaxSpareServers 2\n"
                                 "MaxRequestWorkers 2", signal.SIGHUP)
            wait_until(lambda: len(server.children()) == 2, "two children")
            self.restart(server, POOL + "ServerLimit 300")
            self.assertIn("AH00179: changing ServerLimit to 300 from original value of 256 not "
                          "allowed during restart", server.log())

    def test_what_is_served(self):
        with self.server(POOL) as server:
            self.assertEqual(server.get("/other.txt")[0], 404)
            self.restart(server, f"{POOL}LoadModule alias_module x\n"
                                 f"Alias /other.txt {server.root}/htdocs/page.txt")
            self.assertEqual(server.get("/other.txt")[0], 200)
