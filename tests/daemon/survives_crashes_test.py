"""A child's crash costs the request it was serving, and nothing else; the log says which."""

import os
import signal

from server import DaemonTest, is_alive, wait_until


class SurvivesCrashes(DaemonTest):
    def test_a_segmentation_fault_costs_only_its_own_request(self):
        with self.server() as server:
            doomed, crashing = server.begin_request()
            spared, other = server.begin_request()
            self.assertNotEqual(crashing, other)
            os.kill(crashing, signal.SIGSEGV)
            self.assertEqual(doomed.recv(1), b"")
            self.assertEqual(server.finish_request(spared)[0], 200)
            self.assertTrue(server.answers())
            server.wait_for_log(f"child pid {crashing} exit signal Segmentation fault (11)")
            server.wait_for_log(f"AH00167: long lost child came home! (pid {crashing})")
            self.assertRegex(server.log(), r"AH0005[12]: child pid")

    def test_a_crashed_child_is_replaced(self):
        with self.server("StartServers 3\nMinSpareServers 3\nMaxSpareServers 5") as server:
            child = server.children()[0]
            os.kill(child, signal.SIGKILL)
            wait_until(lambda: not is_alive(child), "the child's end")
            wait_until(lambda: len(server.children()) == 3, "a new child")
            self.assertIn(f"AH00052: child pid {child} exit signal Killed (9)", server.log())

    def kill_whoever_holds_the_mutex(self, mechanism):
        server = self.server()
        other = self.server()
        self.addCleanup(other.end)
        server.write_configuration(f"Mutex {mechanism}\nListen 127.0.0.1:{other.port}")
        with server:
            for _ in range(3):
                for child in server.children():
                    os.kill(child, signal.SIGKILL)
                wait_until(server.answers, "an answer after the deaths", seconds=30)

    def test_a_child_that_dies_with_the_pthread_mutex_does_not_stop_the_others(self):
        self.kill_whoever_holds_the_mutex("pthread")

    def test_a_child_that_dies_with_the_posixsem_mutex_does_not_stop_the_others(self):
        self.kill_whoever_holds_the_mutex("posixsem")

    def test_a_child_that_dies_with_the_sysvsem_mutex_does_not_stop_the_others(self):
        self.kill_whoever_holds_the_mutex("sysvsem")

    def test_a_child_that_dies_with_the_fcntl_mutex_does_not_stop_the_others(self):
        self.kill_whoever_holds_the_mutex("fcntl")

    def test_a_child_that_dies_with_the_flock_mutex_does_not_stop_the_others(self):
        self.kill_whoever_holds_the_mutex("flock")
