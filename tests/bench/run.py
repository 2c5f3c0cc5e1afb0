#!/usr/bin/env python3
"""Compares preforkd with apache2 (prefork) and nginx: requests a second, CPU time of the server for
a request, memory of an idle child. docs/benchmarks.md says how to read it."""
import argparse
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile

from servers import Server, make_certificate, make_pages

TOP = pathlib.Path(__file__).resolve().parents[2]
# Name: path, connections, fields, whether the answers are successes.
REQUESTS = {
    '1 KiB keep-alive': ('/small.html', 32, (), True),
    '1 KiB close': ('/small.html', 32, ('Connection: close',), True),
    '100 KiB': ('/100k.bin', 16, (), True),
    '10 MiB': ('/10m.bin', 4, (), True),
    '404': ('/missing', 32, (), False),
    '.htaccess': ('/site/2026/a-post/', 32, (), True),
    'listing': ('/list/', 8, (), True),
    'gzip 100 KiB': ('/words.txt', 8, ('Accept-Encoding: gzip',), True),
    'TLS 1 KiB': ('/small.html', 32, (), True),
}
# Name: what s_time(1) is told. A connection and a request each.
HANDSHAKES = {
    'TLS full': ('-new',),
    'TLS resumed': ('-reuse', '-tls1_2'),
    'TLS 1.3 resumed': ('-reuse', '-tls1_3'),
}
ROWS = [*REQUESTS, *HANDSHAKES]
LINE = '{:<18}{:<10}{:>10}{:>8}{:>14}{:>8}  {}'


def load(server, row, seconds):
    """(requests a second, CPU microseconds a request, what went wrong) of one round."""
    if row in HANDSHAKES:
        return shake_hands(server, row, seconds)
    return request(server, REQUESTS[row], seconds, row.startswith('TLS'))


def shake_hands(server, row, seconds):
    before = server.cpu_seconds()
    output = subprocess.run(['openssl', 's_time', '-connect', f'127.0.0.1:{server.tls_port}',
                             '-www', '/small.html', '-time', str(seconds), *HANDSHAKES[row]],
                            capture_output=True, text=True, check=True).stdout
    spent = server.cpu_seconds() - before
    # With -reuse, s_time tells of the first session's connections before that.
    connections, real = re.findall(r'(\d+) connections in (\d+) real seconds', output)[-1]
    return int(connections) / int(real), spent / max(int(connections), 1) * 1e6, ''


def request(server, asked, seconds, in_tls=False):
    path, connections, fields, succeeds = asked
    command = ['wrk', '-t1', f'-c{connections}', f'-d{seconds}s']
    for field in fields:
        command += ['-H', field]
    before = server.cpu_seconds()
    where = (f'https://127.0.0.1:{server.tls_port}' if in_tls
             else f'http://127.0.0.1:{server.port}')
    output = subprocess.run(command + [where + path],
                            capture_output=True, text=True, check=True).stdout
    spent = server.cpu_seconds() - before
    requests = int(re.search(r'(\d+) requests in', output)[1])
    rate = float(re.search(r'Requests/sec:\s+([\d.]+)', output)[1])
    refused = re.search(r'Non-2xx or 3xx responses: (\d+)', output)
    unexpected = (int(refused[1]) if refused else 0) - (0 if succeeds else requests)
    errors = re.search(r'Socket errors: (.*)', output)
    problem = errors[1] if errors else f'{abs(unexpected)} wrong answers' if unexpected else ''
    return rate, spent / max(requests, 1) * 1e6, problem


def measure(servers, rows, rounds, seconds):
    """Rounds interleave the servers, so that what disturbs the machine disturbs them all."""
    for row in rows:
        results = {server.name: [] for server in servers}
        for _ in range(rounds):
            for server in servers:
                results[server.name].append(load(server, row, seconds))
        print_row(row, results)


def print_row(row, results):
    base = None
    for name, rounds in results.items():
        rate = statistics.median(result[0] for result in rounds)
        cpu = statistics.median(result[1] for result in rounds)
        base = base or (rate, cpu)
        problems = '; '.join(sorted({result[2] for result in rounds if result[2]}))
        print(LINE.format(row, name, f'{rate:.0f}', f'x{rate / base[0]:.2f}', f'{cpu:.1f}',
                          f'x{cpu / base[1]:.2f}' if base[1] else '', problems), flush=True)
        row = ''


def print_memory(servers, when):
    base = None
    print(f'\nmemory of a child {when}, KiB')
    for server in servers:
        memory = server.child_memory()
        if memory is None:
            print(f'  {server.name:<10}not readable (run as root)')
            continue
        base = base or memory[0]
        print(f'  {server.name:<10}PSS {memory[0]:>7}  x{memory[0] / base:.2f}   '
              f'private dirty {memory[1]:>7}   of {len(server.children())} children')


def run(options, workplace):
    pages = make_pages(workplace / 'pages')
    certificate = make_certificate(workplace / 'localhost.pem')
    servers = [Server(name, workplace, pages, certificate, options.preforkd)
               for name in options.servers]
    try:
        for server in servers:
            server.start()
        print_memory(servers, 'that has done nothing yet')
        print('\n' + LINE.format('', '', 'requests/s', '', 'CPU µs/request', '', ''))
        measure(servers, options.rows, options.rounds, options.seconds)
        print_memory(servers, 'afterwards')
    finally:
        for server in servers:
            server.stop()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--preforkd', type=pathlib.Path, default=TOP / 'build/release/preforkd')
    parser.add_argument('--seconds', type=int, default=4, help='of each round')
    parser.add_argument('--rounds', type=int, default=3, help='the median counts')
    parser.add_argument('--servers', nargs='+', default=['apache2', 'preforkd', 'nginx'],
                        choices=['apache2', 'preforkd', 'nginx', 'least'],
                        help='the first is what the others are compared with')
    parser.add_argument('--rows', nargs='+', default=ROWS, choices=ROWS)
    return parser.parse_args()


def main():
    options = arguments()
    if not shutil.which('wrk'):
        raise SystemExit('wrk is missing: apt-get install wrk')
    with tempfile.TemporaryDirectory(prefix='preforkd-bench-') as folder:
        run(options, pathlib.Path(folder))


if __name__ == '__main__':
    main()
