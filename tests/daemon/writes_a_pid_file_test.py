"""The pid file names the control process, and a stale one is noticed."""

import os

from server import DaemonTest, is_alive


class WritesAPidFile(DaemonTest):
    def test_it_names_the_control_process(self):
        with self.server() as server:
            self.assertEqual(server.pid, server.process.pid)
            with open(server.pid_path, encoding="ascii") as file:
                self.assertEqual(file.read(), f"{server.process.pid}\n")
            self.assertNotIn("AH00098", server.log())

    def test_a_stale_one_is_overwritten_with_a_warning(self):
        server = self.server()
        with open(server.pid_path, "w", encoding="ascii") as file:
            file.write("4194000\n")
        self.assertFalse(is_alive(4194000))
        with server:
            self.assertEqual(server.pid, server.process.pid)
            self.assertIn(f"AH00098: pid file {server.pid_path} overwritten -- Unclean shutdown of "
                          "previous Apache run?", server.log())
            self.assertTrue(os.path.exists(server.pid_path))

    def test_that_it_cannot_be_written_is_said_to_whoever_starts_the_server(self):
        server = self.server(flags=())
        self.addCleanup(server.end)
        server.pid_path = f"{server.root}/no/such/folder.pid"
        server.write_configuration("")
        self.assertEqual(server.launch().wait(15), 1)
        self.assertIn(f"AH00099: could not create {server.pid_path}", server.speech())
