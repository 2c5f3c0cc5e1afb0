"""SlowRequestLog holds the requests that took long, and no others."""

import contextlib
import os
import re
import select

from server import PAGE, DaemonTest, read_response, wait_until

LINE = re.compile(r"^\[\d\d/\w{3}/\d{4}:[\d:]{8} [+-]\d{4}\] (\d+) (\d+) 127\.0\.0\.1 "
                  r"(\w+):(\d+) (\d+) (\d+) \"([^\"]*)\" (\S+)$")


def lines_of(path):
    with contextlib.suppress(FileNotFoundError), open(path, encoding="utf-8") as file:
        return file.read().splitlines()
    return []


class LogsSlowRequests(DaemonTest):
    def slow_answer(self, server):
        """Gets the endless file for at least a fifth of a second, then goes away."""
        child = server.begin_endless_answer()
        select.select([], [], [], 0.2)
        server.connections.pop().close()
        return child

    def test_a_slow_request_has_its_line(self):
        with self.server("SlowRequestLog logs/slow.log 200ms") as server:
            child = self.slow_answer(server)
            server.get()
            lines = wait_until(lambda: lines_of(f"{server.root}/logs/slow.log"), "a line")
            pid, duration, host, port, status, _, request, handler = LINE.match(lines[0]).groups()
            self.assertEqual((int(pid), host, int(port)), (child, "localhost", server.port))
            self.assertEqual((status, request, handler), ("200", "GET /endless HTTP/1.1", "-"))
            self.assertTrue(200 <= int(duration) < 15000)
            self.assertEqual(len(lines), 1)

    def test_a_program_may_read_the_log(self):
        server = self.server()
        self.addCleanup(server.end)
        server.write_configuration(f'SlowRequestLog "|/usr/bin/tee {server.root}/slow" 0')
        server.start()
        server.get()
        lines = wait_until(lambda: lines_of(f"{server.root}/slow"), "a line")
        self.assertIn('"GET /page.txt HTTP/1.1"', lines[0])

    def test_a_virtual_host_may_have_its_own_or_none(self):
        server = self.server()
        self.addCleanup(server.end)
        host = f"<VirtualHost 127.0.0.1:{server.port}>\nServerName {{}}\n{{}}\n</VirtualHost>\n"
        server.write_configuration("SlowRequestLog logs/all.log 0\n" + host.format("first", "") +
                                   host.format("own", "SlowRequestLog logs/own.log 0") +
                                   host.format("silent", "SlowRequestLog none"))
        server.start()
        for name in ("silent", "own", "first"):
            with server.connect() as connection:
                connection.sendall(f"GET /page.txt HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
                self.assertEqual(read_response(connection)[2], PAGE)
        every = wait_until(lambda: lines_of(f"{server.root}/logs/all.log"), "a line")
        own = wait_until(lambda: lines_of(f"{server.root}/logs/own.log"), "a line")
        self.assertEqual([LINE.match(line).group(3) for line in every + own], ["first", "own"])

    def test_a_log_that_cannot_be_opened_stops_the_start(self):
        server = self.server("SlowRequestLog /nowhere/at/all/slow.log")
        self.addCleanup(server.end)
        self.assertNotEqual(server.launch().wait(15), 0)
        self.assertIn("/nowhere/at/all/", server.speech())
        self.assertFalse(os.path.exists(server.pid_path))
