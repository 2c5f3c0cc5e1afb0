"""What tests of PHP applications share: a folder to copy a package's files to, a server with Debian's
own snippets, a database, and a browser."""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "daemon"))

from server import PREFORKD, SERVING_USER, Server, wait_until  # noqa: E402: found by the line above

AVAILABLE = pathlib.Path("/etc/apache2/mods-available")
SNIPPETS = pathlib.Path("/etc/apache2/conf-available")
# As `a2enmod php8.2 rewrite …` leaves them.
ENABLED = ("mpm_prefork authz_core authz_host access_compat alias dir env mime negotiation setenvif "
           "rewrite php8.2").split()
PATIENCE = 30


class MissingPackage(Exception):
    """Says what to install."""


def need(path, package):
    if not pathlib.Path(path).exists():
        raise MissingPackage(f"install Debian's package {package}: {path} is missing")
    return path


def module_lines():
    """Debian's files for the modules, unmodified."""
    lines = []
    for name in ENABLED:
        for ending in ("load", "conf"):
            if (AVAILABLE / f"{name}.{ending}").exists():
                lines.append(f"Include {AVAILABLE}/{name}.{ending}")
    return "\n".join(lines) + "\n"


def replace_in(path, replacements):
    text = path.read_text(encoding="utf-8")
    for old, new in replacements.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def give_to_server(path):
    """The children may write below it."""
    user = pwd.getpwnam(SERVING_USER)
    for folder, _, files in os.walk(path):
        for entry in (folder, *(f"{folder}/{name}" for name in files)):
            os.chown(entry, user.pw_uid, user.pw_gid, follow_symlinks=False)


class Database:
    """A MariaDB of the test's own, at a socket, without a network."""

    def __init__(self, folder):
        need("/usr/sbin/mariadbd", "mariadb-server")
        self.folder = folder / "database"
        self.socket = str(folder / "database.sock")
        user = pwd.getpwnam("mysql")
        folder.chmod(0o755)
        self.folder.mkdir()
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        own = ["--no-defaults", f"--datadir={self.folder}", "--user=mysql"]
        subprocess.run(["mariadb-install-db", *own, "--auth-root-authentication-method=normal",
                        "--skip-test-db"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        # The socket lies where that user may write.
        self.socket = str(self.folder / "socket")
        os.chmod(self.folder, 0o755)
        self.process = subprocess.Popen(
            ["/usr/sbin/mariadbd", *own, f"--socket={self.socket}", "--skip-networking",
             "--innodb-flush-log-at-trx-commit=0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.answers, "the database", PATIENCE)

    def answers(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.socket) == 0

    def run(self, statements):
        subprocess.run(["mariadb", "--no-defaults", f"--socket={self.socket}", "-u", "root"],
                       input=statements.encode(), check=True)

    def end(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


def start_browser(folder):
    try:
        from selenium import webdriver
    except ImportError as problem:
        raise MissingPackage("install Debian's package python3-selenium") from problem
    options = webdriver.ChromeOptions()
    options.binary_location = need("/usr/bin/chromium", "chromium")
    # Root has no sandbox, and a container little shared memory.
    for option in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu",
                   "window-size=1300,1600", f"user-data-dir={folder}/browser"):
        options.add_argument(f"--{option}")
    service = webdriver.chrome.service.Service(need("/usr/bin/chromedriver", "chromium-driver"))
    return webdriver.Chrome(service=service, options=options)


class ApplicationTest(unittest.TestCase):
    """One application, from its first page on. A test is a story; its parts depend on each other."""

    def setUp(self):
        if not PREFORKD:
            self.skipTest("PREFORKD names no binary")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="application-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.folder.chmod(0o755)
        self.picture = self.folder / "picture.png"
        self.picture.write_bytes(make_picture())

    def start_database(self):
        database = Database(self.folder)
        self.addCleanup(database.end)
        return database

    def copy(self, tree, package, name, links=False):
        """TREE of a package as a folder of the test's own."""
        target = self.folder / name
        return pathlib.Path(shutil.copytree(need(tree, package), target, symlinks=links))

    def serve(self, snippet):
        """Starts the server with SNIPPET, and a browser."""
        self.server = Server(module_lines() + snippet)
        self.server.start()
        self.addCleanup(self.server.end)
        self.browser = start_browser(self.folder)
        self.addCleanup(self.browser.quit)
        self.browser.implicitly_wait(PATIENCE)
        self.browser.set_page_load_timeout(PATIENCE)

    def url(self, path):
        return f"http://localhost:{self.server.port}{path}"

    def go(self, path):
        self.browser.get(self.url(path))

    def find(self, selector):
        return self.browser.find_element("css selector", selector)

    def fill(self, **values):
        """By the names of the fields. Pages that move the focus about do not disturb it."""
        for name, value in values.items():
            field = self.find(f'[name="{name}"]')
            if field.get_attribute("type") == "file":
                field.send_keys(value)
            else:
                self.browser.execute_script(
                    "arguments[0].value = arguments[1];"
                    "for (const kind of ['input', 'change'])"
                    "  arguments[0].dispatchEvent(new Event(kind, {bubbles: true}));", field, value)

    def press(self, selector):
        """As a mouse would, but for what another element covers."""
        self.browser.execute_script("arguments[0].click()", self.find(selector))

    def await_text(self, text):
        wait_until(lambda: text in self.browser.page_source, f"a page with {text!r}", PATIENCE)

    def assert_no_complaints(self):
        """Nothing crashed, and no script was broken off."""
        log = self.server.log()
        for word in ("PHP Fatal", "PHP Parse", "exit signal", "AH00052"):
            self.assertNotIn(word, log)


def make_picture():
    """A PNG of 40 by 40 points."""
    import struct
    import zlib

    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content +
                struct.pack(">I", zlib.crc32(kind + content)))
    rows = b"".join(b"\0" + bytes([row * 6, 100, 200]) * 40 for row in range(40))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 40, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
