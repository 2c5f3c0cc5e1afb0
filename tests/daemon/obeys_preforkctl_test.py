"""preforkctl answers as apachectl does, with its texts and exit statuses, and tells of the pool."""

import os
import re
import shutil
import subprocess
import unittest

from preforkctl import PREFORKCTL, STATUS_PAGE, PreforkctlTest, preforkctl
from server import SUPERUSER, wait_until

FAILED = "Action '{}' failed.\nThe Apache error log may have more information.\n"


class ObeysPreforkctl(PreforkctlTest):
    def failed(self, server, verb):
        return FAILED.format(f"-d {server.root} -f {server.configuration} {verb}")

    def test_starts_and_stops(self):
        server = self.prepared()
        self.assertEqual(preforkctl(server, "start"), (0, "", ""))
        pid = server.pid
        self.assertTrue(server.answers())
        self.assertEqual(preforkctl(server, "start"), (0, f"httpd (pid {pid}) already running\n", ""))
        self.assertEqual(preforkctl(server, "stop"), (0, "", ""))
        server.wait_for_end(pid)
        for verb in ("stop", "graceful-stop"):
            self.assertEqual(preforkctl(server, verb), (0, "httpd (no pid file) not running\n", ""))

    def test_restarts_in_both_ways_without_a_word(self):
        with self.server() as server:
            pid = server.pid
            self.assertEqual(preforkctl(server, "graceful"), (0, "", ""))
            server.wait_for_log("AH00171")
            self.assertEqual(preforkctl(server, "restart"), (0, "", ""))
            server.wait_for_log("AH00173")
            self.assertEqual(preforkctl(server, "graceful-stop"), (0, "", ""))
            server.wait_for_end(pid)

    def test_refuses_a_restart_with_a_broken_configuration(self):
        with self.server() as server:
            server.write_configuration("Bogus")
            for verb in ("configtest", "graceful", "restart", "upgrade"):
                status, said, complained = preforkctl(server, verb)
                self.assertEqual((status, said), (1, self.failed(server, verb)))
                self.assertTrue(complained.startswith("AH00526: Syntax error on line "), complained)
                self.assertIn("Invalid command 'Bogus'", complained)
            self.assertTrue(server.answers())
            self.assertNotIn("AH00171", server.log())

    def test_has_no_startssl_any_more(self):
        server = self.prepared()
        status, said, _ = preforkctl(server, "startssl")
        self.assertEqual(status, 2)
        self.assertEqual(said.splitlines()[0], "The startssl option is no longer supported.")
        self.assertTrue(said.endswith(self.failed(server, "startssl")))

    def test_explains_itself(self):
        for words in ([], ["help"], ["--help"]):
            ended = subprocess.run([PREFORKCTL, *words], capture_output=True, text=True, timeout=60)
            self.assertEqual((ended.returncode, ended.stdout), (1, ""))
            self.assertIn("start|stop|restart|graceful|graceful-stop|configtest", ended.stderr)

    def test_hands_to_preforkd_what_is_not_its_own(self):
        server = self.prepared()
        status, said, _ = preforkctl(server, "-S")
        self.assertEqual(status, 0)
        self.assertIn(f'PidFile: "{server.pid_path}"', said)
        status, said, complained = preforkctl(server, "begin")
        self.assertEqual((status, said), (1, self.failed(server, "begin")))
        self.assertIn("Usage: preforkd", complained)

    def test_reads_envvars(self):
        server = self.prepared("ErrorLog ${LOG_FOLDER}/other.log")
        with open(f"{server.root}/envvars", "w", encoding="ascii") as file:
            file.write(f"export LOG_FOLDER={server.root}/logs\n")
        self.assertEqual(preforkctl(server, "start")[0], 0)
        self.assertTrue(os.path.exists(f"{server.root}/logs/other.log"))
        self.assertEqual(preforkctl(server, "status")[0], 0)

    def test_stays_in_the_foreground_as_the_server_itself(self):
        server = self.prepared()
        server.binary = PREFORKCTL
        server.flags = ("-D", "FOREGROUND", "start")
        server.start()
        self.assertEqual(server.process.pid, server.pid)


class Status(PreforkctlTest):
    def test_is_3_where_nothing_runs(self):
        server = self.prepared()
        for verb in ("status", "fullstatus"):
            self.assertEqual(preforkctl(server, verb), (3, "preforkd is not running\n", ""))
        status, _, complained = preforkctl(server, "tune")
        self.assertEqual(status, 3)
        self.assertIn("preforkd is not running", complained)

    @staticmethod
    def accesses(server):
        said = preforkctl(server, "status")[1]
        return int(re.search(r"Total accesses: (\d+) - ", said).group(1))

    def test_summarises_the_status_page(self):
        with self.server(STATUS_PAGE + "StartServers 3\nMaxRequestWorkers 80") as server:
            for _ in range(4):
                self.assertTrue(server.answers())
            status, said, complained = preforkctl(server, "status")
            self.assertEqual((status, complained), (0, ""))
            self.assertIn(f"preforkd is running (pid {server.pid})\n", said)
            self.assertRegex(said, r"Server version: preforkd/")
            self.assertRegex(said, r"Server uptime: *\d+ second")
            # A child counts a request once the client has its answer, and is busy for a moment more.
            wait_until(lambda: self.accesses(server) >= 5, "five requests on the status page")
            self.assertRegex(said, r"\n[1-9] requests currently being processed, \d+ idle workers\n")
            self.assertRegex(said, r"\n[_W.SRKLCGI]{64}\nand 16 open slots more\n")
            self.assertNotIn("VHost", said)

    def test_has_a_row_for_each_child_in_fullstatus(self):
        with self.server(STATUS_PAGE + "StartServers 3\nMinSpareServers 1") as server:
            said = preforkctl(server, "fullstatus")[1]
            rows = re.findall(r"(?m)^ +\d+ +(\d+) [a-z_]+ ", said)
            self.assertEqual(sorted(map(int, rows)), server.children())
            self.assertIn("GET /server-status?json HTTP/1.0", said)

    def test_takes_the_page_that_statusurl_names(self):
        with self.server(STATUS_PAGE.replace("/server-status", "/other")) as server:
            url = f"http://127.0.0.1:{server.port}/other"
            for name in ("STATUSURL", "APACHE_STATUSURL"):
                said = preforkctl(server, "status", **{name: url})[1]
                self.assertIn("Scoreboard Key", said)
            complained = preforkctl(server, "status", STATUSURL="https://localhost/")[2]
            self.assertIn("not a URL of http", complained)

    def test_falls_back_to_the_process_table_and_says_what_is_missing(self):
        with self.server("StartServers 3\nMinSpareServers 1") as server:
            status, said, complained = preforkctl(server, "fullstatus")
            self.assertEqual(status, 0)
            self.assertIn("(404)", complained)
            self.assertIn("SetHandler server-status", complained)
            self.assertRegex(said, r"3 children, [\d.]+ [kM]B together \(PSS \+ page tables\)")
            for pid in server.children():
                self.assertRegex(said, rf"(?m)^ +{pid} ")

    def test_says_when_the_page_is_denied(self):
        with self.server(STATUS_PAGE.replace("Require local", "Require all denied")) as server:
            status, _, complained = preforkctl(server, "status")
            self.assertEqual(status, 0)
            self.assertIn("is denied (403): allow it to this machine with 'Require local'",
                          complained)


class Tune(PreforkctlTest):
    def test_proposes_as_many_children_as_the_sum_says(self):
        with self.server("StartServers 4\nMinSpareServers 1\nMaxRequestWorkers 200") as server:
            status, said, complained = preforkctl(server, "tune")
            self.assertEqual((status, complained), (0, ""))
            for line in (r"  memory +[\d.]+ [GM]B  \S+", r"  - used by others +\d", r"  - reserve +\d",
                         r"  = for children +\d", r"  / size of a child +.*the highest of 4; the median",
                         r"Shared by all children, counted once: [\d.]+ [kM]B",
                         r"Now: MaxRequestWorkers 200, ServerLimit 256\.",
                         r"The error log tells of no time"):
                self.assertRegex(said, line)
            proposed = re.search(r"= MaxRequestWorkers +(\d+)", said).group(1)
            self.assertIn(f"    MaxRequestWorkers {proposed}\n", said)

    def test_proposes_what_configtest_finds_good(self):
        with self.server("StartServers 4") as server:
            lines = re.findall(r"(?m)^    ((?:ServerLimit|MaxRequestWorkers) \d+)$",
                               preforkctl(server, "tune")[1])
            self.assertEqual(len(lines), 2)
            # Half of it, since the machine does other things meanwhile.
            limit = int(lines[1].split()[1]) // 2
            server.write_configuration(f"ServerLimit 200000\nMaxRequestWorkers {limit}")
            self.assertEqual(preforkctl(server, "configtest"), (0, "", "Syntax OK\n"))

    def test_tells_how_often_the_limit_was_reached(self):
        with self.server("MaxRequestWorkers 2\nStartServers 2") as server:
            for _ in range(2):
                server.begin_request()
            server.wait_for_log("AH00161")
            self.assertIn("MaxRequestWorkers was reached (AH00161) 1 times, last on ",
                          preforkctl(server, "tune")[1])

    @unittest.skipUnless(SUPERUSER, "needs another user than the server's")
    def test_says_what_an_ordinary_user_cannot_read(self):
        with self.server("StartServers 2\nMinSpareServers 1") as server:
            # The build may lie where that user may not go (below /root).
            program = shutil.copy(PREFORKCTL, server.root)
            stranger = {"user": 65533, "group": 65533, "extra_groups": []}
            said = {}
            for verb in ("tune", "status"):
                ended = subprocess.run(
                    [program, "-d", server.root, "-f", server.configuration, verb],
                    capture_output=True, text=True, timeout=60, **stranger)
                self.assertEqual(ended.returncode, 0, ended.stderr)
                said[verb] = ended.stdout
            self.assertIn("PSS could not be read (run this as root)", said["tune"])
            self.assertRegex(said["status"], r"2 children, .* \(anonymous memory \+ page tables\)")
