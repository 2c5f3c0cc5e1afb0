"""Runs preforkctl, which lies beside the binary under test, for a server of server.py."""

import os
import subprocess

from server import PREFORKD, DaemonTest

PREFORKCTL = os.path.join(os.path.dirname(PREFORKD), "preforkctl")
STATUS_PAGE = """
LoadModule status_module modules/mod_status.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule authz_host_module modules/mod_authz_host.so
<Location "/server-status">
    SetHandler server-status
    Require local
</Location>
"""


def preforkctl(server, *words, **environment):
    """Exit status, standard output and standard error of `preforkctl -d ROOT -f FILE words`."""
    command = [PREFORKCTL, "-d", server.root, "-f", server.configuration, *words]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                           timeout=60, env=os.environ | environment)
    return ended.returncode, ended.stdout, ended.stderr


class PreforkctlTest(DaemonTest):
    """A server that a case may leave stopped: whatever it started is ended."""

    def prepared(self, directives="", **options):
        server = self.server(directives, **options)
        self.addCleanup(server.end)
        return server
