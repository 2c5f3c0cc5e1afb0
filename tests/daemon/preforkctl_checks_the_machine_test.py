"""preforkctl configtest warns of what a correct configuration lacks on this machine, and passes."""

import os
import pwd
import resource
import shutil
import socket
import subprocess
import unittest

from preforkctl import PreforkctlTest, preforkctl
from server import PREFORKD, SERVING_USER, SUPERUSER

AS_ROOT = unittest.skipUnless(SUPERUSER, "only root serves as another user")


class PreforkctlChecksTheMachine(PreforkctlTest):
    def warnings(self, server):
        """What it warns of; "Syntax OK" is the last line and the exit status 0 in any case."""
        status, said, complained = preforkctl(server, "configtest")
        self.assertEqual((status, said), (0, ""))
        lines = complained.splitlines()
        self.assertEqual(lines[-1], "Syntax OK")
        self.assertEqual([line for line in lines[1:-1:2] if not line.startswith("  Mend: ")], [])
        return "\n".join(lines[:-1])

    def test_has_nothing_to_say_where_all_is_well(self):
        server = self.prepared("CustomLog logs/access.log %h")
        self.assertEqual(self.warnings(server), "")
        server.start()
        self.assertEqual(self.warnings(server), "")

    def test_is_silent_about_the_machine_without_its_definition(self):
        server = self.prepared("ServerLimit 200000\nMaxRequestWorkers 100000")
        ended = subprocess.run([PREFORKD, "-f", server.configuration, "-t"], capture_output=True,
                               text=True, timeout=60)
        self.assertEqual((ended.returncode, ended.stderr), (0, "Syntax OK\n"))

    def test_more_children_than_memory(self):
        many = "ServerLimit 200000\nMaxRequestWorkers 100000"
        server = self.prepared(many)
        found = self.warnings(server)
        self.assertIn("Warning: MaxRequestWorkers 100000 x 4.0 MB a child (a guess, since no "
                      "server runs) = 390.6 GB, but there is ", found)
        self.assertRegex(found, r"  Mend: set MaxRequestWorkers to \d+ or less; 'preforkctl tune'")
        server.write_configuration("StartServers 3\nMinSpareServers 1")
        server.start()
        server.write_configuration("ServerLimit 200000\nMaxRequestWorkers 200000")
        self.assertRegex(self.warnings(server),
                         r"MaxRequestWorkers 200000 x [\d.]+ [kM]B a child \(the largest of 3 "
                         r"running, PSS \+ page tables\)")

    def make_certificate(self, server, name, days):
        """NAME.pem and NAME.key in its folder, for localhost."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                        "-days", str(days), "-keyout", f"{server.root}/{name}.key",
                        "-out", f"{server.root}/{name}.pem"], check=True, capture_output=True)

    def test_certificates_that_clients_will_not_accept(self):
        server = self.prepared()
        for name, days in (("good", 100), ("old", 10), ("other", 100)):
            self.make_certificate(server, name, days)
        tls = ("LoadModule ssl_module x\nSSLEngine on\nSSLCertificateFile {0}.pem\n"
               "SSLCertificateKeyFile {1}.key\n")
        server.write_configuration(tls.format("good", "good"))
        self.assertEqual(self.warnings(server), "")
        server.write_configuration(tls.format("old", "good") + "ServerName www.example.com")
        found = self.warnings(server)
        self.assertRegex(found, r"certificate \S+/old.pem expires on \d{4}-\d\d-\d\d, in \d+ days")
        self.assertIn("/old.pem does not name www.example.com", found)
        self.assertRegex(found, r"key \S+/good.key does not belong to certificate \S+/old.pem")

    @AS_ROOT
    def test_a_key_that_children_can_read(self):
        server = self.prepared()
        self.make_certificate(server, "good", 100)
        os.chmod(f"{server.root}/good.key", 0o644)
        server.write_configuration("LoadModule ssl_module x\nSSLEngine on\n"
                                   "SSLCertificateFile good.pem\nSSLCertificateKeyFile good.key")
        self.assertRegex(self.warnings(server), r"key \S+/good.key can be read by User nobody")

    def test_a_port_that_somebody_else_has(self):
        server = self.prepared()
        with socket.socket() as occupant:
            occupant.bind(("127.0.0.1", 0))
            occupant.listen()
            port = occupant.getsockname()[1]
            expected = (f"Warning: Listen 127.0.0.1:{port}: the port is in use by "
                        f"{self.own_name()} (pid {os.getpid()})")
            server.write_configuration(f"Listen 127.0.0.1:{port}")
            self.assertIn(expected, self.warnings(server))
            server.write_configuration("")
            server.start()
            server.write_configuration(f"Listen 127.0.0.1:{port}")
            self.assertEqual(self.warnings(server).splitlines()[0], expected)
        self.assertEqual(self.warnings(server), "")

    @staticmethod
    def own_name():
        with open("/proc/self/comm", encoding="ascii") as file:
            return file.read().strip()

    def test_an_address_that_the_machine_does_not_have(self):
        server = self.prepared("Listen 192.0.2.1:8099")
        self.assertIn("Listen 192.0.2.1:8099: this machine does not have the address now",
                      self.warnings(server))

    def test_a_folder_that_is_missing(self):
        server = self.prepared()
        server.write_configuration(f"PidFile {server.root}/none/pid")
        self.assertIn(f"PidFile: there is no folder {server.root}/none\n", self.warnings(server))

    @AS_ROOT
    def test_a_document_root_that_user_may_not_enter(self):
        server = self.prepared()
        os.chmod(f"{server.root}/htdocs", 0o700)
        self.assertIn(f"DocumentRoot {server.root}/htdocs: User {SERVING_USER} may not enter "
                      f"{server.root}/htdocs\n  Mend: chmod o+x {server.root}/htdocs",
                      self.warnings(server))

    @AS_ROOT
    def test_logs_that_user_could_exchange(self):
        server = self.prepared()
        shutil.chown(f"{server.root}/logs", SERVING_USER)
        self.assertIn(f"log folder {server.root}/logs can be changed by User {SERVING_USER}",
                      self.warnings(server))

    @AS_ROOT
    def test_an_ordinary_user_who_cannot_write_the_logs(self):
        server = self.prepared()
        entry = pwd.getpwnam(SERVING_USER)
        binary = shutil.copy(PREFORKD, server.root)
        ended = subprocess.run(
            [binary, "-f", server.configuration, "-t", "-D", "CHECK_SYSTEM"], capture_output=True,
            text=True, timeout=60, user=entry.pw_uid, group=entry.pw_gid,
            extra_groups=[])
        self.assertEqual(ended.returncode, 0)
        self.assertIn(f"log {server.log_path}: {server.root}/logs cannot be written", ended.stderr)
        self.assertTrue(ended.stderr.endswith("Syntax OK\n"))


class OpenFiles(PreforkctlTest):
    logs = "\n".join(f'CustomLog logs/{number}.log "%h"' for number in range(40))

    @staticmethod
    def with_limits(soft, hard):
        return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    def test_the_server_raises_its_soft_limit_to_what_it_needs(self):
        server = self.prepared(self.logs)
        server.start(preexec_fn=self.with_limits(100, 4096))
        self.assertIn("open files: soft limit raised from 100 to 212, since the configuration "
                      "needs 212 files open at a time (41 logs, 0 log programs, 1 listeners",
                      server.log())
        self.assertTrue(server.answers())
        with open(f"/proc/{server.children()[0]}/limits", encoding="ascii") as file:
            self.assertRegex(file.read(), r"Max open files +212 +4096")

    def test_a_restart_raises_it_too(self):
        server = self.prepared()
        server.start(preexec_fn=self.with_limits(140, 4096))
        self.assertNotIn("soft limit raised", server.log())
        server.write_configuration(self.logs)
        self.assertEqual(preforkctl(server, "graceful")[0], 0)
        server.wait_for_log("open files: soft limit raised from 140 to 212")

    def test_a_hard_limit_that_is_too_low_is_a_warning(self):
        server = self.prepared(self.logs)
        ended = subprocess.run(
            [PREFORKD, "-f", server.configuration, "-t", "-D", "CHECK_SYSTEM"], capture_output=True,
            text=True, timeout=60, preexec_fn=self.with_limits(100, 150))
        self.assertEqual(ended.returncode, 0)
        self.assertIn("Warning: the configuration needs 212 files open at a time", ended.stderr)
        self.assertIn("but the hard limit is 150\n  Mend: LimitNOFILE=212", ended.stderr)
        server.start(preexec_fn=self.with_limits(100, 150))
        self.assertIn("open files: the configuration needs 212 files open at a time", server.log())

