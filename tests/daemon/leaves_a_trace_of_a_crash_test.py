"""Who dies unasked leaves in the error log what it was doing and, if wanted, where."""

import os
import re
import resource
import shutil
import signal
import unittest

from server import SERVING_USER, SUPERUSER, DaemonTest, is_alive, state_of, wait_until


def core_pattern():
    with open("/proc/sys/kernel/core_pattern", encoding="ascii") as file:
        return file.read().strip()


class LeavesATraceOfACrash(DaemonTest):
    def crash(self, server, number=signal.SIGSEGV):
        """Ends a child that reads a request; answers its pid."""
        _, child = server.begin_request()
        os.kill(child, number)
        server.wait_for_log(f"long lost child came home! (pid {child})")
        return child

    def test_the_stack_is_logged_with_names_where_there_are_any(self):
        with self.server("EnableExceptionHook On") as server:
            for number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL,
                           signal.SIGFPE):
                child = self.crash(server, number)
                wait_until(lambda: re.search(rf"child {child}: #.*preforkd::run_control_process",
                                             server.log()),
                           "the stack down to the control process")
                stack = re.findall(rf"\[mpm_prefork:warn\] \[pid [\d:a-z ]+\] child {child}: (#.*)",
                                   server.log())
                self.assertEqual([int(line[1:].split()[0]) for line in stack],
                                 list(range(len(stack))))
                self.assertRegex("\n".join(stack), r"preforkd\(\+0x[0-9a-f]+\) preforkd::run_child")
                self.assertRegex(server.log(),
                                 rf"AH0005[12]: child pid {child} exit signal .* \({int(number)}\)")

    def test_without_exception_hook_there_is_no_stack(self):
        with self.server() as server:
            child = self.crash(server)
            self.crash(server)  # whatever the first leaves is written by now
            self.assertNotIn(f"child {child}: #", server.log())

    def test_the_hook_is_on_or_off(self):
        server = self.server("EnableExceptionHook maybe")
        self.addCleanup(server.end)
        self.assertNotEqual(server.launch().wait(15), 0)
        self.assertIn("parameter must be 'on' or 'off'", server.speech())

    def test_a_client_that_sends_its_request_is_named(self):
        with self.server() as server:
            child = self.crash(server, signal.SIGKILL)
            self.assertRegex(server.log(),
                             rf"AH00167: long lost child came home! \(pid {child}\), was reading a "
                             r"request of client 127\.0\.0\.1 for \d+\.\d seconds, connection 1\n")

    def test_a_client_that_keeps_its_connection_is_named(self):
        with self.server("KeepAliveTimeout 60") as server:
            connection, child = server.begin_request()
            server.finish_request(connection)
            wait_until(lambda: state_of(child) == "S", "a child that waits")
            os.kill(child, signal.SIGKILL)
            server.wait_for_log(f"long lost child came home! (pid {child})")
            self.assertRegex(server.log(), r"was waiting for another request of client "
                                           r"127\.0\.0\.1 for \d+\.\d seconds, connection 1\n")

    def test_the_request_at_work_is_told_with_host_time_and_handler(self):
        with self.server() as server:
            child = server.begin_endless_answer()
            os.kill(child, signal.SIGKILL)
            server.wait_for_log(f"long lost child came home! (pid {child})")
            self.assertRegex(server.log(),
                             r"was serving client 127\.0\.0\.1, localhost:\d+, \"GET /endless "
                             r"HTTP/1\.1\" for \d+\.\d seconds, handler default-handler, "
                             r"connection 1\n")

    def test_a_core_file_lies_where_core_dump_directory_says(self):
        if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0 or "/" in core_pattern() \
                or core_pattern().startswith("|"):
            self.skipTest("this machine puts core files elsewhere")
        server = self.server()
        self.addCleanup(server.end)
        cores = f"{server.root}/cores"
        os.mkdir(cores)
        if SUPERUSER:
            shutil.chown(cores, SERVING_USER)
        server.write_configuration(f"CoreDumpDirectory {cores}\nEnableExceptionHook On")
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        server.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, hard)))
        child = self.crash(server)
        server.wait_for_log(f"AH00051: child pid {child} exit signal Segmentation fault (11), "
                            f"possible coredump in {cores}")
        wait_until(lambda: os.listdir(cores), "a core file")

    def test_with_core_dump_directory_a_child_may_dump_core(self):
        server = self.server()
        self.addCleanup(server.end)
        server.write_configuration(f"CoreDumpDirectory {server.root}")
        server.start()
        child = server.serving_children()[0]
        self.assertEqual(os.readlink(f"/proc/{child}/cwd"), server.root)
        # Who may not dump core belongs to root, in /proc.
        with open(f"/proc/{child}/status", encoding="ascii") as status:
            uid = int(re.search(r"Uid:\s+(\d+)", status.read()).group(1))
        self.assertEqual(os.stat(f"/proc/{child}/environ").st_uid, uid)

    @unittest.skipUnless(SUPERUSER, "an ordinary user's children may do what the server may")
    def test_a_core_dump_directory_that_children_may_not_enter_stops_nobody(self):
        server = self.server()
        self.addCleanup(server.end)
        os.mkdir(f"{server.root}/cores", 0o700)
        server.write_configuration(f"CoreDumpDirectory {server.root}/cores")
        server.start()
        self.assertTrue(server.answers())
        self.assertRegex(server.log(), r"\[mpm_prefork:warn\] .*\(13\)Permission denied: "
                                       rf"CoreDumpDirectory {server.root}/cores: no core file can "
                                       "be written")

    def test_a_burst_of_crashes_slows_forking_down_and_the_pool_recovers(self):
        with self.server("StartServers 4\nMinSpareServers 4\nMaxSpareServers 8") as server:
            while "children crash" not in server.log():
                for child in server.children():
                    os.kill(child, signal.SIGSEGV)
                    wait_until(lambda pid=child: not is_alive(pid), "the child's end")
            self.assertRegex(server.log(), r"\[mpm_prefork:error\] .*children crash: \d+ in the "
                                           r"last 10 seconds; forking slows down to one a second")
            wait_until(server.answers, "an answer")
            server.wait_for_log("forking is back to normal")
            wait_until(lambda: len(server.children()) >= 4, "the whole pool")
            self.assertEqual(server.log().count("children crash:"), 1)

    def test_a_small_pool_killed_by_hand_is_back_within_ten_seconds(self):
        pool = "StartServers 10\nMinSpareServers 10\nMaxSpareServers 12"
        with self.server(pool) as server:
            children = wait_until(lambda: server.children()[9:] and server.children(), "the pool")
            for child in children:
                os.kill(child, signal.SIGKILL)
            wait_until(lambda: len(server.children()) >= 10, "the whole pool", seconds=10)

    def test_a_crash_of_the_control_process_is_its_last_line(self):
        for directives, shows_stack in (("", False), ("EnableExceptionHook On", True)):
            with self.server(directives) as server:
                control = server.pid
                server.signal(signal.SIGSEGV)
                server.wait_for_end(control)
                self.assertEqual(server.process.returncode, -signal.SIGSEGV)
                self.assertIn(f"[core:notice] [pid {control}:tid {control}] AH00060: seg fault or "
                              "similar nasty error detected in the parent process", server.log())
                self.assertEqual("preforkd::run_control_process" in server.log(), shows_stack)
                os.unlink(server.pid_path)
