"""BufferedLogs: a child keeps its lines, and loses none when it is told to go."""

import signal

from server import DaemonTest, wait_until

DIRECTIVES = """StartServers 1
MinSpareServers 1
MaxRequestWorkers 1
BufferedLogs On
LogFormat "%U" path
CustomLog {root}/paths.log path
CustomLog {root}/again.log path
"""
LONG = "/" + 7000 * "x"  # more than a buffer holds


class BuffersItsLogs(DaemonTest):
    def test_and_writes_them_in_the_end(self):
        for number, sign in ((signal.SIGUSR1, "AH00094"), (signal.SIGHUP, "AH00094"),
                             (signal.SIGTERM, "AH00169")):
            with self.subTest(number):
                self.check_end(number, sign)

    def check_end(self, number, sign):
        server = self.server()
        server.write_configuration(DIRECTIVES.format(root=server.root))
        logs = [f"{server.root}/{name}.log" for name in ("paths", "again")]
        with server:
            for turn in range(5):
                server.get(f"/{turn}")
            self.assertEqual([self.lines(log) for log in logs], [[], []])
            server.get(LONG)
            wait_until(lambda: LONG in self.lines(logs[0]), "a line that fits no buffer")
            server.get("/last")
            server.get("/after")  # once it is answered, what came before was logged
            server.signal(number)
            server.wait_for_log(sign, times=2 if sign == "AH00094" else 1)
            wanted = [f"/{turn}" for turn in range(5)] + [LONG, "/last"]
            wait_until(lambda: self.lines(logs[0])[:7] == wanted, "the last line")
            wait_until(lambda: self.lines(logs[1])[:7] == wanted, "the other log's last line")

    @staticmethod
    def lines(path):
        with open(path, encoding="ascii") as file:
            return file.read().split()
