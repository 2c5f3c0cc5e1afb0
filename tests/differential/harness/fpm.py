"""A php-fpm of the test's own, for cases that say `fpm: yes`."""
import atexit
import os
import shutil
import socket
import subprocess
import time


class MissingFpm(Exception):
    """php-fpm is not installed."""


def start_fpm(folder):
    """Starts one whose socket is `folder`/fpm.sock, until the harness ends."""
    program = shutil.which('php-fpm8.2', path='/usr/sbin:/usr/bin')
    if not program:
        raise MissingFpm('install the package php8.2-fpm')
    folder.mkdir(parents=True, exist_ok=True)
    listener = folder / 'fpm.sock'
    user = 'user = www-data\ngroup = www-data\n' if os.geteuid() == 0 else ''
    (folder / 'fpm.conf').write_text(
        f'[global]\nerror_log = {folder}/fpm.log\n[www]\n{user}listen = {listener}\nlisten.mode = 0666\n'
        'pm = static\npm.max_children = 2\ncatch_workers_output = yes\n')
    arguments = [program, '--nodaemonize', '--fpm-config', str(folder / 'fpm.conf'), '-n']
    process = subprocess.Popen(arguments + (['-R'] if os.geteuid() == 0 else []),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    atexit.register(end, process)
    await_socket(listener, process)
    return listener


def await_socket(path, process):
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return
        time.sleep(0.01)
    raise MissingFpm('php-fpm did not start')


def end(process):
    process.terminate()
    process.wait(10)
