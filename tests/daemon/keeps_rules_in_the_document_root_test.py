"""A client's path that a rule passes on is a file's name in DocumentRoot, and in no folder beside it."""

import pathlib

from server import DaemonTest

DIRECTIVES = """LoadModule authz_core_module x
LoadModule rewrite_module x
RewriteEngine on
RewriteRule ^(.*)$ $1
<Directory />
Require all granted
</Directory>
"""


class KeepsRulesInTheDocumentRoot(DaemonTest):
    def test_a_folder_whose_name_begins_alike(self):
        with self.server(DIRECTIVES) as server:
            beside = pathlib.Path(f"{server.root}/htdocs-private")
            beside.mkdir()
            (beside / "page.txt").write_text("private", encoding="ascii")
            self.assertEqual(server.get(f"{server.root}/htdocs/page.txt")[0], 200)
            self.assertEqual(server.get(f"{server.root}/htdocs-private/page.txt")[0], 404)
