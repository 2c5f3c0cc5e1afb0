"""What outlives processes in the kernel: System V semaphores and memory, and named POSIX ones."""

import ctypes
import os
import subprocess

from server import wait_until

CLONE_NEWIPC = 0x08000000


class KernelObjects:
    """Remembers those of before, to see whether what came since is gone in the end."""

    def __init__(self):
        # System V's of other tests are out of sight from here on; an ordinary user, who is refused,
        # has to wait until theirs go, too.
        ctypes.CDLL(None).unshare(CLONE_NEWIPC)
        self.before = self.all()

    @staticmethod
    def all():
        listed = subprocess.run(["ipcs", "-s", "-m"], stdout=subprocess.PIPE, text=True, check=True)
        # ShM. begins what apache2 makes, which tests beside this one start.
        named = {name for name in os.listdir("/dev/shm") if not name.startswith("ShM.")}
        return named | set(listed.stdout.splitlines())

    def wait_until_none_is_left(self):
        new = self.all() - self.before
        wait_until(lambda: not new & self.all(), f"the end of {new}")
