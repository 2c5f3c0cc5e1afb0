"""What surrounds a server that is to be disturbed: a disk that can be full, a limit of processes,
limits of descriptors, and a ledger of what was done to it and must stand in its error log."""

import collections
import contextlib
import errno
import os
import re
import resource
import subprocess
import threading
import time

from load import Load
from server import children_of, status_of

FOREVER = float("inf")


class SmallDisk:
    """A file system of its own on `folder`, for the superuser."""

    def __init__(self, folder, size="64m"):
        self.folder = folder
        self.ballast = f"{folder}/ballast"
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "none", folder],
                       check=True)

    def fill(self):
        """To the last byte, also against writers who find what is left."""
        with open(self.ballast, "ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass

    def empty(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.ballast)

    def remove(self):
        subprocess.run(["umount", "-l", self.folder], check=False)


class ProcessLimit:
    """A control group in which forking can be made to fail; without one, the limit of an ordinary
    user's processes, which does not hold for the superuser."""

    def __init__(self, pid):
        self.pid, self.group = pid, None
        for top in ("/sys/fs/cgroup/pids", "/sys/fs/cgroup"):
            if self.make(f"{top}/preforkd-chaos-{pid}"):
                break
        if self.group:
            for member in [pid, *children_of(pid)]:
                self.put("cgroup.procs", member)
        self.works = self.group or os.stat(f"/proc/{pid}").st_uid != 0

    def make(self, folder):
        with contextlib.suppress(OSError):
            os.mkdir(folder)
            if os.path.exists(f"{folder}/pids.max"):
                self.group = folder
                return True
            os.rmdir(folder)
        return False

    def put(self, name, value):
        with open(f"{self.group}/{name}", "w", encoding="ascii") as file:
            file.write(f"{value}\n")

    def refuse_forks(self):
        if self.group:
            self.put("pids.max", 1)
        else:
            self.allow_processes(1)

    def allow_forks(self):
        if self.group:
            self.put("pids.max", "max")
        else:
            self.allow_processes(resource.getrlimit(resource.RLIMIT_NPROC)[0])

    def allow_processes(self, count):
        hard = resource.prlimit(self.pid, resource.RLIMIT_NPROC)[1]
        resource.prlimit(self.pid, resource.RLIMIT_NPROC, (count, hard))

    def remove(self):
        """Whoever is left in it leaves it."""
        if not self.group:
            return
        self.allow_forks()
        with open(f"{self.group}/cgroup.procs", encoding="ascii") as members:
            for member in members.read().split():
                with contextlib.suppress(OSError), open(
                        f"{os.path.dirname(self.group)}/cgroup.procs", "w",
                        encoding="ascii") as parent:
                    parent.write(member)
        with contextlib.suppress(OSError):
            os.rmdir(self.group)


class DescriptorLimits:
    """Soft limits of processes, lowered to what is open and raised again."""

    def __init__(self):
        self.lowered = set()

    def lower(self, pid, left=0):
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            numbers = [int(name) for name in os.listdir(f"/proc/{pid}/fd")]
            self.set(pid, max(numbers) + 1 + left)
            self.lowered.add(pid)

    def raise_all(self):
        for pid in self.lowered:
            self.set(pid, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        self.lowered.clear()

    @staticmethod
    def set(pid, soft):
        """As its own user, since a superuser may lack the right to do it for others."""
        status = status_of(pid)
        if status:
            user, group = (int(status[name].split()[0]) for name in ("Uid", "Gid"))
            subprocess.run(["prlimit", f"--pid={pid}", f"--nofile={soft}:"], user=user, group=group,
                           stderr=subprocess.DEVNULL, check=False)


class Windows:
    """Spans of time, such as those in which the disk is full."""

    def __init__(self):
        self.spans = []

    def open(self):
        self.spans.append([time.monotonic(), FOREVER])

    def close(self):
        if self.is_open():
            self.spans[-1][1] = time.monotonic()

    def is_open(self):
        return bool(self.spans) and self.spans[-1][1] == FOREVER

    def touch(self, begin, end):
        return any(first <= end and last >= begin for first, last in self.spans)

    def seconds_within(self, begin, end):
        return sum(max(0, min(last, end) - max(first, begin)) for first, last in self.spans)


class Ledger:
    """What must be in the error log, each with its moment; the disk may have been full then."""

    WRITTEN_WITHIN = 3  # seconds

    def __init__(self, full_disk):
        self.full_disk = full_disk
        self.expected = collections.defaultdict(list)

    def expect(self, pattern, surely=True):
        self.expected[pattern].append((time.monotonic(), surely))

    def errors(self, text):
        """A line for each pattern that is there too rarely or too often."""
        found = []
        for pattern, moments in self.expected.items():
            count = len(re.findall(pattern, text))
            excused = sum(not surely or self.full_disk.touch(moment, moment + self.WRITTEN_WITHIN)
                          for moment, surely in moments)
            if not len(moments) - excused <= count <= len(moments):
                found.append(f"{pattern!r}: {count} times, expected {len(moments)}, "
                             f"{excused} of them perhaps not")
        return found


class WatchedLoad(Load):
    """Remembers when requests were lost."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.lost_at = []

    def note(self, failure):
        super().note(failure)
        self.lost_at.append((time.monotonic(), failure))


class Probe:
    """Begins a request on a new connection twice a second, whatever became of the last one."""

    BETWEEN = 0.5

    def __init__(self, ask):
        self.ask = ask
        self.answered_at = [time.monotonic()]
        self.over = threading.Event()
        self.lost = 0
        self.threads = []
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.over.wait(self.BETWEEN):
            asking = threading.Thread(target=self.once, daemon=True)
            asking.start()
            self.threads = [thread for thread in self.threads if thread.is_alive()] + [asking]

    def once(self):
        if self.ask():
            self.answered_at.append(time.monotonic())
        else:
            self.lost += 1

    def longest_silence(self, excused):
        """Without the seconds in which nobody could answer."""
        moments = sorted(self.answered_at)
        return max((last - first - excused.seconds_within(first, last), first)
                   for first, last in zip(moments, moments[1:]))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        for thread in self.threads:
            thread.join()


def own_memory(pid):
    """KiB that it has written to, also what it shares with those who were forked from it."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Anonymous:"))


def signal_is_pending(pid, number):
    pending = int(status_of(pid).get("ShdPnd", "0"), 16)
    return bool(pending >> (number - 1) & 1)


def all_children_of(pid):
    """Zombies, too."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and status_of(name).get("PPid") == str(pid):
            found.append(int(name))
    return found


def send(pid, number):
    """Answers whether there was such a process."""
    try:
        os.kill(pid, number)
    except OSError as problem:
        if problem.errno != errno.ESRCH:
            raise
        return False
    return True
