#!/usr/bin/env python3
"""Random configurations: nested sections with directives whose effects show, and requests for what they
cover. apache2 and preforkd must answer alike; a difference is reduced to what it needs.

usage: generate.py [--seeds FIRST-LAST] [--preforkd PATH] [--show] [--shown N]
The same seed makes the same case. Exit status: 0 when nothing differs, 1 when something does, 2 when
the test cannot run.
"""
import argparse
import itertools
import os
import pathlib
import random
import shutil
import sys
import tempfile

from harness import comparison, report
from harness.case_file import find_cases
from harness.runs import group_cases
from harness.server import APACHE
from run import surprises

MODULES = 'env expires rewrite negotiation'
FOLDERS = ('', 'a', 'a/b', 'a/b/c', 'd', 'd/a')
FILES = ('x.txt', 'y.html', 'z.txt.gz', 'index.html')
PATTERNS = ('@ROOT@', '@ROOT@/', '@ROOT@/a', '@ROOT@/a/b', '@ROOT@/a/b/c', '@ROOT@/*/b', '@ROOT@/[ad]*/b',
            '@ROOT@/?/b/c', '@ROOT@/d', '/')
FOLDER_REGEXES = ('@ROOT@/a/', '/b/', '/[ab]/', '@ROOT@/(?<first>[^/]+)/', '/d/')
FILE_PATTERNS = ('x.txt', 'y*.html', '?.txt', 'z*', '*', 'b', '.htaccess')
FILE_REGEXES = ('\\.txt$', '^x', 'html', '^(?<base>[^.]+)', '.')
URL_PATHS = ('/', '/a', '/a/', '/a/b', '/a/*', '/a/x.txt', '/d/a', '/*/b', '/nothing')
URL_REGEXES = ('^/a', '/b(/|$)', 'txt$', '^/(?<top>[^/]*)', '\\.html$', '/')
CONDITIONS = ("%{REQUEST_URI} =~ m#/b#", "%{QUERY_STRING} == 'q'", "-n %{QUERY_STRING}", 'true', 'false',
              "%{REQUEST_METHOD} == 'POST'", "%{req_novary:X-One} == '1'", "%{REQUEST_FILENAME} =~ /txt$/",
              "reqenv('VA') == '1'", "-f %{REQUEST_FILENAME}")
METHODS = ('GET', 'POST', 'OPTIONS', 'GET POST', 'PUT', 'HEAD')
SHOWN = ''.join(f'Header set X-Env-{name} "%{{V{name}}}e"\n' for name in 'ABC')


class Maker:
    """Makes one case from a seed."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.seed = seed
        self.number = 0

    def next(self):
        self.number += 1
        return self.number

    def one(self, choices):
        return self.chance.choice(choices)

    def perhaps(self, percent):
        return self.chance.randrange(100) < percent

    def text(self):
        parts = [f'# Generated from seed {self.seed}.\nmodules: {MODULES}\n=== config\n', SHOWN,
                 'AddLanguage de .none\n', self.directory_that_allows()]
        parts += [self.line('server') for _ in range(self.chance.randrange(4))]
        parts += [self.section('server', 0) for _ in range(2 + self.chance.randrange(5))]
        return ''.join(parts) + self.tree() + self.requests()

    def directory_that_allows(self):
        allowed = self.one(('All', 'All', 'All', 'None', 'FileInfo Options', 'FileInfo AuthConfig Limit',
                            'Options=Indexes,FollowSymLinks FileInfo', 'Indexes'))
        lines = f'    AllowOverride {allowed}\n'
        if self.perhaps(15):
            lines += f'    AllowOverrideList {self.one(("Header", "Redirect Header", "None", "SetEnv AddType"))}\n'
        return f'<Directory {self.one(("@ROOT@", "@ROOT@/a", "@ROOT@"))}>\n{lines}</Directory>\n'

    def tree(self):
        made = ''
        for folder in FOLDERS:
            place = folder + '/' if folder else ''
            for name in FILES:
                if name != 'index.html' or self.perhaps(40):
                    made += f'=== file {place}{name}\n{place}{name}\n'
            if self.perhaps(25):
                made += f'=== file {place}.htaccess\n{self.block("htaccess", 1, 4, "")}'
        return made

    def requests(self):
        paths = [f'/{folder + "/" if folder else ""}{name}' for folder in FOLDERS for name in FILES]
        paths += [f'/{folder}/' if folder else '/' for folder in FOLDERS]
        paths += ['/a', '/nothing', '/a/x.txt/info', '/a/b/nothing', '/d']
        made = '=== requests\n'
        for path in self.chance.sample(paths, 14):
            made += f'{self.one(("GET",) * 6 + ("POST", "HEAD", "OPTIONS"))} {path}{self.one(("", "", "?q"))}\n'
            if self.perhaps(30):
                made += '    X-One: 1\n'
        return made

    def block(self, context, depth, most, indent):
        """Lines of one section."""
        made = ''
        for _ in range(1 + self.chance.randrange(most)):
            if depth < 3 and self.perhaps(22):
                inner = self.section(context, depth)
            else:
                inner = self.line(context)
            made += ''.join(f'{indent}{line}\n' for line in inner.splitlines())
        return made

    def section(self, context, depth):
        kind = self.one(self.kinds(context))
        if kind == 'If':
            return self.conditions(context, depth)
        opening, inside = getattr(self, f'open_{kind.lower()}')()
        name = opening[1:].split()[0]
        return f'{opening}>\n{self.block(inside, depth + 1, 4, "    ")}</{name}>\n'

    @staticmethod
    def kinds(context):
        return {'server': ('Directory', 'Directory', 'Files', 'Location', 'Location', 'If'),
                'directory': ('Files', 'If', 'Limit'),
                'htaccess': ('Files', 'If', 'Limit'),
                'location': ('If', 'Limit'), 'files': ('If', 'Limit'), 'if': ('Limit',),
                'limit': ('Limit',)}[context]

    def open_directory(self):
        return self.one((lambda: f'<Directory "{self.one(PATTERNS)}"', lambda: f'<Directory "{self.one(PATTERNS)}"',
                         lambda: f'<Directory ~ "{self.one(FOLDER_REGEXES)}"',
                         lambda: f'<DirectoryMatch "{self.one(FOLDER_REGEXES)}"'))(), 'directory'

    def open_files(self):
        return self.one((lambda: f'<Files "{self.one(FILE_PATTERNS)}"', lambda: f'<Files ~ "{self.one(FILE_REGEXES)}"',
                         lambda: f'<FilesMatch "{self.one(FILE_REGEXES)}"'))(), 'files'

    def open_location(self):
        return self.one((lambda: f'<Location "{self.one(URL_PATHS)}"', lambda: f'<Location ~ "{self.one(URL_REGEXES)}"',
                         lambda: f'<LocationMatch "{self.one(URL_REGEXES)}"'))(), 'location'

    def open_limit(self):
        return f'<{self.one(("Limit", "LimitExcept"))} {self.one(METHODS)}', 'limit'

    def conditions(self, context, depth):
        made = f'<If "{self.one(CONDITIONS)}">\n{self.block("if", depth + 1, 3, "    ")}</If>\n'
        while self.perhaps(30):
            made += f'<ElseIf "{self.one(CONDITIONS)}">\n{self.block("if", depth + 1, 3, "    ")}</ElseIf>\n'
        if self.perhaps(35):
            made += f'<Else>\n{self.block("if", depth + 1, 3, "    ")}</Else>\n'
        return made

    def line(self, context):
        if context == 'limit':
            return self.one((lambda: f'Require {self.rules()}\n', self.old_access))()
        choices = [self.header] * 5 + [self.environment] * 3 + [self.type] * 3 + [self.require, self.old_access,
                   self.document, self.expires, self.various, self.options, self.redirect, self.rule, self.environment_if]
        made = self.one(choices)
        if context == 'server' and made in (self.require, self.old_access, self.rule):
            made = self.header
        return made()

    def header(self):
        name = self.one('ABC')
        action = self.one(('append', 'append', 'append', 'set', 'merge', 'add', 'unset', 'setifempty'))
        value = '' if action == 'unset' else f' "v{self.next()}"'
        table = self.one(('', '', '', 'always ', 'onsuccess '))
        condition = self.one(('',) * 5 + (' env=VA', ' env=!VB', f' "expr={self.one(CONDITIONS)}"'))
        return f'Header {table}{action} X-{name}{value}{condition}\n'

    def environment(self):
        return self.one((lambda: f'SetEnv V{self.one("ABC")} {self.next()}\n', lambda: f'UnsetEnv V{self.one("ABC")}\n'))()

    def environment_if(self):
        subject = self.one(('Request_URI "/b"', 'Request_URI "txt$"', 'Request_Method POST', 'X-One 1', 'VA .'))
        return f'SetEnvIf {subject} {self.one(("", "", "!"))}V{self.one("ABC")}' + self.one(('', f'={self.next()}')) + '\n'

    def type(self):
        return self.one((
            lambda: f'AddType text/x-{self.next()} {self.one((".txt", ".html"))}\n',
            lambda: f'RemoveType {self.one((".txt", ".html"))}\n',
            lambda: f'ForceType {self.one((f"text/x-{self.next()}", "None"))}\n',
            lambda: f'AddDefaultCharset {self.one(("utf-8", "Off", "On", "koi8-r"))}\n',
            lambda: f'AddEncoding x-{self.next()} .gz\n', lambda: 'RemoveEncoding .gz\n',
            lambda: f'AddLanguage l{self.next()} {self.one((".txt", ".html"))}\n',
            lambda: f'DefaultLanguage l{self.next()}\n',
            lambda: f'AddCharset c{self.next()} .html\n',
            lambda: f'SetHandler {self.one(("None", f"nobody-{self.next()}"))}\n',
            lambda: f'AddHandler nobody-{self.next()} .txt\n'))()

    def rules(self):
        return self.one(('all granted', 'all granted', 'all denied', 'env VA', 'env VB', 'method GET',
                         'method POST', 'ip 127.0.0.0/8', 'ip 10.0.0.0/8', 'local',
                         "expr %{QUERY_STRING} == 'q'"))

    def require(self):
        kind = self.one(('', '', 'All', 'Any', 'None', 'merge'))
        if not kind:
            return f'Require {self.rules()}\n'
        if kind == 'merge':
            return f'AuthMerging {self.one(("Off", "And", "Or"))}\n'
        lines = ''.join(f'    Require {self.rules()}\n' for _ in range(1 + self.chance.randrange(2)))
        if kind == 'All' and self.perhaps(50):
            lines += f'    Require not {self.rules()}\n'
        if kind == 'None':
            return f'<RequireAll>\n    Require all granted\n    <RequireNone>\n    {lines}    </RequireNone>\n</RequireAll>\n'
        return f'<Require{kind}>\n{lines}</Require{kind}>\n'

    def old_access(self):
        return self.one((
            lambda: f'Order {self.one(("allow,deny", "deny,allow"))}\n',
            lambda: f'{self.one(("Allow", "Deny"))} from {self.one(("all", "127.0.0.1", "10.0.0.1", "env=VA", "env=!VB"))}\n',
            lambda: f'Satisfy {self.one(("Any", "All"))}\n'))()

    def document(self):
        return self.one((
            lambda: f'ErrorDocument {self.one((404, 403))} "text {self.next()}"\n',
            lambda: f'ErrorDocument {self.one((404, 403))} {self.one(("/x.txt", "/a/y.html", "default"))}\n',
            lambda: f'DirectoryIndex {self.one(("x.txt", "index.html y.html", "disabled", "nothing x.txt", "/a/x.txt"))}\n',
            lambda: f'DirectorySlash {self.one(("On", "Off"))}\n',
            lambda: f'FallbackResource {self.one(("/x.txt", "disabled", "/a/y.html"))}\n'))()

    def expires(self):
        return self.one((lambda: f'ExpiresActive {self.one(("On", "On", "Off"))}\n',
                         lambda: f'ExpiresDefault "access plus {self.next()} days"\n',
                         lambda: f'ExpiresByType text/{self.one(("plain", "html"))} "access plus {self.next()} days"\n'))()

    def various(self):
        return self.one((
            lambda: f'FileETag {self.one(("None", "All", "Size", "-MTime", "+INode -Size", "MTime Size"))}\n',
            lambda: f'AcceptPathInfo {self.one(("On", "Off", "Default"))}\n',
            lambda: f'IndexOptions {self.one(("FancyIndexing", "None", "+FancyIndexing", "-FancyIndexing", "+HTMLTable", "SuppressIcon FancyIndexing"))}\n',
            lambda: f'IndexIgnore {self.one(("*.txt", "y*", ".??*"))}\n',
            lambda: f'ServerSignature {self.one(("On", "Off", "EMail"))}\n',
            lambda: f'LimitRequestBody {self.one((0, 1, 100))}\n',
            lambda: f'MaxRanges {self.one(("none", "1", "default"))}\n',
            lambda: f'UseCanonicalName {self.one(("On", "Off"))}\n'))()

    def options(self):
        names = ('Indexes', 'FollowSymLinks', 'SymLinksIfOwnerMatch', 'Includes')
        if self.perhaps(30):
            return f'Options {self.one(("None", "Indexes FollowSymLinks ExecCGI", "Indexes FollowSymLinks", "Indexes", "FollowSymLinks"))}\n'
        return 'Options ' + ' '.join(self.one('+-') + self.one(names) for _ in range(1 + self.chance.randrange(2))) + '\n'

    def redirect(self):
        if self.perhaps(60):
            return self.header()
        return self.one((lambda: f'Redirect {self.one((301, 302, 303))} /nothing /to-{self.next()}\n',
                         lambda: f'RedirectMatch {self.one(("^/a/b/(.*)", "nothing$"))} /matched-{self.next()}\n',
                         lambda: 'Redirect gone /a/b/c\n'))()

    def rule(self):
        return 'RewriteEngine ' + self.one(('On', 'On', 'On', 'Off')) + '\n' + self.one((
            lambda: f'RewriteRule {self.one(("^", "txt$", "^b/", "x"))} - [E=V{self.one("ABC")}:{self.next()}]\n',
            lambda: f'RewriteRule {self.one(("^nothing$", "^y.html$"))} x.txt [L]\n',
            lambda: f'RewriteOptions {self.one(("Inherit", "InheritBefore", "IgnoreInherit"))}\n',
            lambda: 'RewriteRule ^x\\.txt$ - [F]\n'))()


def options():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--seeds', default='1-100', metavar='FIRST-LAST')
    parser.add_argument('--preforkd', default=os.environ.get('PREFORKD'), help='the binary')
    parser.add_argument('--show', action='store_true', help='print the cases, ask nobody')
    parser.add_argument('--shown', type=int, default=3, help='how many differences are reduced and printed')
    return parser.parse_args()


class Workplace:
    """Folders for cases and servers, one after another."""

    def __init__(self, top, preforkd):
        self.top, self.preforkd, self.count = top, preforkd, 0

    def differences(self, texts):
        """{name: what differs} of the cases, by name."""
        self.count += 1
        place = self.top / str(self.count)
        cases_folder = place / 'cases'
        cases_folder.mkdir(parents=True)
        for name, text in texts.items():
            (cases_folder / f'{name}.case').write_text(text, encoding='utf-8')
        found = {}
        try:
            for group in group_cases(list(find_cases(cases_folder, '*')), place):
                apache, ours = group.run(APACHE), group.run(self.preforkd)
                for case in group.cases:
                    differing = surprises(case, apache[case.name]) if not apache[case.name].failure else []
                    differing += comparison.differences(case, apache[case.name], ours[case.name])
                    if differing and not both_refuse(apache[case.name], ours[case.name]):
                        found[case.name] = differing
        finally:
            shutil.rmtree(place, ignore_errors=True)
        return found


def both_refuse(apache, ours):
    """What is no configuration for either tells nothing of merging."""
    words = ('refuses', 'did not start')
    return apache.failure.startswith(words) and ours.failure.startswith(words)


def units(lines):
    """Ranges of lines that can go together: a line, or a whole section or file with its lines."""
    asks, content_ends = False, 0
    for at, line in enumerate(lines):
        text = line.strip()
        asks = asks or line.startswith('=== requests')
        if asks:
            if text and not line.startswith(('=== ', ' ')):
                fields = sum(1 for _ in itertools.takewhile(lambda other: other.startswith(' '), lines[at + 1:]))
                yield at, at + 1 + fields
        elif line.startswith('=== file'):
            end = at + 1
            while end < len(lines) and not lines[end].startswith('=== '):
                end += 1
            yield at, end
            content_ends = at + 1 if '.htaccess' in line else end
        elif at < content_ends:
            continue  # a file stays as it is
        elif text.startswith('<') and not text.startswith('</'):
            depth, end = 1, at + 1
            while depth and end < len(lines):
                inner = lines[end].strip()
                depth += inner.startswith('<') - 2 * inner.startswith('</')
                end += 1
            yield at, end
        elif text and not text.startswith(('#', '=== ', '</', 'modules:')):
            yield at, at + 1


def reduced(text, workplace):
    """The smallest case that can be reached by leaving parts out."""
    lines = text.splitlines(keepends=True)
    smaller = True
    while smaller:
        smaller = False
        for start, end in sorted(units(lines), key=lambda unit: unit[0] - unit[1]):
            rest = lines[:start] + lines[end:]
            if rest[-1].startswith('=== requests'):
                continue
            if workplace.differences({'reduced': ''.join(rest)}):
                lines, smaller = rest, True
                break
    return ''.join(lines)


def check(seeds, workplace, shown):
    """The seeds whose cases differ."""
    texts = {f'seed-{seed}': Maker(seed).text() for seed in seeds}
    found = workplace.differences(texts)
    for name in list(found)[:shown]:
        text = reduced(texts[name], workplace)
        print(f'{name}, reduced:\n{text}')
        for differing in workplace.differences({name: text}).values():
            report.print_failure(name, differing)
    return list(found)


def main():
    chosen = options()
    first, last = (int(number) for number in chosen.seeds.split('-'))
    if chosen.show:
        for seed in range(first, last + 1):
            print(Maker(seed).text())
        return 0
    if not chosen.preforkd or not os.access(chosen.preforkd, os.X_OK) or not os.access(APACHE, os.X_OK):
        print('this needs apache2 and a preforkd binary: name it by --preforkd or in PREFORKD')
        return 2
    top = pathlib.Path(tempfile.mkdtemp(prefix='generated-'))
    top.chmod(0o755)
    try:
        workplace = Workplace(top, os.path.abspath(chosen.preforkd))
        different = []
        for start in range(first, last + 1, 50):
            different += check(range(start, min(start + 50, last + 1)), workplace, chosen.shown - len(different))
        print(f'seeds {first} to {last}: {len(different)} differ {" ".join(different)}')
        return 1 if different else 0
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
