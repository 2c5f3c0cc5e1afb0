"""Runs the real binary (environment: PREFORKD) in a temporary ServerRoot on a free port."""

import contextlib
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

PREFORKD = os.environ.get("PREFORKD", "") and os.path.abspath(os.environ["PREFORKD"])
WITH_SANITIZERS = bool(PREFORKD) and b"__asan_init" in pathlib.Path(PREFORKD).read_bytes()
PATIENCE = 15
SUPERUSER = os.geteuid() == 0
SERVING_USER = "nobody"
PAGE = "a page of the pool\n"


def wait_until(question, what, seconds=PATIENCE):
    """Asks until the answer is true, and answers it."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.01)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def state_of(pid):
    """A letter, as in /proc/PID/status."""
    return status_of(pid).get("State", "X")[0]


def is_alive(pid):
    """Whether the process runs; one that ended and was not waited for does not."""
    return state_of(pid) not in "ZX"


def status_of(pid):
    """/proc/PID/status as a dictionary, empty when there is no such process."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    except (FileNotFoundError, ProcessLookupError):
        return {}


def children_of(pid):
    """Living children, oldest pid first."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            status = status_of(name)
            if status.get("PPid") == str(pid) and status["State"][0] not in "ZX":
                found.append(int(name))
    return sorted(found)


def socket_inode(local_port, peer_port):
    """The inode of the connected TCP socket with these ports, as the kernel lists it."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(FileNotFoundError), open(table, encoding="ascii") as file:
            for line in list(file)[1:]:
                fields = line.split()
                ports = [int(field.rsplit(":", 1)[1], 16) for field in fields[1:3]]
                if ports == [local_port, peer_port] and fields[9] != "0":
                    return fields[9]
    return None


def holds_socket(pid, inode):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                if os.readlink(f"/proc/{pid}/fd/{descriptor}") == f"socket:[{inode}]":
                    return True
    return False


def read_response(connection):
    """Status, fields and content of one response that tells its length."""
    with connection.makefile("rb") as stream:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                raise ConnectionError(f"connection ended in a response head: {head!r}")
            head += line
        text = head.decode("latin-1")
        length = re.search(r"(?mi)^content-length:\s*(\d+)", text)
        content = stream.read(int(length.group(1))) if length else b""
    return int(text.split()[1]), text.lower(), content.decode()


class Server:
    """One preforkd. As a context manager it is started, and ended by its pid in the end."""

    def __init__(self, directives="", flags=("-D", "FOREGROUND"), user=None, error_log=None):
        self.port = free_port()
        self.root = tempfile.mkdtemp(prefix="preforkd-")
        self.flags, self.user = flags, user
        self.binary = PREFORKD
        self.log_path = f"{self.root}/logs/error.log"
        self.pid_path = f"{self.root}/run/preforkd.pid"
        self.configuration = f"{self.root}/preforkd.conf"
        self.directives = directives
        self.error_log = error_log or self.log_path
        self.process = None
        self.connections = []
        self.said = f"{self.root}/said"
        for folder in ("logs", "run", "htdocs"):
            os.mkdir(f"{self.root}/{folder}")
        with open(f"{self.root}/htdocs/page.txt", "w", encoding="ascii") as page:
            page.write(PAGE)
        os.chmod(self.root, 0o755)
        if user:
            for folder in ("", "logs", "run"):
                shutil.chown(f"{self.root}/{folder}", user)
        self.write_configuration(directives)

    def write_configuration(self, directives):
        lines = [
            f"ServerRoot {self.root}",
            "ServerName localhost",
            f"Listen 127.0.0.1:{self.port}",
            f"PidFile {self.pid_path}",
            f"DefaultRuntimeDir {self.root}/run",
            f'ErrorLog "{self.error_log}"',
            f"DocumentRoot {self.root}/htdocs",
        ]
        if SUPERUSER and not self.user:
            entry = pwd.getpwnam(SERVING_USER)
            lines += [f"User {SERVING_USER}", f"Group #{entry.pw_gid}"]
        with open(self.configuration, "w", encoding="ascii") as file:
            file.write("\n".join(lines) + f"\n{directives}\n")

    def command(self):
        return [self.binary, "-d", self.root, "-f", self.configuration, *self.flags]

    def launch(self, **options):
        if self.user:
            entry = pwd.getpwnam(self.user)
            options |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            # The build may lie where that user may not go (below /root).
            self.binary = shutil.copy(PREFORKD, self.root)
        with open(self.said, "wb") as said:
            # From /, as systemd starts it.
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=said,
                                            stderr=said, **{"cwd": "/", **options})
        return self.process

    def start(self, **options):
        self.launch(**options)
        wait_until(lambda: "AH00094" in self.log() or self.failed(), "the start")
        if self.failed():
            raise AssertionError(f"preforkd ended with {self.process.returncode}: {self.speech()}")
        return self

    def failed(self):
        return self.process.poll() not in (None, 0)

    def speech(self):
        """What it said on standard output and standard error."""
        with open(self.said, encoding="utf-8", errors="replace") as said:
            return said.read()

    @property
    def pid(self):
        with open(self.pid_path, encoding="ascii") as file:
            return int(file.read())

    def children(self):
        return children_of(self.pid)

    def serving_children(self):
        """All of them, once each has come as far as to wait for a client."""
        def waiting():
            children = self.children()
            return children if all(state_of(child) == "S" for child in children) else None
        return wait_until(waiting, "children that wait for clients")

    def signal(self, number):
        os.kill(self.pid, number)

    def log(self):
        with contextlib.suppress(FileNotFoundError):
            with open(self.log_path, encoding="utf-8", errors="replace") as file:
                return file.read()
        return ""

    def wait_for_log(self, text, times=1):
        wait_until(lambda: self.log().count(text) >= times, f"{text!r} in the error log")

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def get(self, path="/page.txt", connection=None):
        own = connection or self.connect()
        try:
            own.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            return read_response(own)
        finally:
            if own is not connection:
                own.close()

    def answers(self):
        with contextlib.suppress(OSError):
            return self.get()[0] == 200
        return False

    def begin_request(self):
        """A connection with half a request, and the pid of the child that reads it."""
        connection = self.connect()
        connection.sendall(b"GET /page.txt HTTP/1.1\r\n")
        return connection, self.child_of(connection)

    def begin_endless_answer(self, host="localhost"):
        """The pid of a child whose client stopped reading in the midst of a large file."""
        with open(f"{self.root}/htdocs/endless", "ab") as file:
            file.truncate(1 << 30)
        connection = self.connect()
        connection.sendall(f"GET /endless HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        connection.recv(1)
        return self.child_of(connection)

    def child_of(self, connection):
        """The pid of the child that serves it. The connection is closed in the end."""
        self.connections.append(connection)
        inode = wait_until(lambda: socket_inode(self.port, connection.getsockname()[1]),
                           "an accepted connection")
        holders = wait_until(
            lambda: [pid for pid in children_of(self.pid) if holds_socket(pid, inode)],
            "a child that serves")
        return holders[0]

    @staticmethod
    def finish_request(connection):
        connection.sendall(b"Host: localhost\r\n\r\n")
        return read_response(connection)

    def wait_for_end(self, pid):
        wait_until(lambda: not is_alive(pid), f"the end of {pid}")
        if self.process and self.process.pid == pid:
            return self.process.wait(PATIENCE)
        return None

    def end(self):
        for connection in self.connections:
            connection.close()
        pids = {self.process.pid} if self.process else set()
        with contextlib.suppress(OSError, ValueError):
            pids.add(self.pid)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        for pid in pids:
            with contextlib.suppress(AssertionError):
                self.wait_for_end(pid)
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        if self.process:
            self.process.wait(PATIENCE)
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.end()
            raise

    def __exit__(self, *_):
        self.end()


class DaemonTest(unittest.TestCase):
    """Tests of a daemon that each case starts for itself: `with self.server(…) as server`."""

    def server(self, directives="", **options):
        if not PREFORKD:
            self.skipTest("PREFORKD names no binary")
        return Server(directives, **options)
