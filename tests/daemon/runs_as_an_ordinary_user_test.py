"""An ordinary user can run it on a high port; it says that User and Group do not apply."""

import os

from server import SERVING_USER, SUPERUSER, DaemonTest, status_of


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
