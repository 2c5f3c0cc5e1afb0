"""Raw system calls stand only in os/, those for sockets in net/, for shared memory in pool/."""

import re

import tree

# PHP is a module from outside, which has no rooms.
DOORS = {"os", "net", "pool", "php"}
# The log is below os/, and a line of it must be one write.
EXCEPTION = ("src/base/log.cpp", "::write")

# Unmistakable by name.
CALLS = """
    fork vfork execv execve execvp waitpid wait4 setuid setgid setgroups initgroups setpgid setsid
    sigaction sigprocmask pthread_sigmask sigsuspend sigwait signalfd timerfd_create eventfd
    mmap munmap mprotect madvise ftruncate fallocate sendfile splice writev readv pread pwrite
    openat opendir readdir readlink realpath lstat fstat fstatat fcntl ioctl dup2 dup3 pipe2
    socket bind listen accept4 recv recvmsg recvfrom sendmsg sendto setsockopt getsockopt
    getpeername getsockname socketpair epoll_create1 epoll_ctl epoll_wait ppoll
    getpwnam getpwuid getgrnam getgrgid getaddrinfo getnameinfo gethostname
    clock_gettime nanosleep setrlimit getrlimit prctl chroot chdir umask mkstemp unlink flock semop
""".split()
# Ordinary words: a call only with "::" in front and nothing before it.
WORDS = "open close read write poll kill accept pipe dup stat access rename send connect shutdown".split()

pattern = re.compile(
    r"(?<![\w.>:])(?:::)?(?:" + "|".join(CALLS) + r")\s*\("
    r"|(?<![\w>:])::(?:" + "|".join(WORDS) + r")\s*\(")


def without_comments_and_strings(line):
    return re.sub(r'"(?:\\.|[^"\\])*"', '""', line).split("//")[0]


def calls(line):
    for found in pattern.finditer(without_comments_and_strings(line)):
        yield found.group(0).rstrip("( ")


def declared(line, name):
    """`Status listen(…)`: a function of ours that has such a name."""
    code = without_comments_and_strings(line)
    return re.search(r"[\w>&*]\s+[&*]?" + re.escape(name) + r"\s*\(", code) and \
        not re.search(r"\b(return|else|co_return)\s+" + re.escape(name), code)


broken = []
for path, text in tree.sources():
    if path.parts[1] in DOORS:
        continue
    for number, line in enumerate(text.splitlines(), 1):
        for name in calls(line):
            if (path.as_posix(), name) != EXCEPTION and not declared(line, name):
                broken.append(f"{path}:{number}: {name} belongs into os/")

tree.report("system calls stay in os/, net/ and pool/", broken)
