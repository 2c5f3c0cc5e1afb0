"""HUP, USR1 and WINCH do to the pool what Apache's manual says, and lose no request."""

import os
import signal
import socket

from server import PAGE, PATIENCE, DaemonTest, free_port, is_alive, read_response, state_of, wait_until

POOL = "StartServers 3\nMinSpareServers 1\nMaxSpareServers 5\n"


class ObeysSignals(DaemonTest):
    def new_children(self, server, before):
        """Waits until none of the children from before is left but those that serve."""
        return wait_until(lambda: len(set(server.children()) - set(before)) >= 3,
                          "new children")

    def test_usr1_replaces_idle_children_and_lets_busy_ones_finish(self):
        with self.server(POOL) as server:
            before, control = server.children(), server.pid
            connection, busy = server.begin_request()
            server.signal(signal.SIGUSR1)
            server.wait_for_log("AH00171: Graceful restart requested, doing restart")
            server.wait_for_log("resuming normal operations", times=2)
            wait_until(lambda: set(before) & set(server.children()) == {busy}, "idle ones to leave")
            self.assertTrue(server.answers())
            status, fields, content = server.finish_request(connection)
            self.assertEqual((status, content), (200, PAGE))
            self.assertIn("connection: close", fields)
            wait_until(lambda: not is_alive(busy), "the busy child's end")
            self.assertEqual(server.pid, control)
            self.assertNotIn("AH00167", server.log())

    def test_hup_starts_new_children_and_loses_no_accepted_request(self):
        with self.server(POOL) as server:
            before = server.children()
            connection, _ = server.begin_request()
            server.signal(signal.SIGHUP)
            server.wait_for_log("AH00173: SIGHUP received.  Attempting to restart")
            self.new_children(server, before)
            self.assertEqual(server.finish_request(connection)[0], 200)
            wait_until(lambda: not set(before) & set(server.children()), "old children's end")
            self.assertNotIn("AH00167", server.log())

    @staticmethod
    def most_files(pids):
        return max(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids)

    def test_hup_leaves_nothing_of_the_old_configuration_open(self):
        port = free_port()
        with self.server(POOL + f"Listen 127.0.0.1:{port}\nCustomLog |/bin/cat %h") as server:
            before = server.serving_children()
            files = self.most_files(before)
            server.write_configuration(POOL + "CustomLog |/bin/cat %h")
            server.signal(signal.SIGHUP)
            self.new_children(server, before)
            wait_until(lambda: not set(before) & set(server.children()), "old children's end")
            self.assertLess(self.most_files(server.serving_children()), files)
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), 5)

    def test_an_idle_keep_alive_does_not_hold_up_a_restart(self):
        with self.server(POOL) as server:
            before = server.children()
            with server.connect() as connection:
                self.assertEqual(server.get(connection=connection)[0], 200)
                server.signal(signal.SIGUSR1)
                self.assertEqual(connection.recv(1), b"")
            wait_until(lambda: not set(before) & set(server.children()), "old children's end")

    def test_a_child_that_is_stopped_and_continued_keeps_its_client(self):
        with self.server(POOL + "KeepAliveTimeout 10") as server, server.connect() as connection:
            self.assertEqual(server.get(connection=connection)[0], 200)
            child = server.child_of(connection)
            wait_until(lambda: state_of(child) == "S", "a wait for the client")
            os.kill(child, signal.SIGSTOP)
            wait_until(lambda: state_of(child) == "T", "the stop")
            os.kill(child, signal.SIGCONT)
            connection.settimeout(2)
            with self.assertRaises(TimeoutError):
                connection.recv(1)
            connection.settimeout(PATIENCE)
            self.assertEqual(server.get(connection=connection)[0], 200)

    def test_no_request_is_lost_over_twenty_restarts(self):
        with self.server(POOL) as server:
            for turn in range(20):
                server.signal(signal.SIGUSR1 if turn % 2 else signal.SIGHUP)
                for _ in range(10):
                    self.assertEqual(server.get()[0], 200)
            self.assertNotIn("AH00167", server.log())

    def test_a_restart_reopens_the_error_log(self):
        with self.server(POOL) as server:
            os.rename(server.log_path, server.log_path + ".1")
            server.signal(signal.SIGUSR1)
            server.wait_for_log("resuming normal operations")

    def test_winch_stops_listening_at_once_and_waits_for_busy_children(self):
        with self.server(POOL) as server:
            control = server.pid
            connection, busy = server.begin_request()
            children = server.children()
            server.signal(signal.SIGWINCH)
            server.wait_for_log("AH00170: caught SIGWINCH, shutting down gracefully")
            with self.assertRaises(ConnectionRefusedError):
                server.connect()
            wait_until(lambda: [pid for pid in children if is_alive(pid)] == [busy],
                       "idle children to leave")
            self.assertFalse(os.path.exists(server.pid_path))
            status, fields, _ = server.finish_request(connection)
            self.assertEqual(status, 200)
            self.assertIn("connection: close", fields)
            self.assertEqual(server.wait_for_end(control), 0)

    def test_winch_lets_in_who_waits_to_be_accepted(self):
        pool = "StartServers 1\nMinSpareServers 1\nMaxSpareServers 1\nMaxRequestWorkers 1\n"
        with self.server(pool) as server:
            control = server.pid
            busy, _ = server.begin_request()
            waiting = server.connect()
            waiting.sendall(b"GET /page.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
            server.signal(signal.SIGWINCH)
            self.assertEqual(server.finish_request(busy)[0], 200)
            busy.close()
            self.assertEqual(read_response(waiting)[0], 200)
            self.assertEqual(server.wait_for_end(control), 0)

    def test_winch_waits_no_longer_than_graceful_shutdown_timeout(self):
        with self.server(POOL + "GracefulShutdownTimeout 1") as server:
            control = server.pid
            connection, _ = server.begin_request()
            server.signal(signal.SIGWINCH)
            server.wait_for_end(control)
            connection.close()
