"""Modules that are built outside the tree, against installed headers alone: those of docs/sdk."""

import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import unittest

from server import PREFORKD, DaemonTest

TOP = pathlib.Path(__file__).resolve().parents[2]
DIRECTIVES = """LoadModule hello_module {modules}/hello_module.so
LoadModule report_module {modules}/report_module.so
HelloText "good day"
<Location /hello>
SetHandler hello
</Location>
<Location /hello/evening>
HelloText "good evening"
</Location>
<Location /report>
SetHandler report
ReportDatabase {modules}/data.sqlite
ReportQuery "SELECT name, number FROM fruit ORDER BY name"
</Location>
<Location /broken>
SetHandler report
ReportDatabase {modules}/data.sqlite
ReportQuery "SELECT number FROM nowhere"
</Location>
"""


def run(*words):
    subprocess.run(words, check=True, capture_output=True, timeout=300)


class LoadsModulesFromFiles(DaemonTest):
    @classmethod
    def setUpClass(cls):
        if not PREFORKD:
            raise unittest.SkipTest("PREFORKD names no binary")
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="preforkd-modules-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        installed = cls.folder / "installed"
        run("cmake", "--install", os.path.dirname(PREFORKD), "--component", "sdk",
            "--prefix", str(installed))
        for name in ("skeleton", "report"):
            build = cls.folder / name
            run("cmake", "-S", str(TOP / "docs/sdk" / name), "-B", str(build),
                f"-DCMAKE_PREFIX_PATH={installed}")
            run("cmake", "--build", str(build))
        cls.modules = cls.folder / "modules"
        cls.modules.mkdir()
        for path in (cls.folder / "skeleton/hello_module.so", cls.folder / "report/report_module.so"):
            shutil.copy(path, cls.modules)
        with sqlite3.connect(cls.modules / "data.sqlite") as database:
            database.execute("CREATE TABLE fruit (name TEXT, number INTEGER)")
            database.executemany("INSERT INTO fruit VALUES (?, ?)", [("pear", 2), ("<apple>", 3)])
        for path in (cls.folder, cls.modules):
            path.chmod(0o755)

    def test_handlers_and_directives(self):
        server = self.server()
        server.write_configuration(DIRECTIVES.format(modules=self.modules))
        with server:
            self.ask(server)
            server.signal(signal.SIGUSR1)
            server.wait_for_log("AH00094", times=2)
            self.ask(server)
            self.assertEqual(server.get("/broken")[0], 500)
            server.wait_for_log("report: no such table: nowhere")

    def ask(self, server):
        self.assertEqual(server.get("/hello")[-1], "good day\n")
        self.assertEqual(server.get("/hello/evening")[-1], "good evening\n")
        status, head, content = server.get("/report")
        self.assertEqual(status, 200)
        self.assertIn("content-type: text/html; charset=utf-8", head)
        self.assertIn("<tr><td>&lt;apple></td><td>3</td></tr>\n<tr><td>pear</td><td>2</td></tr>",
                      content)

    def test_notes_of_children(self):
        server = self.server()
        server.write_configuration(DIRECTIVES.format(modules=self.modules) + (
            "LoadModule status_module mod_status.so\nMaxRequestWorkers 1\n"
            "<Location /server-status>\nSetHandler server-status\n</Location>\n"))
        with server:
            self.assertNotIn("Notes of modules", server.get("/server-status")[-1])
            server.get("/report")
            self.assertRegex(server.get("/server-status")[-1],
                             r"Notes of modules(?s:.*)<td>\d+</td><td>holds /.*data\.sqlite</td>")
            self.assertRegex(server.get("/server-status?json")[-1],
                             r'"note": "holds /.*data\.sqlite"')

    def test_htaccess(self):
        server = self.server()
        server.write_configuration(
            f"LoadModule hello_module {self.modules}/hello_module.so\n"
            f"<Directory {server.root}/htdocs>\nAllowOverride FileInfo\n</Directory>\n")
        pathlib.Path(server.root, "htdocs/.htaccess").write_text(
            "SetHandler hello\nHelloText mine\n", encoding="ascii")
        with server:
            self.assertEqual(server.get("/page.txt")[-1], "mine\n")

    def test_what_cannot_be_loaded(self):
        for identifier, file, message in (
                ("other_module", "hello_module.so", "it holds hello_module, not other_module"),
                ("hello_module", "data.sqlite", "preforkd has no module hello_module"),
                ("hello_module", "missing.so", "preforkd has no module hello_module")):
            with self.subTest(file):
                server = self.server()
                server.write_configuration(f"LoadModule {identifier} {self.modules}/{file}")
                ended = subprocess.run(server.command() + ["-t"], capture_output=True, text=True,
                                       timeout=60)
                self.assertEqual(ended.returncode, 1)
                self.assertIn(message, ended.stderr)
                server.end()


if __name__ == "__main__":
    unittest.main()
