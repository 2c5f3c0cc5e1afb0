"""RequestTerminateTimeout ends a child that works on one request for too long, and says where."""

import os
import signal

from server import DaemonTest, is_alive, wait_until

# Long enough to find out, on a busy machine, which child it is about.
LIMIT = "RequestTerminateTimeout 4"
TOLD = r"RequestTerminateTimeout: child {} was ended, was serving client 127\.0\.0\.1, " \
       r"localhost:\d+, \"GET /endless HTTP/1\.1\" for \d+\.\d seconds, handler default-handler, " \
       r"connection 1"


class EndsHangingRequests(DaemonTest):
    def test_a_request_that_runs_too_long_is_ended_with_its_stack(self):
        with self.server(LIMIT) as server:
            child = server.begin_endless_answer()
            server.wait_for_log("preforkd::run_child")
            self.assertIn(f"child {child}: #0 ", server.log())
            self.assertRegex(server.log(), TOLD.format(child) + r"\n")
            wait_until(lambda: not is_alive(child), "its end")
            self.assertNotIn("AH00167", server.log())
            self.assertTrue(server.answers())

    def test_who_does_not_react_is_killed(self):
        with self.server(LIMIT) as server:
            child = server.begin_endless_answer()
            os.kill(child, signal.SIGSTOP)
            server.wait_for_log("it did not react and was killed")
            self.assertRegex(server.log(), TOLD.format(child) + "; it did not react and was killed")
            self.assertNotIn("AH00167", server.log())
            self.assertFalse(is_alive(child))

    def test_it_is_about_requests_and_not_about_those_who_wait_for_one(self):
        with self.server(f"{LIMIT}\nKeepAliveTimeout 60") as server:
            reading, reader = server.begin_request()
            keeping, keeper = server.begin_request()
            server.finish_request(keeping)
            ended = server.begin_endless_answer()
            server.wait_for_log(f"child {ended} was ended")
            self.assertEqual(server.finish_request(reading)[0], 200)
            self.assertEqual(server.get(connection=keeping)[0], 200)
            self.assertTrue(is_alive(reader) and is_alive(keeper))

    def test_a_virtual_host_has_its_own(self):
        server = self.server()
        self.addCleanup(server.end)
        server.write_configuration(
            f"{LIMIT}\n"
            f"<VirtualHost 127.0.0.1:{server.port}>\nServerName localhost\n"
            "RequestTerminateTimeout 0\n</VirtualHost>\n"
            f"<VirtualHost 127.0.0.1:{server.port}>\nServerName hasty\n</VirtualHost>")
        server.start()
        patient = server.begin_endless_answer()
        hasty = server.begin_endless_answer("hasty")
        server.wait_for_log(f"child {hasty} was ended")
        self.assertTrue(is_alive(patient))
        self.assertNotIn(f"child {patient}", server.log())

    def test_by_hand_usr2_shows_where_a_child_is(self):
        with self.server() as server:
            child = server.begin_endless_answer()
            os.kill(child, signal.SIGUSR2)
            server.wait_for_log(f"child {child}: #0 ")
            self.assertIn(f"long lost child came home! (pid {child}), exit status 16, was serving",
                          server.log())

    def test_a_limit_is_a_number_of_seconds(self):
        for text in ("never", "-1"):
            server = self.server(f"RequestTerminateTimeout {text}")
            self.addCleanup(server.end)
            self.assertNotEqual(server.launch().wait(15), 0)
            self.assertIn("RequestTerminateTimeout takes a number of seconds, or 0 for no limit",
                          server.speech())
