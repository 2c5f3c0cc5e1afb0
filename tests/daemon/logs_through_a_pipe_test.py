"""ErrorLog "|program" hands the error log to a program."""

import signal

from server import DaemonTest, wait_until


class LogsThroughAPipe(DaemonTest):
    def piped(self):
        server = self.server()
        server.error_log = f"|/usr/bin/tee -a {server.log_path}"
        server.write_configuration("")
        return server

    def test_the_program_gets_every_line(self):
        with self.piped() as server:
            self.assertTrue(server.answers())
            server.wait_for_log("AH00163")
            control = server.pid
            server.signal(signal.SIGTERM)
            server.wait_for_end(control)
            server.wait_for_log("AH00169: caught SIGTERM, shutting down")

    def test_a_restart_starts_a_new_program_and_keeps_serving(self):
        with self.piped() as server:
            server.signal(signal.SIGUSR1)
            server.wait_for_log("resuming normal operations", times=2)
            self.assertTrue(wait_until(server.answers, "an answer"))
            self.assertNotIn("AH00167", server.log())
