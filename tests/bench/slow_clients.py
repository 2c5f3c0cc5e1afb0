#!/usr/bin/env python3
"""Attacks apache2 and preforkd with slowhttptest, each with a pool of 50 children, and counts how
many requests of an ordinary client are answered in time. docs/benchmarks.md says how to read it."""
import argparse
import concurrent.futures
import pathlib
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

from servers import Server, make_certificate, make_pages

TOP = pathlib.Path(__file__).resolve().parents[2]
POOL = '''\
StartServers 50
MinSpareServers 50
MaxSpareServers 51
MaxRequestWorkers 50
'''
# Name: the program, and what its configuration has beyond the others'.
SERVERS = {
    'apache2': ('apache2', ''),
    'preforkd': ('preforkd', ''),
    'preforkd, BusyTimeout 1': ('preforkd', 'BusyTimeout 1\n'),
}
# Name: page, what slowhttptest is told.
ATTACKS = {
    'slow head': ('small.html', '-H -i 5 -x 24'),
    'slow content': ('small.html', '-B -i 5 -x 10 -s 8192'),
    'ranges': ('10m.bin', '-R -a 10 -b 3000'),
    'slow read': ('10m.bin', '-X -w 512 -y 1024 -n 5 -z 32 -k 3'),
}
IN_TIME = 5
EVERY = 0.5
LINE = '{:<16}{:<26}{:>10}{:>12}{:>12}'


def ask(port):
    """Seconds until a whole page came over a connection of its own, or None for too late."""
    begin = time.monotonic()
    try:
        with socket.create_connection(('127.0.0.1', port), IN_TIME) as client:
            client.sendall(b'GET /small.html HTTP/1.1\r\nHost: localhost\r\n'
                           b'Connection: close\r\n\r\n')
            answer = b''
            while time.monotonic() < begin + IN_TIME:
                client.settimeout(begin + IN_TIME - time.monotonic())
                piece = client.recv(65536)
                if not piece:
                    return time.monotonic() - begin if b' 200 OK\r\n' in answer[:20] else None
                answer += piece
    except (OSError, ValueError):
        pass
    return None


def besiege(server, attack, options):
    """What an ordinary client lives through while the attack lasts."""
    page, how = ATTACKS[attack]
    command = ['slowhttptest', *how.split(), '-c', str(options.connections), '-r', '100',
               '-l', str(options.seconds), '-u', f'http://127.0.0.1:{server.port}/{page}']
    answers = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=64) as clients:
        attacker = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + options.seconds
            while time.monotonic() < end:
                answers.append(clients.submit(ask, server.port))
                time.sleep(EVERY)
        finally:
            attacker.kill()
            attacker.wait()
    return [answer.result() for answer in answers]


def print_row(attack, name, answers):
    times = [IN_TIME if answer is None else answer for answer in answers]
    served = sum(answer is not None for answer in answers) / len(answers)
    print(LINE.format(attack, name, f'{served:.0%}', f'{statistics.median(times):.2f}',
                      f'{max(times):.2f}'), flush=True)


def run(options, workplace):
    """All servers are attacked at the same time, so that they have the same machine."""
    pages = make_pages(workplace / 'pages')
    certificate = make_certificate(workplace / 'localhost.pem')
    print(LINE.format('', '', 'answered', 'median s', 'longest s'))
    for attack in options.attacks:
        servers = {}
        try:
            for number, (name, (program, more)) in enumerate(SERVERS.items()):
                place = workplace / f'{attack.replace(" ", "_")}{number}'
                place.mkdir()
                place.chmod(0o755)
                servers[name] = Server(program, place, pages, certificate, options.preforkd,
                                       POOL + more)
                servers[name].start()
            with concurrent.futures.ThreadPoolExecutor() as sieges:
                begun = {name: sieges.submit(besiege, server, attack, options)
                         for name, server in servers.items()}
            for name, siege in begun.items():
                print_row(attack, name, siege.result())
        finally:
            for server in servers.values():
                server.stop()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--preforkd', type=pathlib.Path, default=TOP / 'build/release/preforkd')
    parser.add_argument('--seconds', type=int, default=60, help='of each attack')
    parser.add_argument('--connections', type=int, default=300, help='of each attack')
    parser.add_argument('--attacks', nargs='+', default=list(ATTACKS), choices=list(ATTACKS))
    return parser.parse_args()


def main():
    options = arguments()
    if not shutil.which('slowhttptest'):
        raise SystemExit('slowhttptest is missing: apt-get install slowhttptest')
    with tempfile.TemporaryDirectory(prefix='preforkd-bench-') as folder:
        run(options, pathlib.Path(folder))


if __name__ == '__main__':
    main()
