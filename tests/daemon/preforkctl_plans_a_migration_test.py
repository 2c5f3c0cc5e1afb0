"""preforkctl migrate says of every directive of an Apache configuration what becomes of it."""

import json
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile
import unittest

from preforkctl import PREFORKCTL
from server import PREFORKD

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from debian_tree import STOCK, missing_package  # noqa: E402

# What a start asks for, beside what a case is about.
FRAME = """\
ServerName localhost
Listen 8099
User nobody
Group #65534
LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
LoadModule authz_core_module modules/mod_authz_core.so
"""


class MigrationTest(unittest.TestCase):
    def setUp(self):
        if not PREFORKD:
            self.skipTest("PREFORKD names no binary")
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="migrate-"))
        self.addCleanup(shutil.rmtree, self.root)
        for folder in ("logs", "htdocs", "run"):
            (self.root / folder).mkdir()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run_migrate(self, *words, **environment):
        environment = os.environ | {"APACHE_RUN_DIR": str(self.root / "run")} | environment
        return subprocess.run([PREFORKCTL, *map(str, words)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, env=environment)

    def survey(self, text, *words):
        """Exit status, the report, and the class of each directive behind the frame by its name."""
        file = self.write("apache2.conf", f"{FRAME}DocumentRoot {self.root}/htdocs\n{text}\n")
        ended = self.run_migrate("migrate", *words, "--json", file)
        self.assertEqual(ended.stderr, "")
        report = json.loads(ended.stdout)
        first = FRAME.count("\n") + 2
        classes = {one["name"]: one["class"] for one in report["directives"]
                   if one["file"] != str(file) or one["line"] >= first}
        return ended.returncode, report, classes


class PreforkctlPlansAMigration(MigrationTest):
    def test_ready(self):
        status, report, classes = self.survey("<Directory />\nOptions None\nRequire all granted\n"
                                              "</Directory>\nKeepAlive Off")
        self.assertEqual((status, report["verdict"]), (0, "ready"), report)
        self.assertEqual(classes, {name: "works" for name in
                                   ("<Directory>", "Options", "Require", "KeepAlive")})
        self.assertEqual(report["counts"]["works"], report["counts"]["all"])
        self.assertEqual(report["accepted"], {"files": 1, "tolerant": 1, "strict": 1})

    def test_differences(self):
        status, report, classes = self.survey("ServerTokens Prod\nServerSignature Off\n"
                                              "FileETag +INode\nLoadModule ssl_module x\n"
                                              "SSLSRPUnknownUserSeed x")
        self.assertEqual((status, report["verdict"]), (1, "differences"), report)
        self.assertEqual(classes, {"ServerTokens": "differs", "ServerSignature": "works",
                                   "FileETag": "differs", "LoadModule": "works",
                                   "SSLSRPUnknownUserSeed": "later"})
        remarks = {one["name"]: one.get("remark") for one in report["directives"]}
        self.assertTrue(remarks["ServerTokens"].startswith("Server: says preforkd"))
        self.assertEqual(remarks["SSLSRPUnknownUserSeed"],
                         "there is no SRP; SSLSRPVerifierFile is an error")

    def test_what_stops_it(self):
        status, report, classes = self.survey(
            "WSGIScriptAlias / /x\nOptions Foo\nListen 0\nNonsense 1\nKeepAlive On\nAlias /a /b\n"
            "<Nothing a>\nAllowOverride None\nMore b\n</Nothing>\nInclude nothing.conf")
        self.assertEqual((status, report["verdict"]), (2, "not yet"))
        self.assertEqual(classes, {
            "WSGIScriptAlias": "unknown", "Options": "refused", "Listen": "refused",
            "Nonsense": "unknown", "KeepAlive": "works", "Alias": "unknown", "<Nothing>": "unknown",
            "AllowOverride": "works", "More": "unknown", "Include": "refused"})
        found = {one["name"]: one for one in report["directives"]}
        line = FRAME.count("\n") + 2
        self.assertEqual((found["WSGIScriptAlias"]["module"], found["WSGIScriptAlias"]["line"]),
                         ("mod_wsgi", line))
        self.assertEqual(found["Alias"]["module"], "mod_alias")
        self.assertIn("no LoadModule", found["Alias"]["remark"])
        self.assertEqual(found["Options"]["remark"], "Illegal option Foo")
        self.assertEqual(report["accepted"]["tolerant"], 0)

    def test_modules_that_are_not_here_are_there_to_the_configuration(self):
        _, report, classes = self.survey(
            "LoadModule lua_module x\n<IfModule mod_lua.c>\nLuaScope once\n</IfModule>\n"
            "<IfModule !lua_module>\nNeverSeen 1\n</IfModule>\n"
            "<IfModule mod_perl.c>\nPerlModule x\n</IfModule>")
        self.assertEqual([one["identifier"] for one in report["missing_modules"]], ["lua_module"])
        self.assertEqual(classes, {"LoadModule": "unknown", "<IfModule>": "works",
                                   "LuaScope": "unknown"})

    def test_only_a_start_tells(self):
        status, report, _ = self.survey("User no-such-user")
        self.assertEqual((status, report["counts"]["refused"]), (2, 0))
        self.assertIn("bad user name no-such-user", report["fault"])

    def test_names_variables_and_server_root_are_apaches(self):
        self.write("envvars", "export A_FOLDER=sub\n")
        self.write("other", "export A_FOLDER=other\n")
        self.write("sub/x.conf", "KeepAlive On\n<IfDefine BIG>\nBogus 1\n</IfDefine>\n")
        text = "Include ${A_FOLDER}/*.conf"
        status, report, _ = self.survey(text)
        self.assertEqual(status, 0, report)
        self.assertEqual(report["files"][1:], [str(self.root / "sub/x.conf")])
        status, report, classes = self.survey(text, "-D", "BIG")
        self.assertEqual((status, classes["Bogus"]), (2, "unknown"))
        self.assertEqual(self.survey(text, "--envvars", self.root / "other")[2]["Include"],
                         "refused")

    def test_macros_are_told_of_where_they_are_used(self):
        _, report, _ = self.survey("LoadModule macro_module x\n<Macro Host $n>\nBogus $n\n</Macro>\n"
                                   "Use Host a")
        bogus = [one for one in report["directives"] if one["name"] == "Bogus"]
        self.assertEqual([(one["file"], one["line"]) for one in bogus],
                         [(report["configuration"], FRAME.count("\n") + 6)])

    def test_htaccess_files_that_count(self):
        for folder in ("a", "off", "a/deep"):
            self.write(f"htdocs/{folder}/.htaccess", "Bogus 1\nErrorDocument 404 /x\nOptions None\n")
        status, report, _ = self.survey(
            f"<Directory {self.root}/htdocs>\nAllowOverride FileInfo\n</Directory>\n"
            f"<Directory {self.root}/htdocs/off>\nAllowOverride None\n</Directory>")
        self.assertEqual(status, 2)
        self.assertEqual(report["htaccess_files"], [f"{self.root}/htdocs/a/.htaccess",
                                                    f"{self.root}/htdocs/a/deep/.htaccess"])
        self.assertEqual((report["htaccess_ignored"], report["htaccess_complete"]), (1, True))
        found = {(one["name"], one["class"]) for one in report["directives"]
                 if one["file"].endswith(".htaccess")}
        self.assertEqual(found, {("Bogus", "unknown"), ("ErrorDocument", "works"),
                                 ("Options", "refused")})

    def test_a_configuration_that_apache_cannot_read_either(self):
        status, report, _ = self.survey("<Directory />")
        self.assertEqual(status, 2)
        self.assertIn("<Directory> was not closed", report["fault"])

    def test_people_see_it_aligned_and_in_colours_on_a_terminal_alone(self):
        file = self.write("apache2.conf", FRAME + "ServerTokens Prod\nBogus 1\nBogus 2\n")
        text = self.run_migrate("migrate", file).stdout
        self.assertRegex(text, r"(?m)^  unknown +2 +\d+\.\d %  ")
        self.assertIn("    Bogus                          apache2.conf:8, :9\n", text)
        self.assertNotIn("\033", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 100)
        leader, follower = pty.openpty()
        ended = subprocess.run([PREFORKCTL, "migrate", file], stdin=subprocess.DEVNULL,
                               stdout=follower, timeout=60, check=False,
                               env={k: v for k, v in os.environ.items() if k != "NO_COLOR"})
        os.close(follower)
        self.assertEqual(ended.returncode, 2)
        self.assertIn(b"\033[1m", os.read(leader, 1 << 16))
        os.close(leader)

    def test_refuses_words_it_does_not_know(self):
        for words in (("migrate", "--nonsense"), ("migrate", "a", "b"),
                      ("migrate", "--preview", "0"), ("migrate", "--tree"),
                      ("migrate", self.root / "none")):
            self.assertEqual(self.run_migrate(*words).returncode, 2, words)
        self.assertEqual(self.run_migrate("migrate", "--help").returncode, 0)

    def test_a_tree_of_files_each_for_itself(self):
        self.write("tree/.htaccess", "RewriteEngine On\n<IfModule mod_x.c>\nBogus 1\n</IfModule>\n")
        self.write("tree/a.conf", "Include nothing.conf\nLoadModule x_module y\nKeepAlive On\n")
        self.write("tree/b.conf", "<Lua *>\nBogus 2\n</Lua>\nKeepAlive On\nKeepAlive On\n")
        self.write("tree/sites/one", "<VirtualHost *:80>\n</VirtualHost>\n")
        self.write("tree/readme", "nothing to see\n")
        self.write("tree/foreign.conf", "<?xml version='1.0'?>\n<a><b/></a>\n")
        self.write("tree/other.conf", "worker_processes 1;\n")
        (self.root / "tree/link.conf").symlink_to("a.conf")
        ended = self.run_migrate("migrate", "--tree", self.root / "tree", "--json")
        report = json.loads(ended.stdout)
        names = [os.path.relpath(one["file"], self.root / "tree") for one in report["files"]]
        by_name = dict(zip(names, report["files"]))
        self.assertEqual(names, [".htaccess", "a.conf", "b.conf", "sites/one"])
        self.assertEqual({name: (one["strict"], one["tolerant"]) for name, one in by_name.items()},
                         {".htaccess": (False, True), "a.conf": (True, True),
                          "b.conf": (False, False), "sites/one": (True, True)})
        self.assertEqual(by_name["b.conf"]["unknown"], ["<Lua>", "Bogus"])
        self.assertEqual((by_name["b.conf"]["directives"], by_name["b.conf"]["known"]), (4, 2))
        self.assertEqual(report["accepted"], {"files": 4, "tolerant": 3, "strict": 2})
        self.assertEqual(len(report["foreign"]), 2)
        self.assertEqual(ended.returncode, 1)
        text = self.run_migrate("migrate", "--tree", self.root / "tree").stdout
        self.assertRegex(text, r"(?m)^  all +4 +50\.0 % +75\.0 %")


@unittest.skipIf(missing_package(), missing_package())
class PreforkctlKnowsDebiansConfiguration(MigrationTest):
    def test_its_files_are_accepted_and_what_differs_is_told(self):
        variables = self.write("envvars", f". {STOCK}/envvars\nAPACHE_RUN_DIR={self.root}/run\n"
                               f"APACHE_LOG_DIR={self.root}/logs\n")
        ended = self.run_migrate("migrate", "--envvars", variables, "--json")
        report = json.loads(ended.stdout)
        self.assertEqual((ended.returncode, report["verdict"]), (1, "differences"), report["sentence"])
        self.assertEqual(report["configuration"], f"{STOCK}/apache2.conf")
        self.assertEqual(report["server_root"], str(STOCK))
        self.assertEqual(report["accepted"]["tolerant"], report["accepted"]["files"])
        self.assertEqual(report["counts"]["unknown"] + report["counts"]["refused"], 0)
        self.assertGreater(report["counts"]["works"], 200)
        told = {(one["name"], one["class"]) for one in report["directives"]}
        self.assertIn(("ServerTokens", "differs"), told)
        enabled = [path for folder in ("mods", "conf", "sites")
                   for path in (STOCK / f"{folder}-enabled").iterdir()]
        self.assertEqual(len(report["files"]), 1 + len(enabled) + len(["ports.conf"]))

