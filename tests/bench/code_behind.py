#!/usr/bin/env python3
"""Compares preforkd with apache2 (prefork) in what is made behind the server: a CGI script, PHP in the
process, a server behind this one. docs/benchmarks.md says how to read it."""
import argparse
import pathlib
import subprocess
import tempfile

from run import LINE, TOP, print_row, request
from servers import MODULES, Server, make_certificate, make_pages

# Name: path, connections, fields, whether the answers are successes.
ROWS = {
    'CGI': ('/cgi/hello', 8, (), True),
    'PHP': ('/hello.php', 16, (), True),
    'proxy': ('/behind/small.html', 32, (), True),
}
HELLO = '''\
#include <stdio.h>
int main() { puts("Content-Type: text/plain\\n\\nhello"); }
'''
DIRECTIVES = '''
LoadModule cgi_module {modules}/mod_cgi.so
LoadModule php_module {modules}/libphp8.2.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
ScriptAlias /cgi/ {pages}/cgi/
<FilesMatch "\\.php$">
    SetHandler application/x-httpd-php
</FilesMatch>
ProxyPass /behind/ http://127.0.0.1:{behind}/
'''


def make_scripts(pages):
    (pages / 'hello.php').write_text('<?php echo "hello ", $_SERVER["REQUEST_URI"];')
    (pages / 'cgi').mkdir()
    subprocess.run(['cc', '-O2', '-x', 'c', '-o', str(pages / 'cgi/hello'), '-'],
                   input=HELLO.encode(), check=True)


def serves(server, row):
    return server.name != 'least' or row == 'proxy'


def path_of(server, asked):
    """What is behind the other is all that `least` has."""
    return (asked[0].replace('/behind', ''), *asked[1:]) if server.name == 'least' else asked


def measure(servers, options):
    """Rounds interleave the servers, so that what disturbs the machine disturbs them all."""
    print(LINE.format('', '', 'requests/s', '', 'CPU µs/request', '', ''))
    for row in options.rows:
        results = {server.name: [] for server in servers if serves(server, row)}
        for _ in range(options.rounds):
            for server in servers:
                if serves(server, row):
                    asked = path_of(server, ROWS[row])
                    results[server.name].append(request(server, asked, options.seconds))
        print_row(row, results)


def run(options, workplace):
    pages = make_pages(workplace / 'pages')
    make_scripts(pages)
    certificate = make_certificate(workplace / 'localhost.pem')
    behind = Server('nginx', workplace, pages, certificate, options.preforkd)
    more = DIRECTIVES.format(modules=MODULES, pages=pages, behind=behind.port)
    servers = [Server(name, workplace, pages, certificate, options.preforkd, more, behind.port)
               for name in ('apache2', 'preforkd', 'least')]
    try:
        for server in (behind, *servers):
            server.start()
        measure(servers, options)
    finally:
        for server in (*servers, behind):
            server.stop()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--preforkd', type=pathlib.Path, default=TOP / 'build/release/preforkd')
    parser.add_argument('--seconds', type=int, default=3, help='of each round')
    parser.add_argument('--rounds', type=int, default=3, help='the median counts')
    parser.add_argument('--rows', nargs='+', default=list(ROWS), choices=ROWS)
    return parser.parse_args()


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix='preforkd-bench-') as folder:
        run(options, pathlib.Path(folder))


if __name__ == '__main__':
    main()
