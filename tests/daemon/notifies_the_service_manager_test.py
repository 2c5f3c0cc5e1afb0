"""systemd is told when the server is ready, reloads, refuses a configuration and stops."""

import os
import re
import signal
import tempfile
import time

from server import DaemonTest, wait_until
from service_manager import ServiceManager

STATUS = re.compile(r"Total requests: (\d+); Idle/Busy workers (\d+)/(\d+);"
                    r"Requests/sec: [\d.e-]+; Bytes served/sec: [ \d.]+[ KMG]B/sec")


class NotifiesTheServiceManager(DaemonTest):
    def launch(self, directives="", name=None, **variables):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        manager = ServiceManager(name or f"{folder.name}/notify")
        self.addCleanup(manager.end)
        server = self.server(directives)
        self.addCleanup(server.end)
        server.start(env={**os.environ, "NOTIFY_SOCKET": manager.name, **variables})
        ready = manager.wait_for(lambda message: "READY" in message, "the start")
        self.assertEqual(ready, {"READY": "1", "MAINPID": str(server.pid),
                                 "STATUS": "Processing requests..."})
        return server, manager

    def test_through_an_abstract_socket_too(self):
        self.launch(name=f"@preforkd-test-{os.getpid()}")

    def test_of_both_kinds_of_restart(self):
        server, manager = self.launch()
        for number in (signal.SIGUSR1, signal.SIGHUP):
            before = time.monotonic_ns() // 1000
            server.signal(number)
            reloading = manager.next()
            self.assertEqual(reloading["RELOADING"], "1")
            self.assertGreaterEqual(int(reloading["MONOTONIC_USEC"]), before)
            self.assertLess(int(reloading["MONOTONIC_USEC"]), time.monotonic_ns() // 1000)
            self.assertEqual(manager.next(), {"READY": "1", "STATUS": "Processing requests..."})

    def test_of_a_broken_configuration_and_until_it_is_mended(self):
        server, manager = self.launch()
        server.write_configuration("NoSuchDirective on")
        with open(server.configuration, encoding="ascii") as file:
            line = file.read().splitlines().index("NoSuchDirective on") + 1
        server.signal(signal.SIGUSR1)
        manager.wait_for(lambda message: "RELOADING" in message, "the reload")
        refused = manager.next()
        self.assertEqual(refused["READY"], "1")
        self.assertIn("the old one serves on: AH00526: Syntax error on line "
                      f"{line} of {server.configuration}: Invalid command 'NoSuchDirective'",
                      refused["STATUS"])
        self.assertTrue(server.answers())
        later = manager.wait_for(lambda message: "STATUS" in message, "figures", 20)
        self.assertIn("the old one serves on: AH00526", later["STATUS"])
        server.write_configuration("")
        server.signal(signal.SIGUSR1)
        manager.wait_for(lambda message: message.get("READY") == "1" and
                         message["STATUS"] == "Processing requests...", "the second reload")

    def test_of_its_figures_every_ten_seconds(self):
        server, manager = self.launch("LoadModule status_module mod_status.so\nExtendedStatus On")
        for _ in range(5):
            self.assertTrue(server.answers())
        message = manager.wait_for(lambda message: "Total" in message.get("STATUS", ""),
                                   "figures", 20)
        figures = STATUS.fullmatch(message["STATUS"])
        self.assertTrue(figures, message["STATUS"])
        self.assertEqual([int(figure) for figure in figures.groups()], [5, 100, 0])

    def test_of_its_health_and_its_end(self):
        server, manager = self.launch(WATCHDOG_USEC="2000000")
        begin = time.monotonic()
        for _ in range(3):
            manager.wait_for(lambda message: message == {"WATCHDOG": "1"}, "health", 3)
        self.assertLess(time.monotonic() - begin, 6)
        server.signal(signal.SIGTERM)
        manager.wait_for(lambda message: message.get("STOPPING") == "1", "the end")

    def test_and_somebody_elses_watchdog_is_not_fed(self):
        _, manager = self.launch(WATCHDOG_USEC="1000000", WATCHDOG_PID="1")
        manager.wait_for(lambda message: "STATUS" in message, "figures", 20)
        self.assertFalse([message for message in manager.messages if "WATCHDOG" in message])

    def test_but_no_program_that_it_starts_can(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        seen = f"{folder.name}/seen"
        server, _ = self.launch(f"CustomLog \"|/bin/sh -c 'env > {seen}.part; mv {seen}.part {seen};"
                                " exec cat'\" common\n"
                                "LogFormat \"%h\" common", WATCHDOG_USEC="5000000",
                                LISTEN_PID="1", LISTEN_FDS="1", LISTEN_FDNAMES="http")
        wait_until(lambda: os.path.exists(seen), "a program's word")
        with open(seen, encoding="utf-8") as file:
            names = {line.split("=", 1)[0] for line in file}
        self.assertIn("PATH", names)
        self.assertFalse(names & {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID",
                                  "LISTEN_FDS", "LISTEN_FDNAMES"})

    def test_and_the_kernel_takes_children_first_when_memory_runs_out(self):
        server, _ = self.launch()

        def score(pid):
            with open(f"/proc/{pid}/oom_score_adj", encoding="ascii") as file:
                return int(file.read())
        own = score(server.pid)
        self.assertEqual({score(pid) for pid in server.serving_children()}, {min(own + 100, 1000)})
