"""A repository over HTTP, by git's own git-http-backend, which is a CGI script: cloned, pushed to, and
fetched from, large and small, by git itself."""

import os
import pathlib
import pwd
import shutil
import subprocess
import unittest

from server import SERVING_USER, DaemonTest

BACKEND = "/usr/lib/git-core/git-http-backend"
DIRECTIVES = """LoadModule cgi_module x
LoadModule alias_module x
LoadModule env_module x
LoadModule authz_core_module x
SetEnv GIT_PROJECT_ROOT {root}/repositories
SetEnv GIT_HTTP_EXPORT_ALL
SetEnv REMOTE_USER tester
ScriptAlias /git/ {backend}/
<Directory /usr/lib/git-core>
Options +ExecCGI
Require all granted
</Directory>
"""
LARGE = 200 << 20


class ServesGit(DaemonTest):
    def git(self, *words, folder):
        """What it says. Nothing of the machine's own settings counts."""
        environment = os.environ | {
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": str(folder),
            "GIT_TERMINAL_PROMPT": "0"}
        for who in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{who}_NAME": "tester", f"GIT_{who}_EMAIL": "tester@test"}
        ended = subprocess.run(["git", *words], cwd=folder, env=environment, capture_output=True,
                               text=True, timeout=240)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def commit(self, folder, name, content):
        (folder / name).write_bytes(content)
        self.git("add", name, folder=folder)
        self.git("commit", "-q", "-m", name, folder=folder)

    def test_clone_push_and_fetch(self):
        if not pathlib.Path(BACKEND).exists():
            self.fail("git is not installed")
        server = self.server()
        root = pathlib.Path(server.root)
        repository = root / "repositories" / "one.git"
        repository.mkdir(parents=True)
        self.git("init", "-q", "--bare", "-b", "main", folder=repository)
        self.git("config", "http.receivepack", "true", folder=repository)
        for path in (repository, *repository.rglob("*")):
            shutil.chown(path, SERVING_USER, pwd.getpwnam(SERVING_USER).pw_gid)
        server.write_configuration(DIRECTIVES.format(root=root, backend=BACKEND))
        with server:
            url = f"http://127.0.0.1:{server.port}/git/one.git"
            self.git("clone", "-q", url, "first", folder=root)
            first = root / "first"
            self.git("checkout", "-q", "-b", "main", folder=first)
            self.commit(first, "small.txt", b"small")
            self.git("push", "-q", "origin", "main", folder=first)
            self.git("clone", "-q", url, "second", folder=root)
            self.commit(first, "large.bin", os.urandom(LARGE))
            self.git("push", "-q", "origin", "main", folder=first)
            self.git("pull", "-q", folder=root / "second")
            self.assertEqual((root / "second/large.bin").read_bytes(),
                             (first / "large.bin").read_bytes())
            self.assertEqual((root / "second/small.txt").read_bytes(), b"small")


if __name__ == "__main__":
    unittest.main()
