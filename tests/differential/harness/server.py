"""Starts and stops one server (apache2 or preforkd) with a given ServerRoot; both alike."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

APACHE = '/usr/sbin/apache2'
MODULES = pathlib.Path('/usr/lib/apache2/modules')
TLS_MODULES = ('socache_shmcb', 'ssl')
PRELUDE_MODULES = ('mpm_prefork authz_core authz_host access_compat authn_core mime dir alias autoindex '
                   'env setenvif headers').split()


class DidNotStart(Exception):
    """Carries what the server printed instead of starting."""


def environment():
    """Little of the test's own. Where PHP is told to load no extensions, it is told here, too."""
    own = {name: value for name, value in os.environ.items() if name == 'PHP_INI_SCAN_DIR'}
    return own | {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'TZ': 'UTC', 'LANG': 'C',
                  'GREETING': 'from the environment'}


def reserve_port():
    """A bound socket that keeps a free port for the servers, which set SO_REUSEADDR, to share."""
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind(('127.0.0.1', 0))
    return keeper, keeper.getsockname()[1]


def load_module_lines(names):
    return ''.join(f'LoadModule {name}_module {MODULES}/mod_{name}.so\n' for name in names)


def prelude(server_root, port, modules=PRELUDE_MODULES):
    """What every configuration needs so that a server runs inside SERVER_ROOT."""
    user = 'User www-data\nGroup www-data\n' if os.geteuid() == 0 else ''
    return load_module_lines(modules) + user + (
        f'ServerRoot {server_root}\nServerName main.test\nListen 127.0.0.1:{port}\n'
        f'PidFile {server_root}/pid\nDefaultRuntimeDir {server_root}\n'
        f'ErrorLog {server_root}/logs/error.log\nTypesConfig /etc/mime.types\n'
        'StartServers 2\nMinSpareServers 1\nMaxSpareServers 3\nMaxRequestWorkers 8\n'
        '<Directory />\n    AllowOverride None\n    Require all denied\n</Directory>\n')


def tls_lines(certificates):
    """What makes a host speak TLS."""
    return (f'SSLEngine on\nSSLCertificateFile {certificates}/server.pem\n'
            f'SSLCertificateKeyFile {certificates}/server.key\n')


class Server:
    """One running server; stopped by its own process id."""

    def __init__(self, binary, server_root, port):
        self.binary, self.root, self.port = str(binary), server_root, port
        self.process = None

    def command(self, *more):
        return [self.binary, '-d', str(self.root), '-f', str(self.root / 'httpd.conf'), *more]

    def start(self):
        self.output = open(self.root / 'output', 'wb')
        self.process = subprocess.Popen(
            self.command('-D', 'FOREGROUND'), stdin=subprocess.DEVNULL, stdout=self.output,
            stderr=subprocess.STDOUT, env=environment(), start_new_session=True)
        deadline = time.monotonic() + 15
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise DidNotStart(self.complaint())
            time.sleep(0.02)

    def answers(self):
        try:
            socket.create_connection(('127.0.0.1', self.port), 1).close()
            return True
        except OSError:
            return False

    def complaint(self):
        text = (self.root / 'output').read_text(errors='replace')
        log = self.root / 'logs/error.log'
        return text + (log.read_text(errors='replace') if log.exists() else '')

    def stop(self):
        """Ends the server; returns its exit status, or what was wrong about the end."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            status = 'did not stop on SIGTERM'
            self.process.wait()
        self.output.close()
        return status

    def test(self, *arguments):
        """Runs the program for its exit status and text, as -t does."""
        done = subprocess.run(self.command(*arguments), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                              env=environment(), check=False)
        return done.returncode, done.stdout.decode('utf-8', 'replace')


def fresh_server_root(folder):
    """An empty ServerRoot; removes what an earlier server left in it."""
    if folder.exists():
        shutil.rmtree(folder)
    (folder / 'logs').mkdir(parents=True)
    return folder
