"""Debian's own /etc/apache2 is served as it stands, and means what it means to apache2.

The files are the installed ones, through a ServerRoot of links (see debian_tree.py for why and for
the one file that is not a link); the configuration test reads /etc/apache2 itself.
"""

import http.client
import os
import pathlib
import signal
import subprocess
import sys
import unittest

from server import PREFORKD, children_of, is_alive, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from debian_tree import (DebianTree, missing_package, own_addresses, port_for,  # noqa: E402
                         stock_environment)

ADDRESS = own_addresses(1)[0]
APACHE = "/usr/sbin/apache2"
MANUAL = pathlib.Path("/usr/share/doc/apache2-doc/manual")
STOCK = pathlib.Path("/etc/apache2")
# What certbot copies to /etc/letsencrypt/options-ssl-apache.conf.
CERTBOTS_OPTIONS = pathlib.Path("/usr/lib/python3/dist-packages/certbot_apache/_internal"
                                "/tls_configs/current-options-ssl-apache.conf")


def said_of_stock_files(binary, *arguments):
    """What a program says of /etc/apache2 itself, under one name for both."""
    environment = stock_environment()
    # As apachectl does: /run is empty after a start of the machine.
    if os.geteuid() == 0:
        os.makedirs(environment["APACHE_RUN_DIR"], exist_ok=True)
    done = subprocess.run([binary, "-d", "/etc/apache2", "-f", "apache2.conf", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                          env=environment, check=False)
    text = done.stdout.decode().replace(f"{os.path.basename(binary)}: ", "PROGRAM: ")
    # That mpm_event changes nothing is preforkd's own warning.
    return done.returncode, [line for line in text.splitlines()
                             if "mpm_event_module is loaded, but" not in line]


class ServesDebiansConfiguration(unittest.TestCase):
    def setUp(self):
        if not PREFORKD:
            self.skipTest("PREFORKD names no binary")
        if missing := missing_package():
            self.fail(missing)

    def tree(self):
        return DebianTree(PREFORKD, ADDRESS, port_for([ADDRESS]))

    def get(self, tree, path, **fields):
        connection = http.client.HTTPConnection(tree.address, tree.port, timeout=15)
        self.addCleanup(connection.close)
        connection.request("GET", path, headers={"Host": "localhost", **fields})
        response = connection.getresponse()
        return response.status, response.headers, response.read()

    def assert_serves(self, tree, path, file, content_type):
        status, fields, content = self.get(tree, path)
        self.assertEqual((status, fields["Content-Type"]), (200, content_type), path)
        self.assertEqual(content, pathlib.Path(file).read_bytes(), path)

    def test_says_of_it_what_apache2_says(self):
        for arguments in (("-t",), ("-t", "-D", "DUMP_INCLUDES")):
            self.assertEqual(said_of_stock_files(PREFORKD, *arguments),
                             said_of_stock_files(APACHE, *arguments))

    def test_understands_its_hosts_and_processes_as_apache2_does(self):
        (status, ours), (_, theirs) = (
            said_of_stock_files(binary, "-S") for binary in (PREFORKD, APACHE))
        own_affairs = "Mutex "
        self.assertEqual(status, 0)
        self.assertEqual([line for line in ours if not line.startswith(own_affairs)],
                         [line for line in theirs if not line.startswith(own_affairs)])

    def tree_with_tls(self, binary):
        """As after "a2enmod ssl; a2ensite default-ssl", with a host that certbot configured."""
        tree = DebianTree(binary, ADDRESS, port_for([ADDRESS]), f"""
            <VirtualHost *:443>
                ServerName certbot.test
                SSLCertificateFile /etc/ssl/certs/ssl-cert-snakeoil.pem
                SSLCertificateKeyFile /etc/ssl/private/ssl-cert-snakeoil.key
                Include {CERTBOTS_OPTIONS}
            </VirtualHost>
            """)
        (tree.etc / "ports.conf").unlink()
        (tree.etc / "ports.conf").symlink_to(STOCK / "ports.conf")
        for folder, more in (("mods", ("ssl.load", "ssl.conf", "socache_shmcb.load")),
                             ("sites", ("default-ssl.conf",))):
            enabled = tree.etc / f"{folder}-enabled"
            files = [path.resolve() for path in
                     [*enabled.iterdir(), *(STOCK / f"{folder}-available" / name for name in more)]]
            if enabled.is_symlink():
                enabled.unlink()
                enabled.mkdir()
            for file in files:
                if not (enabled / file.name).exists():
                    (enabled / file.name).symlink_to(file)
        return tree

    def test_says_of_its_tls_site_and_of_certbots_options_what_apache2_says(self):
        for path in ("/etc/ssl/certs/ssl-cert-snakeoil.pem", CERTBOTS_OPTIONS):
            self.assertTrue(os.path.exists(path), f"conf/demo/packages installs {path}")
        for arguments in (("-t",), ("-S",)):
            said = []
            for binary in (PREFORKD, APACHE):
                with self.tree_with_tls(binary) as tree:
                    status, text = tree.run_for(*arguments)
                text = text.replace(str(tree.root), "ROOT")
                text = text.replace(f"{os.path.basename(binary)}: ", "PROGRAM: ")
                # Apache lists addresses as its hash table has them.
                said.append((status, sorted(line for line in text.splitlines()
                                            if not line.startswith("Mutex ") and
                                            "mpm_event_module is loaded, but" not in line)))
            self.assertEqual(*said)
            if os.geteuid() == 0:
                self.assertEqual(said[0][0], 0, said[0][1])

    def test_has_its_modules_and_prefork(self):
        ours, theirs = (set(said_of_stock_files(binary, "-M")[1]) for binary in (PREFORKD, APACHE))
        self.assertEqual(theirs - ours, set())
        self.assertLessEqual(ours - theirs, {" mpm_prefork_module (static)", " slow_request_module (static)"})

    def test_serves_its_site_the_manual_and_the_icons(self):
        with self.tree().start() as tree:
            self.assert_serves(tree, "/", "/var/www/html/index.html", "text/html")
            self.assert_serves(tree, "/manual/", MANUAL / "index.html", "text/html")
            self.assert_serves(tree, "/manual/en/mod/core.html", MANUAL / "en/mod/core.html",
                               "text/html")
            self.assert_serves(tree, "/icons/folder.gif", "/usr/share/apache2/icons/folder.gif",
                               "image/gif")
            status, fields, content = self.get(tree, "/manual/style/css/")
            self.assertEqual((status, fields["Content-Type"]), (200, "text/html;charset=UTF-8"))
            self.assertIn(b'<a href="manual.css">manual.css</a>', content)
            self.assertEqual(self.get(tree, "/icons/")[0], 403)
            self.assertEqual(self.get(tree, "/nothing")[0], 404)
            port = "" if tree.port == 80 else f":{tree.port}"
            self.assertEqual(self.get(tree, "/manual/en")[1]["Location"],
                             f"http://localhost{port}/manual/en/")

    def test_compresses_what_it_says_is_to_be_compressed(self):
        with self.tree().start() as tree:
            gzip = {"Accept-Encoding": "gzip"}
            page, icon = (self.get(tree, path, **gzip)[1] for path in ("/manual/", "/icons/a.gif"))
            self.assertEqual((page["Content-Encoding"], page["Vary"]), ("gzip", "Accept-Encoding"))
            self.assertIsNone(icon["Content-Encoding"])

    def test_shows_its_status_to_this_machine(self):
        with self.tree().start() as tree:
            status, _, content = self.get(tree, "/server-status?auto")
            self.assertEqual(status, 200)
            self.assertIn(b"\nServerMPM: prefork\n", content)

    def test_writes_the_logs_it_names(self):
        with self.tree().start() as tree:
            self.get(tree, "/icons/", **{"User-Agent": "a test", "Referer": "http://a.test/"})
            tree.wait_for_lines("access.log", 1)
            self.assertRegex(tree.log("access.log"), r'^127\.0\.0\.1 - - '
                             r'\[.+\] "GET /icons/ HTTP/1.1" 403 \d+ "http://a.test/" "a test"\n$')
            self.assertRegex(tree.log("error.log"), r"\[autoindex:error\] \[pid \d+.*\] "
                             r"\[client [0-9.]+:\d+\] AH01276: Cannot serve directory "
                             r"/usr/share/apache2/icons/: .*, referer: http://a.test/\n")

    def test_a_graceful_restart_and_a_stop_find_it_by_its_pid_file(self):
        with self.tree().start() as tree:
            before = children_of(tree.process.pid)
            self.assertEqual(tree.run_for("-k", "graceful")[0], 0)
            wait_until(lambda: not any(map(is_alive, before)), "the end of the first children")
            self.assertEqual(self.get(tree, "/")[0], 200)
            self.assertEqual(tree.run_for("-k", "stop")[0], 0)
            self.assertEqual(tree.process.wait(15), 0)
            self.assertFalse((tree.run / "pid").exists())
            self.assertIn("AH00169: caught SIGTERM", tree.log("error.log"))
