"""A child sees every change of an .htaccess file, also one that keeps its size and its time."""

import os
import time

from server import DaemonTest, wait_until

DIRECTIVES = """StartServers 1
MaxRequestWorkers 1
LoadModule authz_core_module x
<Directory {root}/htdocs>
    AllowOverride All
    Require all granted
</Directory>
"""
SETTLED = 3  # seconds after which a child trusts what it has read


class SeesChangesOfHtaccess(DaemonTest):
    def test_that_keep_size_and_time(self):
        server = self.server()
        path = f"{server.root}/htdocs/.htaccess"
        server.write_configuration(DIRECTIVES.format(root=server.root))
        self.write(path, "Require all denied \n", when=1_600_000_000)
        with server:
            self.assertEqual(server.get()[0], 403)
            wait_until(lambda: time.time() - os.stat(path).st_ctime > SETTLED, "a settled file")
            self.assertEqual(server.get()[0], 403)
            self.write(path, "Require all granted\n", when=1_600_000_000)
            self.assertEqual(server.get()[0], 200)

    @staticmethod
    def write(path, text, when):
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.utime(path, (when, when))
