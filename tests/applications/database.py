"""A MariaDB of the test's own: it listens at a socket below the test's folder, and nowhere else."""

import os
import shutil
import socket
import subprocess

from browser import need
from server import wait_until

PATIENCE = 30


class Database:
    def __init__(self, folder):
        self.data = folder / "database"
        self.socket = f"{self.data}/socket"
        self.process = None
        self.own = ["--no-defaults", f"--datadir={self.data}", "--user=mysql"]
        self.data.mkdir()

    def start(self):
        need("/usr/sbin/mariadbd", "mariadb-server")
        # It does not run as root; Debian's package makes a user for it.
        shutil.chown(self.data, "mysql", "mysql")
        # One that starts removes what it finds of temporary tables, those of its neighbours too.
        environment = os.environ | {"TMPDIR": str(self.data)}
        with open(f"{self.data.parent}/database.log", "wb") as log:
            subprocess.run(["/usr/bin/mariadb-install-db", *self.own, "--skip-test-db",
                            "--auth-root-authentication-method=normal"],
                           check=True, stdout=log, stderr=log, env=environment)
            # PHP comes to the socket as the server's user.
            self.data.chmod(0o755)
            self.process = subprocess.Popen(
                ["/usr/sbin/mariadbd", *self.own, f"--socket={self.socket}", "--skip-networking",
                 "--innodb-flush-log-at-trx-commit=0"],
                stdout=log, stderr=log, env=environment)
        wait_until(self.answers, "the database", PATIENCE)
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"mariadbd ended with {self.process.returncode}")
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.socket) == 0

    def run(self, statements):
        """What the statements select, a row a line."""
        done = subprocess.run(["/usr/bin/mariadb", "--no-defaults", f"--socket={self.socket}",
                               "--user=root", "--skip-column-names"],
                              input=statements.encode(), stdout=subprocess.PIPE, check=True)
        return done.stdout.decode()

    def end(self):
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)
