"""The error log of a server's life, from the start over reloads and deaths to the end, is apache2's,
line by line. Needs apache2 and the right to run it as root."""

import os
import re
import signal

from apache import APACHE, Apache
from server import SUPERUSER, DaemonTest, Server, is_alive, wait_until

# With something to warn of, at the start and at each restart.
POOL = "\n".join(["Define HERE ${NOT_THERE}", "NameVirtualHost *:80", "MaxClients 30", "ServerLimit 20",
                  "ErrorDocument 401 http://www.example.org/",
                  "StartServers 3", "MinSpareServers 0", "MaxSpareServers 5", "LogLevel info"])
# What differs on purpose: docs/differences.md.
OURS_ALONE = ("AH00167",)


def shape(line):
    """A line without what cannot be the same: time, pids, the program and when it was built."""
    line = re.sub(r"^\[[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4}\] ", "[time] ",
                  line)
    line = re.sub(r"\[pid \d+:tid \d+\]", "[pid N:tid N]", line)
    line = re.sub(r"PID file .*", "PID file PATH (pid=N)", line)
    line = re.sub(r"child pid \d+", "child pid N", line)
    line = re.sub(r"/\S+\.conf:\d+", "PLACE", line)
    line = re.sub(r"AH00163: .* configured", "AH00163: PRODUCT configured", line)
    line = re.sub(r"AH00164: .*", "AH00164: Server built: WHEN", line)
    return re.sub(r"AH00094: .*", "AH00094: Command line: 'COMMAND'", line)


class LogsLikeApache(DaemonTest):
    def lines(self, server):
        return [shape(line) for line in server.log().splitlines()
                if not any(code in line for code in OURS_ALONE)]

    def restart(self, server, number):
        before = server.children()
        times = server.log().count("AH00094")
        server.signal(number)
        server.wait_for_log("AH00094", times=times + 1)
        wait_until(lambda: not any(is_alive(child) for child in before), "the old children's end")
        wait_until(lambda: len(server.children()) >= 3, "new children")

    def life(self, server, last):
        """What the log says of it."""
        with server:
            control = server.pid
            for number in (signal.SIGUSR1, signal.SIGHUP):
                self.restart(server, number)
            for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE):
                child = wait_until(server.children, "a child")[0]
                os.kill(child, number)
                server.wait_for_log(f"child pid {child} exit signal")
            server.signal(last)
            server.wait_for_end(control)
            return self.lines(server)

    def check(self, last):
        if not SUPERUSER:
            self.skipTest("only root's servers are compared")
        if not os.path.exists(APACHE):
            self.fail("this needs apache2: apt-get install apache2")
        self.maxDiff = None
        self.assertEqual(self.life(Server(POOL), last), self.life(Apache(POOL), last))

    def test_to_a_stop(self):
        self.check(signal.SIGTERM)

    def test_to_a_graceful_stop(self):
        self.check(signal.SIGWINCH)
