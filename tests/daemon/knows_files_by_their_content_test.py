"""A file whose name tells no type has the one that its content tells (mod_mime_magic)."""

import gzip
import pathlib
import urllib.request

from server import DaemonTest

FILES = {
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0", "image/png", None),
    "page": (b"<!DOCTYPE html>\n<html><head><title>page", "text/html", None),
    "paper": (b"%PDF-1.4\n", "application/pdf", None),
    "README": (b"read me\n", "text/plain", None),
    "empty": (b"", "text/plain", None),
    "packed": (gzip.compress(b"packed\n"), None, "x-gzip"),
    "noise": (bytes([200, 3, 0, 255] * 9), None, None),
    "named.txt": (b"<html><head><title>page", "text/plain", None),
}


class KnowsFilesByTheirContent(DaemonTest):
    def test_where_the_name_tells_nothing(self):
        server = self.server()
        root = pathlib.Path(server.root)
        server.write_configuration(
            "LoadModule mime_module x\nLoadModule mime_magic_module x\nTypesConfig /dev/null\n"
            f"AddType text/plain .txt\nMimeMagicFile {root}/magic\n")
        (root / "magic").write_text("# read by nobody\n", encoding="ascii")
        for name, (content, _, _) in FILES.items():
            (root / "htdocs" / name).write_bytes(content)
        with server:
            for name, (_, kind, coding) in FILES.items():
                with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/{name}") as answer:
                    self.assertEqual((answer.headers["Content-Type"],
                                      answer.headers["Content-Encoding"]), (kind, coding), name)

    def test_needs_its_file(self):
        server = self.server()
        server.write_configuration("LoadModule mime_magic_module x\nMimeMagicFile nowhere\n")
        with self.assertRaisesRegex(AssertionError, "AH01515: .*/nowhere"):
            server.start()
