"""A Debian with systemd as its process 1 and preforkd installed. The root is made once and kept in
the build tree; each boot writes to memory only."""

import os
import pathlib
import re
import shutil
import subprocess
import time

BUILD = pathlib.Path(os.environ.get("PREFORKD_BUILD", "build/dev")).resolve()
FOLDER = BUILD / "tests/systemd"
ROOT = FOLDER / "root"
HERE = pathlib.Path(__file__).parent
NEEDED = {"debootstrap": "debootstrap", "systemd-nspawn": "systemd-container",
          "nsenter": "util-linux"}
PATIENCE = 60


class CannotBoot(Exception):
    """This machine cannot do it; no fault of preforkd's."""


def output_of(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def wait_until(question, what, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.02)
    return answer


def check_machine():
    if os.geteuid() != 0:
        raise CannotBoot("only root can boot a container")
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if missing:
        raise CannotBoot("missing packages: " + " ".join(missing))


def libraries_packages():
    """The packages of the shared libraries that our binaries need."""
    files = set()
    for program in ("preforkd", "preforkctl"):
        files |= set(re.findall(r"=> (/\S+)", output_of("ldd", str(BUILD / program))))
    names = {os.path.basename(file) for file in files}
    found = output_of("dpkg-query", "-S", *(f"*/{name}" for name in sorted(names)))
    return sorted({line.split(":")[0] for line in found.splitlines()
                   if line.split(": ")[1] in files | {f"/usr{file}" for file in files} |
                   {file.removeprefix("/usr") for file in files}})


def make_root():
    """Takes a minute, once; again when other packages are wanted."""
    packages = ["systemd", "systemd-sysv", *libraries_packages()]
    made_of = FOLDER / "root.packages"
    if ROOT.is_dir() and made_of.is_file() and made_of.read_text() == " ".join(packages):
        return
    shutil.rmtree(ROOT, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    suite = re.search(r"(?m)^VERSION_CODENAME=(\S+)", pathlib.Path("/etc/os-release").read_text())
    if not suite:
        raise CannotBoot("/etc/os-release names no Debian release")
    print(f"Making a root of Debian {suite[1]} in {ROOT}", flush=True)
    made = subprocess.run(["debootstrap", "--variant=minbase", "--include=" + ",".join(packages),
                           suite[1], str(ROOT)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise CannotBoot("debootstrap failed:\n" + "\n".join(made.stdout.splitlines()[-5:]))
    made_of.write_text(" ".join(packages))


def install():
    shutil.rmtree(ROOT / "etc/preforkd", ignore_errors=True)
    output_of("cmake", "--install", str(BUILD), "--prefix", "/usr",
              env={**os.environ, "DESTDIR": str(ROOT)})
    page = ROOT / "var/www/html/page.txt"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("a page\n")


class Container:
    """Booted; to be ended with end()."""

    def __init__(self):
        self.console = FOLDER / "console.log"
        with open(self.console, "wb") as console:
            self.nspawn = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--boot", "--private-network", "--register=no",
                 "--keep-unit", "--volatile=overlay", "--console=pipe",
                 f"--directory={ROOT}", f"--machine=preforkd-{os.getpid()}"],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        try:
            self.leader = wait_until(self.find_leader, "the container's process 1", 15)
            wait_until(self.is_up, "the container's systemd")
        except AssertionError as error:
            self.end()
            raise CannotBoot(f"{error}:\n{self.console.read_text(errors='replace')}") from error

    def find_leader(self):
        if self.nspawn.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended with {self.nspawn.returncode}")
        children = f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children"
        for pid in pathlib.Path(children).read_text().split():
            if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() in ("systemd", "init"):
                return int(pid)
        return None

    def is_up(self):
        return self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded")

    def inside(self, *command):
        return ["nsenter", "--target", str(self.leader), "--all", *command]

    def run(self, *command, check=False):
        return subprocess.run(self.inside(*command), check=check, capture_output=True, text=True,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL,
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_PAGER": ""})

    def read(self, path):
        return self.run("cat", path, check=True).stdout

    def write(self, path, text):
        subprocess.run(self.inside("tee", path), input=text, check=True, text=True,
                       stdout=subprocess.DEVNULL)

    def with_its_network(self, *command, **options):
        """Starts a program of the outside that reaches the container's ports."""
        return subprocess.Popen(["nsenter", "--target", str(self.leader), "--net", *command],
                                text=True, **options)

    def end(self):
        if self.nspawn.poll() is None:
            self.nspawn.terminate()
            try:
                self.nspawn.wait(20)
            except subprocess.TimeoutExpired:
                self.nspawn.kill()
                self.nspawn.wait()
