#!/usr/bin/env python3
"""Debian packages that ship configuration for Apache: apache2 and preforkd must judge every such file
alike, and answer alike for what the file serves.

usage: packages.py [--preforkd PATH] [--cache FOLDER] [--shown N] [PACKAGE ...]
The packages are downloaded with apt-get and unpacked, never installed; what the files say of
folders is led to where they were unpacked. Without names, those of packages.txt are taken.
Exit status: 0 when nothing differs, 1 when something does, 2 when the test cannot run.
"""
import argparse
import collections
import concurrent.futures
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

from crawl import Asked, Client, ask_all, lines_of
from harness import report
from harness.server import APACHE, MODULES

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'support'))
from debian_tree import (DebianTree, DidNotStart, missing_package, own_addresses,  # noqa: E402
                         port_for)

ADDRESSES = dict(zip(('apache2', 'preforkd'), own_addresses(2)))
SNIPPET = re.compile(r'(?:etc/apache2/(?:conf|mods|sites)-available/|etc/[^/]+/apache2?[^/]*\.conf|'
                     r'examples?/.*apache2?[^/]*\.conf|share/[^/]+/apache[^/]*\.conf)')
# What Debian's own apache2 does not load, and both servers have.
MORE_MODULES = ('actions', 'allowmethods', 'asis', 'authz_groupfile', 'cgi', 'expires', 'headers', 'macro',
                'remoteip', 'rewrite', 'substitute', 'unique_id', 'userdir', 'vhost_alias', 'ssl',
                'socache_shmcb')
FOLDERS = ('usr', 'etc', 'var', 'srv', 'opt')
PLAIN_FILES = ('.css', '.js', '.png', '.gif', '.svg', '.html', '.txt', '.ico', '.php', '.pl', '.inc')
SOME = 12 # paths of one snippet
Snippet = collections.namedtuple('Snippet', 'name text')


def options():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--preforkd', default=os.environ.get('PREFORKD'), help='the binary')
    parser.add_argument('--cache', type=pathlib.Path, help='where packages lie, and stay')
    parser.add_argument('--shown', type=int, default=10, help='how many differences are printed')
    parser.add_argument('packages', nargs='*', metavar='PACKAGE')
    return parser.parse_args()


def download(names, folder):
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in names if not any(folder.glob(f'{name}_*.deb'))]
    if missing and not fetch(missing, folder):
        # A machine may come without the lists of what there is.
        subprocess.run([*as_root(), 'apt-get', 'update', '-qq'], check=True)
        if not fetch(missing, folder):
            raise SystemExit(f'apt-get cannot download {" ".join(missing)}')
    return [next(folder.glob(f'{name}_*.deb')) for name in names]


def fetch(names, folder):
    """Whether all of them came."""
    return subprocess.run(['apt-get', 'download', *names], cwd=folder, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def as_root():
    return [] if os.geteuid() == 0 else ['sudo']


def unpack(package, top):
    """The package's root, readable for everybody."""
    root = top / package.name.split('_')[0]
    subprocess.run(['dpkg', '-x', str(package), str(root)], check=True)
    subprocess.run(['chmod', '-R', 'a+rX', str(root)], check=True)
    return root


def led_elsewhere(text, root):
    """Absolute paths of the package's folders, as they are below ROOT."""
    return re.sub(rf'(?<![\w./-])/(?={"|".join(FOLDERS)}/)', f'{root}/', text)


def snippets_of(root):
    for path in sorted(root.rglob('*')):
        name = str(path.relative_to(root))
        if path.is_file() and not path.is_symlink() and SNIPPET.search(name) \
                and path.suffix != '.load':
            text = path.read_text(encoding='utf-8', errors='surrogateescape')
            yield Snippet(f'{root.name}: {name}', led_elsewhere(text, root))


def module_lines():
    return ''.join(f'<IfModule !{name}_module>\n    LoadModule {name}_module {MODULES}/mod_{name}.so\n'
                   '</IfModule>\n' for name in MORE_MODULES)


def tree(binary, name, port, text):
    made = DebianTree(binary, ADDRESSES[name], port)
    (made.etc / 'conf-enabled/zz-test.conf').write_text('ServerName localhost\n' + module_lines() + text, encoding='utf-8',
                                                      errors='surrogateescape')
    return made


def judgement(binary, name, port, text):
    """Exit status and what is said of it, without what differs between any two runs."""
    with tree(binary, name, port, text) as server:
        status, said = server.run_for('-t')
        said = said.replace(str(server.root), 'TREE').replace(binary, 'SERVER')
    said = re.sub(r'^\[.*?\] (?=\[)|\[pid [^\]]*\] |^(?:apache2|preforkd): ', '', said, flags=re.M)
    # Only preforkd says that it has processes where threads were asked for, and gives hints.
    lines = [line for line in said.splitlines()
             if 'mpm_event_module is loaded' not in line and not line.startswith('Hint: ')]
    return [f'exit status {status}', *lines]


def paths_of(snippet):
    """Paths of URLs for what the snippet serves: each Alias, and some files below it."""
    found = []
    for path, target in re.findall(r'^\s*Alias\s+"?([^\s"]+)"?\s+"?([^\s"]+)"?', snippet.text,
                                   re.M | re.I):
        found += [path, path.rstrip('/') + '/', path.rstrip('/') + '/no-such-file']
        folder = pathlib.Path(target)
        files = [file for file in sorted(folder.rglob('*')) if file.suffix in PLAIN_FILES] \
            if folder.is_dir() else []
        chosen = files[::max(1, len(files) // SOME)][:SOME]
        found += [path.rstrip('/') + '/' + str(file.relative_to(folder)) for file in chosen]
        found += [path.rstrip('/') + '/' + str(sub.relative_to(folder)) + '/'
                  for sub in sorted(folder.iterdir()) if sub.is_dir()][:SOME] if folder.is_dir() else []
    return [urllib.parse.quote(path, safe="/~!$&'()*+,;=:@") for path in dict.fromkeys(found)]


class Report:
    def __init__(self, shown):
        self.shown, self.different = shown, 0

    def tell(self, title, theirs, ours):
        self.different += 1
        if self.different <= self.shown:
            report.print_failure(title, [('', theirs, ours)])


def compare_answers(snippet, binaries, port, told):
    """How many requests both servers were asked."""
    paths = paths_of(snippet)
    if not paths:
        return 0
    with contextlib.ExitStack() as running:
        servers = {name: running.enter_context(tree(binary, name, port, snippet.text))
                   for name, binary in binaries.items()}
        for server in servers.values():
            server.start()
        clients = [Client(server) for server in servers.values()]
        for path in paths:
            theirs, ours = (lines_of(answer) for answer in ask_all(clients, Asked('GET', path, {})))
            if theirs != ours and not differs_on_purpose(theirs, ours):
                told.tell(f'{snippet.name}: GET {path}', theirs, ours)
    return len(paths)


def differs_on_purpose(theirs, ours):
    """PHP's fatal errors are HTTP/1.0 by mod_php; the ETag of a variant has an end."""
    if theirs[0].startswith('HTTP/1.0 500'):
        theirs = [theirs[0].replace('HTTP/1.0', 'HTTP/1.1'), *theirs[1:]]
    return [line.rstrip('"') for line in theirs] == [re.sub(r';1000-', ';', line).rstrip('"') for line in ours]


def compare(snippets, binaries, port, told):
    """(accepted, refused, requests)"""
    accepted, asked = [], 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def judge(snippet):
            return snippet, [judgement(binary, name, port, snippet.text)
                             for name, binary in binaries.items()]
        for snippet, (theirs, ours) in pool.map(judge, snippets):
            if theirs != ours:
                told.tell(snippet.name, theirs, ours)
            elif theirs[0] == 'exit status 0':
                accepted.append(snippet)
    for snippet in accepted:
        try:
            asked += compare_answers(snippet, binaries, port, told)
        except DidNotStart as failure:
            told.tell(f'{snippet.name}: does not start', [], str(failure).splitlines())
    return len(accepted), asked


def main():
    chosen = options()
    if not chosen.preforkd or not os.access(chosen.preforkd, os.X_OK):
        print('no preforkd binary: name it by --preforkd or in the environment variable PREFORKD')
        return 2
    if missing := missing_package():
        print(missing)
        return 2
    names = chosen.packages or (HERE / 'packages.txt').read_text(encoding='utf-8').split()
    binaries = {'apache2': APACHE, 'preforkd': os.path.abspath(chosen.preforkd)}
    top = pathlib.Path(tempfile.mkdtemp(prefix='packages-'))
    top.chmod(0o755)
    try:
        told = Report(chosen.shown)
        packages = download(names, chosen.cache or top / 'downloaded')
        snippets = [snippet for package in packages for snippet in snippets_of(unpack(package, top))]
        accepted, asked = compare(snippets, binaries, port_for(ADDRESSES.values()), told)
        print(f'{len(packages)} packages, {len(snippets)} files, {accepted} accepted by both, '
              f'{asked} requests, {told.different} differences')
        return 0 if snippets and told.different == 0 else 1
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
