"""What tests of PHP applications share: a folder to copy a package's files to, a server with Debian's
own snippets, a database, and a browser.

PREFORKD=/usr/sbin/apache2 shows what apache2 with mod_php makes of the same."""

import os
import pathlib
import pwd
import re
import shutil
import signal
import struct
import sys
import tempfile
import unittest
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "daemon"))

from server import PREFORKD, SERVING_USER, SUPERUSER, Server  # noqa: E402: by the line above
from browser import Browser, need  # noqa: E402: it imports server itself
from database import Database  # noqa: E402

AVAILABLE = pathlib.Path("/etc/apache2/mods-available")
SNIPPETS = pathlib.Path("/etc/apache2/conf-available")
# As `a2enmod php8.2 rewrite …` leaves them.
ENABLED = ("mpm_prefork authz_core authz_host access_compat alias autoindex deflate dir env filter "
           "mime negotiation setenvif rewrite php8.2").split()
# What PHP logs of a script that does not do what it was written for, and the server of a child.
COMPLAINTS = re.compile(r"PHP (?:Fatal|Parse|Recoverable|Core|Compile|Warning|Notice).*|"
                        r".*exit signal.*|.*AH00052.*")
PICTURE_WIDTH = 40


class ApplicationTest(unittest.TestCase):
    """One application, from its first page on. A test is a story: each part builds on those before."""

    # What scripts of the package complain about wherever they run.
    KNOWN_FAULTS = ()

    def setUp(self):
        if not PREFORKD:
            self.skipTest("PREFORKD names no binary")
        if not SUPERUSER:
            self.skipTest("folders of the packages are for www-data and root alone")
        need(AVAILABLE / "php8.2.load", "libapache2-mod-php8.2")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="application-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.picture = self.folder / "picture.png"
        self.picture.write_bytes(make_picture())

    def start_database(self, name):
        """A database of that name for the user "writer", whose password is "secret"."""
        database = Database(self.folder)
        self.addCleanup(database.end)
        database.start()
        database.run(f"CREATE DATABASE {name}; CREATE USER writer@localhost IDENTIFIED BY 'secret';"
                     f"GRANT ALL ON {name}.* TO writer@localhost;")
        return database

    def copy(self, tree, package, name, links=False):
        """TREE of a package as a folder of the test's own."""
        return pathlib.Path(shutil.copytree(need(tree, package), self.folder / name, symlinks=links))

    def serve(self, snippet):
        """Starts the server with SNIPPET, and a browser."""
        sessions = self.folder / "sessions"
        sessions.mkdir()
        give_to_server(sessions)
        self.server = Server(module_lines() + f"php_admin_value session.save_path {sessions}\n" + snippet)
        self.addCleanup(self.server.end)
        # apache2 signals its whole process group in the end, which must not be the test's.
        self.server.start(start_new_session=True)
        self.browser = Browser(self.folder / "profile", f"http://localhost:{self.server.port}")
        self.addCleanup(self.browser.end)

    def assert_no_complaints(self):
        """Nothing crashed and no script erred; asked after the end, since all is logged by then."""
        self.server.signal(signal.SIGTERM)
        self.server.wait_for_end(self.server.process.pid)
        log = self.server.log()
        self.assertIn("AH00169", log)
        self.assertEqual([line for line in COMPLAINTS.findall(log)
                          if not any(fault in line for fault in self.KNOWN_FAULTS)], [])


def module_lines():
    """Debian's files for the modules, unmodified."""
    files = [AVAILABLE / f"{name}.{ending}" for ending in ("load", "conf") for name in ENABLED]
    return "".join(f"Include {file}\n" for file in files if file.exists())


def replace_in(path, replacements):
    text = path.read_text(encoding="utf-8")
    for old, new in replacements.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def give_to_server(path):
    """Its children may write below PATH."""
    user = pwd.getpwnam(SERVING_USER)
    for folder, _, files in os.walk(path):
        for entry in (folder, *(f"{folder}/{name}" for name in files)):
            os.chown(entry, user.pw_uid, user.pw_gid, follow_symlinks=False)


def make_picture():
    """A square PNG."""
    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content +
                struct.pack(">I", zlib.crc32(kind + content)))
    rows = b"".join(b"\0" + bytes([row * 6, 100, 200]) * PICTURE_WIDTH for row in range(PICTURE_WIDTH))
    head = struct.pack(">IIBBBBB", PICTURE_WIDTH, PICTURE_WIDTH, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))
