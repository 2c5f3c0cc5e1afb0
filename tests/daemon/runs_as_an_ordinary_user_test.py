"""An ordinary user can run it on a high port; it says that User and Group do not apply."""

import os
import pwd
import shutil
import unittest

from server import SERVING_USER, SUPERUSER, DaemonTest, status_of, wait_until


class RunsAsAnOrdinaryUser(DaemonTest):
    def test_serves_as_whoever_started_it(self):
        user = SERVING_USER if SUPERUSER else None
        with self.server("User nobody", user=user) as server:
            self.assertTrue(server.answers())
            control = status_of(server.pid)["Uid"]
            self.assertNotEqual(control.split()[0], "0")
            for child in server.children():
                self.assertEqual(status_of(child)["Uid"], control)
            self.assertIn("User and Group do not apply", server.log())
            self.assertTrue(os.path.exists(server.pid_path))

    @unittest.skipUnless(SUPERUSER and shutil.which("setpriv"), "only the superuser can give rights")
    def test_keeps_the_right_to_bind_low_ports_from_its_children(self):
        entry = pwd.getpwnam(SERVING_USER)
        server = self.server(user=SERVING_USER)
        self.addCleanup(server.end)
        own = server.command()
        server.command = lambda: ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}",
                                  "--clear-groups", "--inh-caps=+net_bind_service",
                                  "--ambient-caps=+net_bind_service",
                                  shutil.copy(own[0], server.root), *own[1:]]
        server.user = None
        server.start()
        self.assertNotEqual(int(status_of(server.pid)["CapEff"], 16), 0)
        self.assertTrue(server.answers())
        for child in server.children():
            wait_until(lambda pid=child: {status_of(pid)[name].lstrip("0") for name in
                                          ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {""},
                       "a child without rights")
