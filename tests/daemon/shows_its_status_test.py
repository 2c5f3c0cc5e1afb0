"""The status says what was served, in every form, and the programs that read Apache's read it."""

import contextlib
import json
import os
import re
import subprocess
import time
import unittest
import urllib.request

from server import PAGE, PATIENCE, DaemonTest, free_port, wait_until

STATUS = """
LoadModule status_module modules/mod_status.so
<Location /server-status>
    SetHandler server-status
</Location>
<Location /metrics>
    SetHandler server-metrics
</Location>
"""
# One child answers one request after the other, so that each finds those before it counted.
ONE_CHILD = STATUS + "MaxRequestWorkers 1\nStartServers 1\nKeepAlive Off\n"
EXPORTER = "/usr/bin/prometheus-apache-exporter"
PLUGINS = "/usr/share/munin/plugins"


def lines_of(text):
    """`Key: value` lines as a dictionary; those of ?auto in their order."""
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def auto(server):
    return lines_of(server.get("/server-status?auto")[2])


def history_of(server):
    return json.loads(server.get("/server-status?json&history")[2]).get("history", [])


class ShowsItsStatus(DaemonTest):
    def test_it_counts_what_was_served(self):
        with self.server(ONE_CHILD) as server:
            before = auto(server)
            for _ in range(5):
                self.assertEqual(server.get()[2], PAGE)
            after = auto(server)
            self.assertEqual(int(after["Total Accesses"]) - int(before["Total Accesses"]), 6)
            self.assertEqual((after["BusyWorkers"], after["IdleWorkers"], after["Scoreboard"]),
                             ("1", "0", "W"))

    def test_the_page_shows_a_client_at_work(self):
        with self.server(STATUS + "MaxRequestWorkers 4") as server:
            child = server.begin_endless_answer()
            _, head, page = server.get("/server-status")
            self.assertIn("content-type: text/html; charset=iso-8859-1", head)
            row = re.search(rf"<tr><td><b>\d-0</b></td><td>{child}</td>.*?</tr>", page, re.DOTALL)
            self.assertIn("<b>W</b>", row[0])
            self.assertIn("<td>127.0.0.1</td>", row[0])
            self.assertIn("<td nowrap>GET /endless HTTP/1.1</td>", row[0])
            self.assertIn(f"<td nowrap>localhost:{server.port}</td>", row[0])

    def test_a_long_request_line_is_shown_by_its_head_or_its_tail(self):
        target = "/server-status?" + "h" * 60 + "t" * 60
        for setting, shown in (("Off", f"GET {target}"[:63]), ("On", "t" * 54 + " HTTP/1.1")):
            with self.server(ONE_CHILD + f"SeeRequestTail {setting}") as server:
                self.assertIn(f"<td nowrap>{shown}</td>", server.get(target)[2])

    def test_the_drawn_page_lets_nothing_but_its_own_script_run(self):
        with self.server(ONE_CHILD) as server:
            pages = [server.get("/server-status?page&<script>") for _ in range(2)]
            nonces = []
            for status, head, page in pages:
                self.assertEqual(status, 200)
                policy = re.search(r"content-security-policy: (.*)\r\n", head)[1]
                nonces += re.findall(r"script-src 'nonce-(\w+)'", policy)
                self.assertIn("default-src 'none'", policy)
                self.assertEqual(re.findall(r"<script[^>]*>", page),
                                 [f'<script nonce="{nonces[-1]}">'])
            self.assertEqual(len(set(nonces)), 2)

    def test_the_history_goes_on(self):
        with self.server(ONE_CHILD) as server:
            wait_until(lambda: history_of(server), "a first second")
            first = history_of(server)[-1]
            answered = sum(server.get()[0] == 200 for _ in range(3))
            latest = wait_until(
                lambda: next((entry for entry in history_of(server) if entry[0] > first[0] + 1), None),
                "another second")
            self.assertLessEqual(latest[0], time.time())
            self.assertGreaterEqual(latest[3] - first[3], answered)
            self.assertGreater(latest[4], first[4])
            self.assertEqual(latest[1] + latest[2], 1)


class TellsOtherPrograms(DaemonTest):
    """With Debian's packages as they are (conf/demo/packages test installs them)."""

    def need(self, path, package):
        if not os.access(path, os.R_OK):
            self.fail(f"{path} is missing: install {package} (conf/demo/packages test)")

    def serve(self, requests):
        """A server that has answered so many requests."""
        server = self.enterContext(self.server(ONE_CHILD))
        for _ in range(requests):
            self.assertEqual(server.get()[0], 200)
        return server

    def enterContext(self, context):  # unittest has it from Python 3.11 on
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def test_prometheus_reads_the_metrics(self):
        from prometheus_client.openmetrics.parser import text_string_to_metric_families
        server = self.serve(4)
        _, head, text = server.get("/metrics")
        self.assertIn("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8",
                      head)
        families = {family.name: family for family in text_string_to_metric_families(text)}
        value = {name: family.samples[0].value for name, family in families.items()}
        self.assertEqual(families["preforkd_requests"].type, "counter")
        self.assertEqual(value["preforkd_requests"], 4)
        self.assertGreater(value["preforkd_sent_bytes"], 4 * len(PAGE))
        self.assertEqual(value["preforkd_children_limit"], 1)
        states = {sample.labels["state"]: sample.value
                  for sample in families["preforkd_children"].samples}
        self.assertEqual(states.pop("writing"), 1)
        self.assertEqual(set(states.values()), {0})
        self.assertAlmostEqual(value["preforkd_start_time_seconds"], time.time(), delta=60)

    def exported(self, server):
        """What Debian's exporter makes of our ?auto."""
        port = free_port()
        with open(f"{server.root}/exporter", "wb") as said, subprocess.Popen(
                [EXPORTER, f"--telemetry.address=127.0.0.1:{port}",
                 f"--scrape_uri=http://127.0.0.1:{server.port}/server-status?auto"],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said) as exporter:
            try:
                def look():
                    with contextlib.suppress(OSError):
                        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                            return answer.read().decode()
                    return None
                return wait_until(look, "the exporter")
            finally:
                exporter.terminate()
                exporter.wait(PATIENCE)

    def test_the_exporter_for_apache_reads_it(self):
        self.need(EXPORTER, "prometheus-apache-exporter")
        server = self.serve(4)
        lines = self.exported(server).splitlines()
        for line in ("apache_up 1", "apache_accesses_total 4", 'apache_workers{state="busy"} 1',
                     'apache_workers{state="idle"} 0', 'apache_scoreboard{state="reply"} 1',
                     'apache_scoreboard{state="idle"} 0', "apache_generation{type=\"config\"} 1",
                     "apache_generation{type=\"mpm\"} 0"):
            self.assertIn(line, lines)
        version = [line for line in lines if line.startswith("apache_info{")]
        self.assertRegex(version[0], r'mpm="prefork"')

    def plugin(self, name, server, *arguments):
        self.need(f"{PLUGINS}/{name}", "munin-plugins-core")
        done = subprocess.run(
            [f"{PLUGINS}/{name}", *arguments], check=False, capture_output=True, text=True,
            timeout=60, env={"PATH": "/usr/bin:/bin", "ports": str(server.port),
                             "url": "http://127.0.0.1:%d/server-status?auto",
                             "MUNIN_PLUGSTATE": server.root})
        self.assertEqual(done.returncode, 0, done.stderr)
        return dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)

    def test_munin_reads_it(self):
        server = self.serve(3)
        port = server.port
        accesses = self.plugin("apache_accesses", server)
        self.assertEqual(accesses, {f"accesses{port}.value": "3"})
        processes = self.plugin("apache_processes", server)
        self.assertEqual(processes, {f"busy{port}.value": "1", f"idle{port}.value": "0",
                                     f"free{port}.value": "0"})
        volume = self.plugin("apache_volume", server)
        kilobytes = int(auto(server)["Total kBytes"])
        self.assertLessEqual(int(volume[f"volume{port}.value"]), kilobytes * 1024)
        self.assertGreater(int(volume[f"volume{port}.value"]), 0)


if __name__ == "__main__":
    unittest.main()
