"""What a child holds: the descriptors that it needs, no right, and no way to get one."""

import os
import pwd
import re
import signal
import struct
import subprocess
import sys
import unittest

from server import SERVING_USER, SUPERUSER, DaemonTest, free_port, is_alive, status_of, wait_until

DEVICES = ("/dev/null",) * 2  # standard input and output


def descriptors(pid):
    """What each open descriptor is, as /proc names it, with the way it can be used."""
    found = []
    for name in sorted(os.listdir(f"/proc/{pid}/fd"), key=int):
        target = re.sub(r"\d+", "N", os.readlink(f"/proc/{pid}/fd/{name}"))
        with open(f"/proc/{pid}/fdinfo/{name}", encoding="ascii") as file:
            flags = int(re.search(r"flags:\s+(\d+)", file.read()).group(1), 8)
        found.append((target, ("reading", "writing", "both")[flags & 3]))
    return found


@unittest.skipUnless(SUPERUSER, "only the superuser can become somebody else")
class GivesChildrenLittle(DaemonTest):
    def serving(self, server):
        """Children that serve; log programs are children of the control process, too."""
        user = str(pwd.getpwnam(SERVING_USER).pw_uid)
        return [child for child in server.serving_children()
                if status_of(child)["Uid"].split()[0] == user]

    def check_descriptors(self, flags):
        logs = 'CustomLog logs/access.log "%h"\nCustomLog "|/bin/cat" "%h"\nScoreBoardFile board\n'
        with self.server(f"{logs}Mutex fcntl mpm-accept\nListen 127.0.0.1:{free_port()}\n",
                         flags=flags) as server:
            root = re.sub(r"\d+", "N", server.root)
            expected = sorted([
                ("/dev/null", "both"), ("/dev/null", "both"),
                (f"{root}/logs/error.log", "writing"), (f"{root}/logs/error.log", "writing"),
                (f"{root}/logs/access.log", "writing"), ("pipe:[N]", "writing"),
                ("socket:[N]", "both"), ("socket:[N]", "both"),
            ])
            children = self.serving(server)
            self.assertEqual(len(children), 5)
            for child in children:
                found = descriptors(child)
                mutex = [item for item in found if "accept_mutex" in item[0]]
                self.assertEqual(len(mutex), 1, found)
                self.assertEqual(sorted(item for item in found if item not in mutex), expected)

    def test_descriptors_in_the_foreground(self):
        self.check_descriptors(("-D", "FOREGROUND"))

    def test_descriptors_of_a_daemon(self):
        self.check_descriptors(())

    def test_no_capability_is_left_in_any_set(self):
        with self.server() as server:
            for child in self.serving(server):
                status = status_of(child)
                for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
                    self.assertEqual(int(status[name], 16), 0, name)

    def test_programs_of_a_child_gain_no_rights_unless_the_configuration_says_so(self):
        with self.server() as server:
            self.assertEqual({status_of(child)["NoNewPrivs"] for child in self.serving(server)},
                             {"1"})
            self.assertEqual(status_of(server.pid)["NoNewPrivs"], "0")
        with self.server("NoNewPrivileges Off") as server:
            self.assertEqual({status_of(child)["NoNewPrivs"] for child in self.serving(server)},
                             {"0"})

    def as_serving_user(self, code, *arguments):
        """Runs Python code as a process that went the way of a child."""
        entry = pwd.getpwnam(SERVING_USER)
        return subprocess.run([sys.executable, "-c", code, *map(str, arguments)],
                              user=entry.pw_uid, group=entry.pw_gid, extra_groups=[],
                              stdout=subprocess.PIPE, text=True, check=True).stdout

    def test_nothing_of_the_server_can_be_written_to_from_outside_its_descriptors(self):
        with self.server("CustomLog logs/access.log %h\nScoreBoardFile board") as server:
            paths = [server.configuration, server.pid_path, f"{server.root}/logs",
                     f"{server.root}/logs/error.log", f"{server.root}/logs/access.log",
                     f"{server.root}/run", f"{server.root}/run/board", f"/proc/{server.pid}/mem",
                     f"/proc/{self.serving(server)[0]}/mem"]
            said = self.as_serving_user(
                "import os, sys\n"
                "for path in sys.argv[1:]: print(os.access(path, os.W_OK))", *paths)
            self.assertEqual(said.split(), ["False"] * len(paths))

    def test_the_control_process_cannot_be_signalled_by_a_child(self):
        with self.server() as server:
            said = self.as_serving_user(
                "import os, sys\n"
                "try: os.kill(int(sys.argv[1]), 0)\n"
                "except PermissionError: print('refused')", server.pid)
            self.assertEqual(said.strip(), "refused")

    def test_a_pid_on_the_scoreboard_is_nobodys_to_signal(self):
        with self.server("ScoreBoardFile board\nKeepAliveTimeout 60") as server, \
                subprocess.Popen(["sleep", "60"]) as bystander:
            self.addCleanup(bystander.kill)
            children = self.serving(server)
            self.assertEqual(self.tell_lies(server, children, bystander.pid), len(children))
            server.signal(signal.SIGUSR1)
            wait_until(lambda: not any(map(is_alive, children)), "the old children's end")
            children = self.serving(server)
            self.assertEqual(self.tell_lies(server, children, bystander.pid), len(children))
            control = server.pid
            server.signal(signal.SIGTERM)
            server.wait_for_end(control)
            self.assertEqual([pid for pid in children if is_alive(pid)], [])
            self.assertIsNone(bystander.poll())
            bystander.kill()

    @staticmethod
    def tell_lies(server, children, pid):
        """Puts `pid` where a child's stands, as a hostile child could; answers in how many places."""
        with open(f"{server.root}/run/board", "r+b") as board:
            content = board.read()
            places = [content.find(struct.pack("i", child)) for child in children]
            for place in places:
                board.seek(place)
                board.write(struct.pack("i", pid))
        return len(set(places) - {-1})

    def test_chroot_dir_locks_children_in(self):
        server = self.server()
        os.makedirs(f"{server.root}/jail{server.root}")
        os.rename(f"{server.root}/htdocs", f"{server.root}/jail{server.root}/htdocs")
        os.mkdir(f"{server.root}/htdocs")
        server.write_configuration(f"ChrootDir {server.root}/jail")
        with server:
            self.assertEqual(server.get()[0], 200)
            for child in self.serving(server):
                self.assertEqual(os.readlink(f"/proc/{child}/root"), f"{server.root}/jail")
