"""The pool grows and shrinks as the spare-server directives say."""

import re
import signal
import time

from server import DaemonTest, wait_until


class KeepsThePoolInShape(DaemonTest):
    def test_growth_doubles_from_second_to_second(self):
        with self.server("LogLevel info\nStartServers 1\nMinSpareServers 40\nMaxSpareServers 70\n"
                         "MaxRequestWorkers 80") as server:
            wait_until(lambda: len(server.children()) == 64, "64 children")
            said = re.findall(r"AH00162: server seems busy, .*spawning (\d+) children, there are "
                              r"(\d+) idle, and (\d+) total children", server.log())
            self.assertEqual(said, [("8", "8", "8"), ("16", "16", "16"), ("32", "32", "32")])

    def test_one_child_a_second_leaves_when_too_many_are_idle(self):
        with self.server("StartServers 6\nMinSpareServers 1\nMaxSpareServers 3") as server:
            begin = time.monotonic()
            wait_until(lambda: len(server.children()) == 3, "three children")
            self.assertGreater(time.monotonic() - begin, 1.5)
            self.assertNotIn("AH00167", server.log())

    def test_a_restart_that_finds_no_room_for_start_servers_keeps_spare_servers_all_the_same(self):
        with self.server("StartServers 10\nMinSpareServers 1\nMaxSpareServers 2\n"
                         "MaxRequestWorkers 5") as server:
            server.signal(signal.SIGUSR1)
            server.wait_for_log("resuming normal operations", times=2)
            wait_until(lambda: len(server.children()) == 5, "the new children")
            wait_until(lambda: len(server.children()) == 2, "the spare ones to leave")

    def test_a_restart_of_a_full_pool_says_that_max_request_workers_is_reached(self):
        with self.server("StartServers 2\nMinSpareServers 1\nMaxSpareServers 2\n"
                         "MaxRequestWorkers 2") as server:
            for _ in range(2):
                server.begin_request()
            server.signal(signal.SIGUSR1)
            server.wait_for_log("resuming normal operations", times=2)
            server.wait_for_log("AH00161")

    def test_says_once_that_max_request_workers_is_reached_and_serves_when_there_is_room(self):
        with self.server("StartServers 2\nMinSpareServers 1\nMaxSpareServers 2\n"
                         "MaxRequestWorkers 2") as server:
            busy = [server.begin_request()[0] for _ in range(2)]
            server.wait_for_log("AH00161: server reached MaxRequestWorkers setting, consider "
                                "raising the MaxRequestWorkers setting")
            with server.connect() as waiting:
                waiting.sendall(b"GET /page.txt HTTP/1.1\r\n")
                self.assertEqual(server.finish_request(busy[0])[0], 200)
                busy[0].close()
                self.assertEqual(server.finish_request(waiting)[0], 200)
            self.assertEqual(server.log().count("AH00161"), 1)
            self.assertLessEqual(len(server.children()), 2)

    def test_a_child_leaves_after_max_connections_per_child(self):
        with self.server("StartServers 1\nMinSpareServers 1\nMaxSpareServers 2\n"
                         "MaxRequestWorkers 1\nMaxConnectionsPerChild 3") as server:
            child, = server.children()
            for _ in range(2):
                self.assertEqual(server.get()[0], 200)
            self.assertEqual(server.children(), [child])
            self.assertEqual(server.get()[0], 200)
            wait_until(lambda: server.children() not in ([], [child]), "another child")
            self.assertEqual(server.get()[0], 200)
            self.assertNotIn("AH00167", server.log())

    def test_a_child_over_max_memory_per_child_leaves_after_its_connection(self):
        with self.server("StartServers 1\nMinSpareServers 1\nMaxSpareServers 2\n"
                         "MaxRequestWorkers 1\nMaxMemoryPerChild 4K") as server:
            child, = server.children()
            with server.connect() as connection:
                for _ in range(3):
                    self.assertEqual(server.get(connection=connection)[0], 200)
                self.assertEqual(server.children(), [child])
            wait_until(lambda: server.children() not in ([], [child]), "another child")
            self.assertRegex(server.log(), r"\[mpm_prefork:notice\] \[pid %d:tid \d+\] child uses "
                             r"\d+ KiB, more than the 4 KiB of MaxMemoryPerChild" % child)
            self.assertNotIn("AH00167", server.log())
