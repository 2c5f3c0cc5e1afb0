"""The installed unit under a real systemd: start, reload, restart, stop, crash, upgrade."""

import re
import subprocess
import sys
import time
import unittest

from container import HERE, CannotBoot, Container, check_machine, install, make_root, wait_until

CONFIGURATION = "/etc/preforkd/prefork.conf"
SKIPPED = 77
WORST_EXPOSURE = 3.0


class Load:
    """Clients who ask again and again."""

    def __init__(self, container):
        self.process = container.with_its_network(
            "/usr/bin/python3", str(HERE / "ask.py"), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.answered, self.failures = 0, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        said, _ = self.process.communicate(timeout=60)
        answered, *self.failures = said.splitlines()
        self.answered = int(answered)


class ServesUnderSystemd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.container = Container()
        cls.addClassCleanup(cls.container.end)
        cls.configuration = cls.container.read(CONFIGURATION)

    def setUp(self):
        self.addCleanup(self.systemctl, "stop", "preforkd.socket", "preforkd.service")
        self.container.write(CONFIGURATION, self.configuration)
        self.systemctl("reset-failed")

    def systemctl(self, *words):
        return self.container.run("systemctl", *words)

    def start(self):
        started = self.systemctl("start", "preforkd")
        self.assertEqual(started.returncode, 0, started.stderr + self.status())

    def property(self, name, unit="preforkd.service"):
        return self.systemctl("show", "--value", f"--property={name}", unit).stdout.strip()

    def main_pid(self):
        return int(self.property("MainPID"))

    def kill(self, name, pid):
        self.container.run("sh", "-c", f"kill -{name} {pid}", check=True)

    def processes(self):
        """Those of preforkd, each with its parent."""
        lines = self.container.run("sh", "-c", "cat /proc/[0-9]*/stat").stdout.splitlines()
        fields = [line.split() for line in lines if " (preforkd) " in line]
        return {int(pid): int(parent) for pid, _, state, parent, *_ in fields if state != "Z"}

    def status(self):
        return self.systemctl("status", "--no-pager", "--full", "--lines=30", "preforkd").stdout

    def break_configuration(self):
        """Answers the broken line's number."""
        self.container.write(CONFIGURATION, self.configuration + "NoSuchDirective on\n")
        return self.configuration.count("\n") + 1

    @staticmethod
    def let_them_ask(seconds):
        """So that what follows happens in the midst of requests."""
        time.sleep(seconds)

    def answers(self):
        with Load(self.container) as load:
            self.let_them_ask(0.1)
        return load.answered > 0 and not load.failures

    def wait_for_property(self, name, value):
        wait_until(lambda: self.property(name) == value, f"{name}={value}; {self.status()}", 30)

    def test_starts_and_says_so(self):
        self.start()
        self.assertEqual(self.property("ActiveState"), "active")
        self.assertIn(self.property("Type"), ("notify", "notify-reload"))
        self.assertEqual(self.property("StatusText"), "Processing requests...")
        self.assertTrue(self.answers())
        self.assertEqual(int(self.container.read("/run/preforkd/preforkd.pid")), self.main_pid())

    def test_reloads_under_load_without_a_failed_request(self):
        self.start()
        before = self.main_pid()
        with Load(self.container) as load:
            for _ in range(5):
                reloaded = self.systemctl("reload", "preforkd")
                self.assertEqual(reloaded.returncode, 0, reloaded.stderr)
                self.let_them_ask(0.5)
        self.assertEqual(load.failures, [])
        self.assertGreater(load.answered, 100)
        self.assertEqual(self.main_pid(), before)
        log = self.container.read("/var/log/preforkd/error.log")
        self.assertGreaterEqual(log.count("AH00171"), 5)
        self.wait_for_property("ActiveState", "active")

    def test_refuses_a_broken_configuration_at_reload_and_serves_on(self):
        self.start()
        before = self.main_pid()
        line = self.break_configuration()
        self.assertNotEqual(self.systemctl("reload", "preforkd").returncode, 0)
        self.assertIn(f"AH00526: Syntax error on line {line} of {CONFIGURATION}", self.status())
        self.assertIn("Invalid command 'NoSuchDirective'", self.status())
        self.assertEqual((self.property("ActiveState"), self.main_pid()), ("active", before))
        self.assertTrue(self.answers())

    def test_shows_why_a_signal_changed_nothing(self):
        self.start()
        line = self.break_configuration()
        self.kill("USR1", self.main_pid())
        wait_until(lambda: f"the old one serves on: AH00526: Syntax error on line {line} of "
                   f"{CONFIGURATION}" in self.property("StatusText"), "the reason", 15)
        self.wait_for_property("ActiveState", "active")
        self.assertTrue(self.answers())

    def test_refuses_a_broken_configuration_at_start(self):
        line = self.break_configuration()
        self.assertNotEqual(self.systemctl("start", "preforkd").returncode, 0)
        self.wait_for_property("ActiveState", "failed")
        wait_until(lambda: f"AH00526: Syntax error on line {line} of {CONFIGURATION}" in
                   self.status(), "the reason in the status", 10)

    def test_restarts(self):
        self.start()
        before = self.main_pid()
        self.assertEqual(self.systemctl("restart", "preforkd").returncode, 0)
        self.assertNotEqual(self.main_pid(), before)
        self.assertTrue(self.answers())

    def test_stops_and_leaves_no_process(self):
        self.start()
        self.assertEqual(self.systemctl("stop", "preforkd").returncode, 0)
        self.assertEqual((self.property("ActiveState"), self.property("Result")),
                         ("inactive", "success"))
        self.assertEqual(self.processes(), {})

    def test_comes_back_when_its_control_process_is_killed(self):
        self.start()
        before = self.main_pid()
        self.kill("KILL", before)
        wait_until(lambda: self.main_pid() not in (0, before), "another control process")
        self.wait_for_property("ActiveState", "active")
        self.assertEqual(self.property("NRestarts"), "1")
        self.assertTrue(self.answers())

    def test_comes_back_when_its_control_process_hangs(self):
        self.container.run("mkdir", "-p", "/run/systemd/system/preforkd.service.d")
        override = "/run/systemd/system/preforkd.service.d/watchdog.conf"
        self.container.write(override, "[Service]\nWatchdogSec=3\n")
        self.systemctl("daemon-reload")
        self.addCleanup(self.systemctl, "daemon-reload")
        self.addCleanup(self.container.run, "rm", override)
        self.start()
        before = self.main_pid()
        self.let_them_ask(5)
        self.assertEqual(self.main_pid(), before, "fed, it lives longer than its watchdog waits")
        self.kill("STOP", before)
        wait_until(lambda: self.main_pid() not in (0, before), "another control process", 30)
        self.wait_for_property("ActiveState", "active")
        self.assertTrue(self.answers())

    def test_upgrades_under_load_and_stays_the_same_service(self):
        self.start()
        with Load(self.container) as load:
            for _ in range(2):
                before = self.main_pid()
                self.container.run("cp", "/usr/sbin/preforkd", "/usr/sbin/preforkd.new", check=True)
                self.container.run("mv", "/usr/sbin/preforkd.new", "/usr/sbin/preforkd", check=True)
                self.kill("USR2", before)
                wait_until(lambda: self.main_pid() != before, "the new control process", 15)
                wait_until(lambda: before not in self.processes(),
                           "the end of the old control process", 15)
        self.assertEqual(load.failures, [])
        self.assertEqual((self.property("ActiveState"), self.property("NRestarts")),
                         ("active", "0"))
        self.assertNotIn("not our child", self.status())
        self.assertTrue(self.processes())
        self.assertEqual(self.systemctl("stop", "preforkd").returncode, 0)
        self.assertEqual(self.property("Result"), "success", self.status())

    def test_is_restarted_after_an_upgrade_too(self):
        self.start()
        before = self.main_pid()
        self.kill("USR2", before)
        wait_until(lambda: self.main_pid() != before, "the new control process", 15)
        wait_until(lambda: before not in self.processes(), "the end of the old one", 15)
        upgraded = self.main_pid()
        self.kill("KILL", upgraded)
        wait_until(lambda: self.main_pid() not in (0, upgraded), "another control process", 30)
        self.wait_for_property("ActiveState", "active")
        self.assertTrue(self.answers())

    def test_is_started_by_its_socket_which_outlives_it(self):
        self.assertEqual(self.systemctl("start", "preforkd.socket").returncode, 0)
        self.assertEqual(self.property("ActiveState"), "inactive")
        with Load(self.container) as load:
            self.wait_for_property("ActiveState", "active")
            for _ in range(3):
                self.assertEqual(self.systemctl("restart", "preforkd").returncode, 0)
                self.let_them_ask(0.2)
        # A restart ends children, so that a request under way may fail; no connection is refused.
        self.assertFalse([failure for failure in load.failures if "Refused" in failure])
        self.assertGreater(load.answered, 0)
        self.assertNotIn("is not used", self.status())

    def test_gives_a_child_nothing_to_escape_with(self):
        self.start()
        children = [pid for pid, parent in self.processes().items() if parent == self.main_pid()]
        self.assertTrue(children)
        status = self.container.read(f"/proc/{children[0]}/status")
        for name in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
            self.assertEqual(int(re.search(rf"{name}:\s*(\w+)", status)[1], 16), 0, name)
        self.assertRegex(status, r"NoNewPrivs:\s*1")
        self.assertRegex(status, r"Seccomp:\s*2")
        self.assertEqual(int(self.container.read(f"/proc/{children[0]}/oom_score_adj")),
                         int(self.container.read(f"/proc/{self.main_pid()}/oom_score_adj")) + 100)

    def test_the_units_are_in_order(self):
        verified = self.container.run("systemd-analyze", "verify", "--man=no", "preforkd.service",
                                      "preforkd.socket")
        self.assertEqual((verified.returncode, verified.stdout, verified.stderr), (0, "", ""))
        text = self.container.run("systemd-analyze", "security", "--no-pager",
                                  "preforkd.service").stdout
        exposure = float(re.search(r"Overall exposure level for preforkd.service: ([\d.]+)",
                                   text)[1])
        self.assertLessEqual(exposure, WORST_EXPOSURE, text)


def main():
    try:
        check_machine()
        make_root()
        install()
        Container().end()
    except CannotBoot as reason:
        print(f"SKIPPED: preforkd was not tried under systemd: {reason}", flush=True)
        return SKIPPED
    unittest.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
