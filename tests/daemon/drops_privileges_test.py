"""Children run as User and Group with that user's supplementary groups, and nothing more."""

import grp
import os
import pwd
import unittest

from server import SERVING_USER, SUPERUSER, DaemonTest, status_of


@unittest.skipUnless(SUPERUSER, "only the superuser can become somebody else")
class DropsPrivileges(DaemonTest):
    def test_children_are_the_configured_user_without_capabilities(self):
        entry = pwd.getpwnam(SERVING_USER)
        groups = set(os.getgrouplist(SERVING_USER, entry.pw_gid))
        with self.server() as server:
            self.assertEqual(status_of(server.pid)["Uid"].split(), ["0"] * 4)
            for child in server.serving_children():
                status = status_of(child)
                self.assertEqual(status["Uid"].split(), [str(entry.pw_uid)] * 4)
                self.assertEqual(status["Gid"].split(), [str(entry.pw_gid)] * 4)
                self.assertEqual(set(map(int, status["Groups"].split())), groups)
                self.assertEqual(int(status["CapEff"], 16), 0)
                self.assertEqual(int(status["CapPrm"], 16), 0)

    def test_a_user_in_several_groups_keeps_them(self):
        name, groups = next(((entry.pw_name, groups) for entry in pwd.getpwall()
                             if entry.pw_uid != 0 and
                             len(groups := os.getgrouplist(entry.pw_name, entry.pw_gid)) > 1),
                            (None, None))
        if not name:
            self.skipTest("no user here is in several groups")
        group = grp.getgrgid(pwd.getpwnam(name).pw_gid).gr_name
        with self.server(f"User {name}\nGroup {group}") as server:
            for child in server.serving_children():
                self.assertEqual(set(map(int, status_of(child)["Groups"].split())), set(groups))

    def test_refuses_to_serve_as_the_superuser(self):
        server = self.server("User root")
        self.addCleanup(server.end)
        self.assertEqual(server.launch().wait(15), 1)
        self.assertIn("superuser", server.speech())
