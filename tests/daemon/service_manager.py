"""A service manager for tests: it listens where NOTIFY_SOCKET says, as systemd does."""

import socket
import time

from server import PATIENCE


class ServiceManager:
    def __init__(self, name):
        """`name`: a path, or a name that begins with @ for an abstract socket."""
        self.name = name
        self.messages = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + name[1:] if name.startswith("@") else name)

    def next(self):
        """The next message as a dictionary."""
        message = dict(line.split("=", 1)
                       for line in self.socket.recv(65536).decode().splitlines())
        self.messages.append(message)
        return message

    def wait_for(self, wanted, what, seconds=PATIENCE):
        """Reads messages up to the first that `wanted` holds true of."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                message = self.next()
            except TimeoutError:
                break
            if wanted(message):
                return message
        raise AssertionError(f"waited {seconds} s in vain for {what}; heard {self.messages}")

    def end(self):
        self.socket.close()
