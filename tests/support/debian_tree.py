"""Debian's own /etc/apache2 as the ServerRoot of a server that runs beside others.

Everything is a symbolic link to the installed file, so that nothing is a copy that could age. What
must differ is where the server listens: a link cannot say that, so ports.conf is an own file. It
names an address of its own on port 80, because the stock virtual host is for *:80; where this user
may not bind port 80 another port is taken, and the sites are copied with that one word changed.
"""
import contextlib
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import tempfile
import time
import shutil

STOCK = pathlib.Path('/etc/apache2')
PATIENCE = 15


class DidNotStart(Exception):
    """Carries what the server said instead of starting."""


def missing_package():
    """What is to be installed before this can run, or ''."""
    needed = {'apache2': STOCK / 'mods-enabled', 'apache2-doc': STOCK / 'conf-available/apache2-doc.conf'}
    absent = [name for name, path in needed.items() if not path.exists()]
    return f'this needs Debian\'s own files: apt-get install {" ".join(absent)}' if absent else ''


def own_addresses(count):
    """Loopback addresses that no other process of this kind takes: two runs may meet."""
    pid = os.getpid()
    return [f'127.{64 * (number + 1) + (pid >> 16 & 63)}.{pid >> 8 & 255}.{pid & 255}'
            for number in range(count)]


def port_for(addresses):
    """80 where it may be bound at all of the addresses, or a port that is free at them."""
    for wanted in (80, 0):
        port = wanted
        with contextlib.ExitStack() as held, contextlib.suppress(PermissionError):
            for address in addresses:
                probe = held.enter_context(socket.socket())
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
                port = probe.getsockname()[1]
            return port
    raise DidNotStart('no port can be bound')


def stock_environment():
    """The variables that /etc/apache2/envvars sets, and where PHP is to look for extensions if that is said."""
    told = {name: value for name, value in os.environ.items() if name == 'PHP_INI_SCAN_DIR'}
    shell = f'set -a; . {shlex.quote(str(STOCK / "envvars"))}; env -0'
    text = subprocess.run(['/bin/sh', '-c', shell], env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', **told},
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    return dict(line.split('=', 1) for line in text.split('\0') if '=' in line)


class DebianTree:
    """A ServerRoot of links, and the server that runs from it; ended by its own process id."""

    def __init__(self, binary, address, port, more_configuration=''):
        self.binary, self.address, self.port = str(binary), address, port
        self.root = pathlib.Path(tempfile.mkdtemp(prefix='debian-'))
        self.root.chmod(0o755)
        self.etc, self.logs, self.run = (self.root / name for name in ('etc', 'log', 'run'))
        for folder in (self.etc, self.logs, self.run, self.etc / 'conf-enabled'):
            folder.mkdir()
        self.link_stock_files()
        (self.etc / 'ports.conf').write_text(f'Listen {address}:{port}\n', encoding='utf-8')
        if more_configuration:
            (self.etc / 'conf-enabled/zz-test.conf').write_text(more_configuration, encoding='utf-8')
        self.process = None

    def link_stock_files(self):
        for path in STOCK.iterdir():
            if path.name not in ('ports.conf', 'conf-enabled') and not self.must_copy(path.name):
                (self.etc / path.name).symlink_to(path)
        for path in {*(STOCK / 'conf-enabled').iterdir(), STOCK / 'conf-available/apache2-doc.conf'}:
            link = self.etc / 'conf-enabled' / path.name
            if not link.is_symlink():
                link.symlink_to(path)
        if self.must_copy('sites-enabled'):
            self.copy_sites()

    def must_copy(self, name):
        return name == 'sites-enabled' and self.port != 80

    def copy_sites(self):
        (self.etc / 'sites-enabled').mkdir()
        for site in (STOCK / 'sites-enabled').iterdir():
            text = site.read_text(encoding='utf-8').replace('*:80>', f'*:{self.port}>')
            (self.etc / 'sites-enabled' / site.name).write_text(text, encoding='utf-8')

    def environment(self):
        own = {'APACHE_RUN_DIR': str(self.run), 'APACHE_LOG_DIR': str(self.logs),
               'APACHE_LOCK_DIR': str(self.run), 'APACHE_PID_FILE': str(self.run / 'pid'),
               'TZ': 'UTC'}
        return stock_environment() | own

    def command(self, *more):
        return [self.binary, '-d', str(self.etc), '-f', 'apache2.conf', *more]

    def run_for(self, *arguments):
        """Exit status and text of a run that ends by itself, as -t does."""
        done = subprocess.run(self.command(*arguments), stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                              env=self.environment())
        return done.returncode, done.stdout.decode('utf-8', 'replace')

    def start(self):
        with open(self.root / 'said', 'wb') as said:
            self.process = subprocess.Popen(self.command('-D', 'FOREGROUND'),
                                            stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                            env=self.environment(), start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while not (self.run / 'pid').exists() or not self.accepts():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(f'{self.binary} at {self.address}:{self.port}: '
                                  + (self.root / 'said').read_text(errors='replace')
                                  + self.log('error.log'))
            time.sleep(0.02)
        return self

    def accepts(self):
        with contextlib.suppress(OSError):
            socket.create_connection((self.address, self.port), 1).close()
            return True
        return False

    def log(self, name):
        with contextlib.suppress(FileNotFoundError):
            return (self.logs / name).read_text(encoding='utf-8', errors='replace')
        return ''

    def wait_for_lines(self, name, count):
        """Until that much was logged; a child may write its line after the client has its answer."""
        deadline = time.monotonic() + PATIENCE
        while self.log(name).count('\n') < count and time.monotonic() < deadline:
            time.sleep(0.005)

    def stop(self):
        """Ends the server; returns its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.stop()
        shutil.rmtree(self.root, ignore_errors=True)
