#!/usr/bin/env python3
"""Starts and reloads apache2 and preforkd with many virtual hosts: the time until they serve, the
CPU time of a reload, and the memory of all processes. docs/benchmarks.md says how to read it."""
import argparse
import os
import pathlib
import signal
import statistics
import tempfile
import time

from servers import MODULES, Server, make_certificate, make_pages, memory_of, stat_fields

TOP = pathlib.Path(__file__).resolve().parents[2]
MORE_MODULES = ''.join(f'LoadModule {name}_module {MODULES}/mod_{name}.so\n'
                       for name in ('authz_host', 'expires', 'headers'))
SIMPLE = '''\
<VirtualHost 127.0.0.1:{port}>
    ServerName host{number}.example
    ServerAlias www.host{number}.example
    DocumentRoot {pages}/hosts/{number}
    ErrorLog {root}/error.log
    CustomLog {root}/access.log combined
    RewriteEngine On
    RewriteRule ^/old{number}/(.*)$ /new/$1 [R=301,L]
    <Directory {pages}/hosts/{number}>
        Options FollowSymLinks
        AllowOverride None
        Require all granted
    </Directory>
{more}</VirtualHost>
'''
RICH = '''\
    ServerAdmin admin@host{number}.example
    Header always set X-Frame-Options SAMEORIGIN
    Header set Cache-Control "max-age=600"
    RewriteCond %{{HTTP_HOST}} !^www\\. [NC]
    RewriteCond %{{REQUEST_URI}} !^/\\.well-known/
    RewriteRule ^/shop/(.*)$ /shop.php?path=$1 [QSA,PT]
    <Location /private>
        Require ip 10.0.0.0/8
    </Location>
    <FilesMatch "\\.(jpe?g|png|css)$">
        ExpiresActive On
        ExpiresDefault "access plus 1 month"
    </FilesMatch>
    <Files ".ht*">
        Require all denied
    </Files>
'''
LINE = '{:<10}{:<12}{:>12}{:>14}{:>14}'


def hosts(kind, count, facts):
    more = RICH if kind == 'rich' else ''
    return ''.join(SIMPLE.format(number=number, more=more.format(number=number), **facts)
                   for number in range(count))


def wait_for(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f'{what} did not happen within a minute')
        time.sleep(0.002)


def time_start(server):
    begin = time.monotonic()
    server.start(0.002)
    return 1000 * (time.monotonic() - begin)


def nanoseconds_run(pid):
    """What the scheduler gave a process: finer than the ticks of /proc/PID/stat."""
    return int(pathlib.Path(f'/proc/{pid}/schedstat').read_text().split()[0])


def time_reload(server):
    """Milliseconds of the control process, until every child is a new one."""
    pid = server.process.pid
    old = set(server.children())
    before = nanoseconds_run(pid)
    os.kill(pid, signal.SIGUSR1)
    wait_for(lambda: server.children() and not old & set(server.children()), 'a reload')
    wait_for(server.answers, 'an answer')
    return (nanoseconds_run(pid) - before) / 1e6


def memory(server):
    """MiB of all processes, each page counted once."""
    pids = [server.process.pid, *server.children()]
    return sum(size[0] for size in map(memory_of, pids) if size) / 1024


def configured(name, kind, workplace, pages, options):
    certificate = workplace / 'certificate'
    server = Server(name, workplace, pages, certificate, options.preforkd)
    facts = dict(port=server.port, pages=pages, root=server.root)
    server.add(MORE_MODULES + hosts(kind, options.hosts, facts))
    return server


def measure(servers, options):
    """(start, reload, memory) of each; rounds interleave them."""
    starts = [[] for _ in servers]
    reloads = [[] for _ in servers]
    for _ in range(options.starts):
        for server, times in zip(servers, starts):
            server.stop()
            times.append(time_start(server))
    for _ in range(options.reloads):
        for server, times in zip(servers, reloads):
            times.append(time_reload(server))
    return [(statistics.median(start), statistics.median(reload), memory(server))
            for server, start, reload in zip(servers, starts, reloads)]


def compare(kind, workplace, options):
    pages = make_pages(workplace / 'pages')
    for number in range(options.hosts):
        (pages / f'hosts/{number}').mkdir(parents=True)
    # Who asks whether it serves asks the first.
    (pages / 'hosts/0/small.html').symlink_to(pages / 'small.html')
    make_certificate(workplace / 'certificate')
    servers = [configured(name, kind, workplace, pages, options) for name in ('apache2', 'preforkd')]
    try:
        figures = measure(servers, options)
    finally:
        for server in servers:
            server.stop()
    for server, own in zip(servers, figures):
        ratios = [f'{figure:.0f} ({figure / of:.2f})' for figure, of in zip(own, figures[0])]
        print(LINE.format(kind, server.name, *ratios), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--preforkd', type=pathlib.Path, default=TOP / 'build/release/preforkd')
    parser.add_argument('--hosts', type=int, default=2000)
    parser.add_argument('--kinds', nargs='+', choices=('simple', 'rich'),
                        default=('simple', 'rich'))
    parser.add_argument('--starts', type=int, default=3)
    parser.add_argument('--reloads', type=int, default=9)
    options = parser.parse_args()
    print(LINE.format('hosts', 'server', 'start, ms', 'reload, ms', 'memory, MiB'))
    for kind in options.kinds:
        with tempfile.TemporaryDirectory() as folder:
            compare(kind, pathlib.Path(folder), options)


if __name__ == '__main__':
    main()
