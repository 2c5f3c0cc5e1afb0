"""What chaos meets too rarely: stopped children in the wrong place, storms of signals, limits that
are reached at once, log programs that do not read."""

import os
import resource
import signal
import time

from chaos import ProcessLimit, send, signal_is_pending
from server import WITH_SANITIZERS, DaemonTest, free_port, is_alive, state_of, wait_until

POOL = "StartServers 4\nMinSpareServers 3\nMaxSpareServers 6\nMaxRequestWorkers 20\n"


POLL = {"x86_64": ("7", "271"), "aarch64": ("73",)}.get(os.uname().machine, ())


def stop(children):
    for child in children:
        os.kill(child, signal.SIGSTOP)
    wait_until(lambda: all(state_of(child) == "T" for child in children), "children that stop")


class SurvivesStoppedChildren(DaemonTest):
    def test_who_holds_the_accept_mutex_is_killed(self):
        for mechanism in ("pthread", "posixsem", "sysvsem", "fcntl", "flock"):
            pool = f"{POOL}Mutex {mechanism} mpm-accept\nListen 127.0.0.1:{free_port()}\n"
            with self.server(pool) as server:
                wait_until(server.answers, "an answer")
                holder = wait_until(lambda: self.holder(server), "one that waits for connections")
                stop([holder])
                # There is nobody else who could answer.
                wait_until(server.answers, "an answer", seconds=5)
                self.assertIn(f"child {holder} is stopped and may hold the accept mutex, it is "
                              "killed", server.log())
                wait_until(lambda: not is_alive(holder), "its end")
                self.assertNotIn("AH00167", server.log())

    @staticmethod
    def holder(server):
        """The child that waits in poll, and so holds the mutex."""
        for child in server.children():
            with open(f"/proc/{child}/syscall", encoding="ascii") as file:
                if file.read().split()[0] in POLL:
                    return child
        return None

    def test_who_is_stopped_is_not_idle_and_others_take_over(self):
        with self.server(POOL) as server:
            stopped = server.children()
            stop(stopped)
            wait_until(server.answers, "an answer", seconds=6)
            for child in stopped:
                self.assertIn(f"child {child} was stopped, and serves nobody until SIGCONT",
                              server.log())
                os.kill(child, signal.SIGCONT)
                server.wait_for_log(f"child {child} goes on")
            wait_until(lambda: len(server.children()) <= 6, "the end of those too many")
            self.assertNotIn("AH00167", server.log())

    def test_who_is_to_leave_and_cannot_is_killed(self):
        with self.server(POOL) as server:
            stopped = server.children()
            stop(stopped)
            server.signal(signal.SIGHUP)
            server.wait_for_log("resuming normal operations", times=2)
            self.assertTrue(server.answers())
            wait_until(lambda: not any(is_alive(child) for child in stopped), "their end")
            self.assertIn(f"child {stopped[0]} is stopped and does not leave as it was asked to, "
                          "it is killed", server.log())
            self.assertNotIn("AH00167", server.log())

    def test_a_stop_takes_them_along(self):
        with self.server(POOL) as server:
            stopped = server.children()[0]
            stop([stopped])
            begin = time.monotonic()
            server.signal(signal.SIGTERM)
            self.assertEqual(server.wait_for_end(server.process.pid), 0)
            self.assertLess(time.monotonic() - begin, 10.5)
            self.assertFalse(is_alive(stopped))
            self.assertEqual(server.log().count(f"AH00045: child process {stopped} still did not "
                                                "exit, sending a SIGTERM"), 3)
            self.assertIn(f"AH00046: child process {stopped} still did not exit, sending a SIGKILL",
                          server.log())


class SurvivesSignals(DaemonTest):
    def storm(self, server, number, seconds):
        """As fast as they can be sent; a signal is never missing for long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and send(server.process.pid, number):
            pass

    def test_a_storm_of_reloads_passes(self):
        with self.server(POOL) as server:
            for _ in range(200):
                server.signal(signal.SIGUSR1)
                time.sleep(0.005)
            self.assertTrue(server.answers())
            wait_until(lambda: not signal_is_pending(server.pid, signal.SIGUSR1), "the last one")
            wait_until(lambda: 3 <= len(server.children()) <= 6, "a calm pool")
            self.assertNotIn("AH00167", server.log())

    def test_term_is_obeyed_in_the_midst_of_a_storm(self):
        with self.server(POOL) as server:
            self.storm(server, signal.SIGHUP, 0.5)
            server.signal(signal.SIGTERM)
            self.storm(server, signal.SIGHUP, 5)
            self.assertFalse(is_alive(server.process.pid))
            self.assertEqual(server.process.wait(), 0)
            self.assertIn("AH00169", server.log())


class SurvivesLimits(DaemonTest):
    def test_a_log_that_must_not_grow(self):
        with self.server(POOL + "CustomLog logs/access.log common") as server:
            for _ in range(3):
                self.assertTrue(server.answers())
            size = os.path.getsize(server.log_path)
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            server.signal(signal.SIGHUP)
            wait_until(lambda: not signal_is_pending(server.pid, signal.SIGHUP), "the reload")
            for _ in range(100):
                self.assertTrue(server.answers())
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE,
                             (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            server.signal(signal.SIGHUP)
            server.wait_for_log("resuming normal operations", times=2)
            self.assertNotIn("AH00167", server.log())

    def test_an_error_log_on_a_full_disk_from_the_start(self):
        server = self.server(POOL, error_log="/dev/full")
        self.addCleanup(server.end)
        server.launch()
        wait_until(server.answers, "an answer")

    def test_children_that_lack_a_descriptor_do_not_end_the_server(self):
        pool = f"{POOL}Mutex flock mpm-accept\nListen 127.0.0.1:{free_port()}\n"
        with self.server(pool) as server:
            limit = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (3, limit[1]))
            for child in server.children():
                os.kill(child, signal.SIGKILL)
            server.wait_for_log("AH00155: Couldn't initialize cross-process lock in child")
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, limit)
            wait_until(server.answers, "an answer")
            self.assertNotIn("AH00050", server.log())

    def test_few_descriptors_from_the_start(self):
        """It serves, or says why not. A sanitizer needs descriptors to look at memory, and takes it for
        broken where it gets none."""
        if WITH_SANITIZERS:
            self.skipTest("the sanitizers need descriptors of their own")
        for few in range(4, 24):
            server = self.server(POOL)
            self.addCleanup(server.end)
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            server.launch(preexec_fn=lambda few=few, hard=hard: resource.setrlimit(
                resource.RLIMIT_NOFILE, (few, hard)))
            wait_until(lambda one=server: one.answers() or one.failed(), "an answer or an end")
            if server.failed():
                self.assertIn("Too many open files", server.speech(), f"{few} descriptors")
            server.end()


class SurvivesLogPrograms(DaemonTest):
    def test_one_that_does_not_read_stops_nobody_but_its_lines(self):
        server = self.server(POOL, error_log="|/bin/sleep 1000")
        self.addCleanup(server.end)
        server.launch()
        wait_until(server.answers, "an answer")
        server.write_configuration("NoSuchDirective on")
        for _ in range(300):  # each with complaints, which are more than the pipe holds
            server.signal(signal.SIGHUP)
            wait_until(lambda: not signal_is_pending(server.process.pid, signal.SIGHUP), "a reload")
        self.assertTrue(server.answers())
        server.signal(signal.SIGTERM)
        self.assertEqual(server.wait_for_end(server.process.pid), 0)

    def test_one_that_ends_again_and_again_is_started_again_and_again(self):
        server = self.server(POOL)
        self.addCleanup(server.end)
        server.write_configuration('ErrorLog "|$head -n 1 >> %s"' % server.log_path)
        server.launch()
        server.wait_for_log("AH00106: piped log program", times=3)
        self.assertTrue(server.answers())
        server.signal(signal.SIGTERM)
        self.assertEqual(server.wait_for_end(server.process.pid), 0)


class SurvivesFailingForks(DaemonTest):
    def test_old_children_serve_on_until_a_new_one_can_be_forked(self):
        for number in (signal.SIGHUP, signal.SIGUSR1):
            with self.server(POOL) as server:
                limit = ProcessLimit(server.pid)
                self.addCleanup(limit.remove)
                if not limit.works:
                    self.skipTest("no control group can be made here")
                limit.refuse_forks()
                old = server.children()
                server.signal(number)
                server.wait_for_log("old children serve on until new ones can be forked")
                server.wait_for_log("AH00159: fork: Unable to fork new process", times=2)
                self.assertEqual(server.children(), old)
                self.assertTrue(server.answers())
                limit.allow_forks()
                wait_until(lambda: not set(server.children()) & set(old), "the old ones' end")
                wait_until(server.answers, "an answer")
                self.assertNotIn("AH00167", server.log())
