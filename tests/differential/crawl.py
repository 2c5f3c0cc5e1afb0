#!/usr/bin/env python3
"""Crawls Debian's manual and /usr/share/doc with Debian's own /etc/apache2: apache2 and preforkd
answer the same requests and are compared, and so are the log lines they write about them.

usage: crawl.py [--preforkd PATH] [--limit N] [--shown N]
Exit status: 0 when nothing differs, 1 when something does, 2 when the test cannot run.
"""
import argparse
import collections
import contextlib
import dataclasses
import os
import pathlib
import re
import sys
import urllib.parse
import zlib
from email.utils import formatdate

from harness import report
from harness.comparison import PRODUCT, body_lines, log_lines, normal_body, normal_value
from harness.server import APACHE
from harness.wire import Wire

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'support'))
from debian_tree import (DebianTree, DidNotStart, missing_package, own_addresses,  # noqa: E402
                         port_for)

ADDRESSES = dict(zip(('apache2', 'preforkd'), own_addresses(2)))
MANUAL = pathlib.Path('/usr/share/doc/apache2-doc/manual')
DOCUMENTS = pathlib.Path('/usr/share/doc')
OWN = f'''ServerName localhost
Alias /doc/ {DOCUMENTS}/
<Directory {DOCUMENTS}>
    Options Indexes FollowSymLinks
</Directory>
'''
# One after another for the paths of the crawl.
WAYS = (
    ('GET', {}),
    ('GET', {'Accept-Encoding': 'gzip, deflate, br', 'User-Agent': 'Mozilla/5.0'}),
    ('HEAD', {}),
    ('GET', {'Range': 'bytes=100-299'}),
    ('GET', {'If-Modified-Since': formatdate(usegmt=True), 'Referer': 'http://a.test/'}),
    ('GET', {'Accept-Language': 'de, en;q=0.5', 'Range': 'bytes=0-9,20-29,-5'}),
    ('HEAD', {'Accept-Encoding': 'gzip'}),
)
Asked = collections.namedtuple('Asked', 'method target fields')
SIGNATURE = re.compile(rb'<address>(?:Apache|preforkd)/')
BYTES = re.compile(r'^(.*?" \d{3} )(\d+)')
NOTHING_SPECIAL = collections.namedtuple('Case', 'masks')([])


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--preforkd', default=os.environ.get('PREFORKD'), help='the binary')
    parser.add_argument('--limit', type=int, default=1500, help='how many requests')
    parser.add_argument('--shown', type=int, default=10, help='how many differences are printed')
    return parser.parse_args()


def every_path(top, prefix):
    """URL paths of all files and folders below TOP, in one order on every machine."""
    found = []
    for folder, folders, files in os.walk(top):
        folders.sort()
        place = prefix + os.path.relpath(folder, top).replace('.', '', 1).lstrip('/')
        place = place.rstrip('/') + '/'
        found += [place] + [place + name for name in sorted(files)]
        found += [place + name for name in folders if os.path.islink(os.path.join(folder, name))]
    return [urllib.parse.quote(path, safe="/~!$&'()*+,;=:@") for path in found]


def spread(paths, count):
    """COUNT of the paths, evenly."""
    if len(paths) <= count:
        return paths
    return [paths[at * len(paths) // count] for at in range(count)]


def special_paths():
    sorts = [f'/doc/?C={column};O={order}' for column in 'NMSD' for order in 'AD']
    return ['/', '/index.html', '/icons/', '/icons/folder.gif', '/manual', '/manual/en', '/doc',
            '/doc/apache2', '/nothing', '/manual/nothing.html', '/manual/en/index.html/more',
            '/.htaccess', '/%2e%2e/', '/manual/en/mod/..', '/manual//de/./', '/doc/%', '/cgi-bin/nothing', '/javascript', *sorts]


def requests(limit):
    special = special_paths()
    manual = spread(every_path(MANUAL, '/manual/'), max(1, (limit - len(special)) * 2 // 3))
    documents = spread(every_path(DOCUMENTS, '/doc/'), limit - len(special) - len(manual))
    plain = [Asked('GET', target, {}) for target in special]
    return plain + [ask(number, target) for number, target in enumerate(manual + documents)]


def ask(number, target):
    """A listing ends with the product's name: ranges of it depend on how long that is."""
    method, fields = WAYS[number % len(WAYS)]
    if target.endswith('/'):
        fields = {name: value for name, value in fields.items() if name != 'Range'}
    return Asked(method, target, fields)


class Client:
    """Keeps one connection to a server for many requests."""

    def __init__(self, server):
        self.server, self.wire, self.count = server, None, 0

    def answer(self, asked):
        self.count += 1
        if not self.wire:
            self.wire = Wire(self.server.port, address=self.server.address)
        fields = {'Host': 'localhost', **asked.fields}
        head = f'{asked.method} {asked.target} HTTP/1.1\r\n'
        head += ''.join(f'{name}: {value}\r\n' for name, value in fields.items()) + '\r\n'
        self.wire.send(head.encode('latin-1'))
        return self.wire.response(asked.method)

    def leave(self):
        """Another child may get the next connection: the log keeps its order if this one is done."""
        self.wire.close()
        self.wire = None
        self.server.wait_for_lines('access.log', self.count)


def ask_all(clients, asked):
    """One answer from each. The connections end together; that of a 416 too, because Apache counts
    it twice against MaxKeepAliveRequests."""
    answers = [client.answer(asked) for client in clients]
    if any(answer.fault or answer.status == '416' or answer.field('connection') == 'close'
           for answer in answers):
        for client in clients:
            client.leave()
    return answers


def readable_body(response):
    """A listing is signed with the product's name: compressed, it is compared as it reads. Other
    compressed content must be the same to the byte."""
    if response.field('content-encoding') == 'gzip' and response.body.startswith(b'\x1f\x8b'):
        with contextlib.suppress(zlib.error):
            text = zlib.decompress(response.body, 31)
            return text if SIGNATURE.search(text) else response.body
    return response.body


def lines_of(response):
    """An answer as the lines that are compared."""
    length = str(len(response.body))
    readable = dataclasses.replace(response, body=readable_body(response))
    body, boundary = normal_body(readable)
    lines = [response.status_line]
    for name, value in response.fields:
        if name == 'Content-Length' and value == length:
            value = str(len(body))
        lines.append(f'{name}: {normal_value(name, value, readable, body, boundary)}')
    return lines + [f'(incomplete: {response.fault})'] * bool(response.fault) + ['', *body_lines(body)]


def own_bytes(response):
    """How many bytes of the answer depend on what is not equally long: the product's name, a
    boundary. None where content went in chunks, whose number is each server's own affair, and for
    a 416, which differs on purpose."""
    if response.field('transfer-encoding') or response.status == '416':
        return None
    server, body = response.field('server') or '', readable_body(response)
    if body is not response.body:
        return len(response.body) + len(server)
    boundary = (normal_body(response)[1] or '').encode()
    occurrences = body.count(boundary) + 1 if boundary else 0
    signed = sum(len(found[0]) for found in PRODUCT.finditer(body))
    return signed + len(server) + len(boundary) * occurrences


class Comparison:
    def __init__(self, shown):
        self.shown, self.different, self.asked = shown, 0, 0
        self.bytes = {name: [] for name in ADDRESSES}

    def tell(self, title, theirs, ours):
        self.different += 1
        if self.different <= self.shown:
            report.print_failure(title, [('', theirs, ours)])

    def answers(self, asked, apache, preforkd):
        self.asked += 1
        for name, response in (('apache2', apache), ('preforkd', preforkd)):
            self.bytes[name].append(own_bytes(response))
        theirs, ours = lines_of(apache), lines_of(preforkd)
        if apache.status == preforkd.status == '416':
            return  # differs on purpose: RFC 9110 15.5.17 wants Content-Range
        if theirs != ours:
            fields = ''.join(f' {name}: {value}' for name, value in asked.fields.items())
            self.tell(f'{asked.method} {asked.target}{fields}', theirs, ours)

    def access_logs(self, texts):
        theirs, ours = (self.access_lines(name, text) for name, text in texts.items())
        if theirs != ours:
            self.tell('access.log', theirs, ours)

    def access_lines(self, name, text):
        """With the bytes sent (%O) as if what is not equally long had no length."""
        lines = log_lines(NOTHING_SPECIAL, text.encode())
        return [BYTES.sub(r'\1(own)' if own is None else
                          lambda found, own=own: f'{found[1]}{int(found[2]) - own}', line)
                for line, own in zip(lines, self.bytes[name], strict=False)] + [len(lines)]

    def error_logs(self, texts):
        theirs, ours = (error_lines(text) for text in texts.values())
        if theirs != ours:
            self.tell('error.log', theirs, ours)


def error_lines(text):
    """What was written about requests: lines that name a client."""
    lines = log_lines(NOTHING_SPECIAL, text.encode())
    return [line for line in lines if '[client ' in line]


def crawl(servers, chosen):
    """Whether nothing differs."""
    comparison = Comparison(chosen.shown)
    clients = [Client(server) for server in servers.values()]
    for asked in requests(chosen.limit):
        comparison.answers(asked, *ask_all(clients, asked))
    for server in servers.values():
        server.stop()
    comparison.access_logs({name: server.log('access.log') for name, server in servers.items()})
    comparison.error_logs({name: server.log('error.log') for name, server in servers.items()})
    print(f'{comparison.asked} requests, {comparison.different} differences')
    return comparison.asked > 100 and comparison.different == 0


def main():
    chosen = options()
    if not chosen.preforkd or not os.access(chosen.preforkd, os.X_OK):
        print('no preforkd binary: name it by --preforkd or in the environment variable PREFORKD')
        return 2
    if missing := missing_package():
        print(missing)
        return 2
    binaries = {'apache2': APACHE, 'preforkd': os.path.abspath(chosen.preforkd)}
    try:
        port = port_for(ADDRESSES.values())
        with contextlib.ExitStack() as running:
            servers = {name: running.enter_context(DebianTree(binary, ADDRESSES[name], port, OWN))
                       for name, binary in binaries.items()}
            for server in servers.values():
                server.start()
            return 0 if crawl(servers, chosen) else 1
    except DidNotStart as error:
        print(error)
        return 2


if __name__ == '__main__':
    sys.exit(main())
