"""A child that cannot work for a reason that holds for every child ends the server."""

import os
import shutil
import signal
import unittest

from server import SUPERUSER, DaemonTest, is_alive


@unittest.skipUnless(SUPERUSER, "only the superuser's children can be locked in, or fail to be")
class StopsWhenNoChildCanWork(DaemonTest):
    def test_and_says_so(self):
        server = self.server()
        self.addCleanup(server.end)
        os.makedirs(f"{server.root}/jail{server.root}/htdocs")
        server.write_configuration(f"ChrootDir {server.root}/jail")
        server.start()
        control = server.pid
        children = server.serving_children()
        shutil.rmtree(f"{server.root}/jail")
        for child in children:
            os.kill(child, signal.SIGKILL)
        server.wait_for_end(control)
        self.assertEqual(server.process.returncode, 1)
        self.assertRegex(server.log(), rf"\[core:alert\] \[pid {control}:tid {control}\] AH00050: "
                                       r"Child \d+ returned a Fatal error... Apache is exiting!")
        self.assertFalse(os.path.exists(server.pid_path))
        self.assertFalse(is_alive(control))
