"""Reads one .case file: settings, configuration, document tree and requests (see README.md)."""
import codecs
import dataclasses
import fnmatch
import pathlib
import re

from harness.backend import Answer

SECTION = re.compile(r'^=== (\w+)(?: (.*))?$')
REQUEST = re.compile(r'^(?:([+&]) )?(\S+)(?: (.*?))?(?: -> (\d{3}|none|0\.9))?$')
# <<text*100>> stands for a hundred times the text.
REPEATED = re.compile(r'<<(.+?)\*(\d+)>>')


class CaseError(Exception):
    """A case file that does not follow the format."""


@dataclasses.dataclass
class Request:
    line: int
    text: str
    link: str = 'new'  # 'new' connection, 'next' on the same, 'pipelined' with the one before
    expected: str = ''
    method: str = 'GET'
    target: str = '/'
    version: str = 'HTTP/1.1'
    raw: bytes | None = None
    fields: list = dataclasses.field(default_factory=list)
    body: bytes = b''
    ignored: dict = dataclasses.field(default_factory=dict)
    options: set = dataclasses.field(default_factory=set)
    responses: int = 1
    client: str = '127.0.0.1'
    tls: dict = dataclasses.field(default_factory=dict)  # of the connection, by its first request
    digest: dict = dataclasses.field(default_factory=dict)  # how it answers a Digest challenge
    until: bytes = b''  # what its answer must have, or it is asked again
    ours: str = ''  # the status with which preforkd differs on purpose

    def bytes_to_send(self, host):
        if self.raw is not None:
            return self.raw
        names = {name.lower() for name, _ in self.fields}
        fields = list(self.fields)
        if 'host' not in names and 'no-host' not in self.options and self.version != 'HTTP/0.9':
            fields.insert(0, ('Host', host))
        if self.body and not names & {'content-length', 'transfer-encoding'}:
            fields.append(('Content-Length', str(len(self.body))))
        head = f'{self.method} {self.target} {self.version}\r\n'
        head += ''.join(f'{name}: {value}\r\n' for name, value in fields) + '\r\n'
        return head.encode('latin-1')


@dataclasses.dataclass
class Entry:
    """One thing in the document tree."""
    kind: str  # file, link, directory
    path: str
    content: bytes = b''
    target: str = ''
    options: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Case:
    path: pathlib.Path
    name: str
    settings: dict = dataclasses.field(default_factory=dict)
    ignored: dict = dataclasses.field(default_factory=dict)
    masks: list = dataclasses.field(default_factory=list)
    config: str = ''
    entries: list = dataclasses.field(default_factory=list)
    requests: list = dataclasses.field(default_factory=list)
    answers: list = dataclasses.field(default_factory=list)  # of the server behind the server

    @property
    def host(self):
        return '.'.join(reversed(self.name.split('/'))).replace('_', '-') + '.test'

    @property
    def own_server(self):
        return self.settings.get('server', 'shared') == 'own'

    @property
    def has_backend(self):
        return self.settings.get('backend') in ('yes', 'tls', 'tunnel', 'fcgi')

    @property
    def needs_certificates(self):
        return self.speaks_tls or self.settings.get('backend') in ('tls', 'tunnel')

    @property
    def speaks_tls(self):
        return self.settings.get('tls') == 'yes'

    @property
    def compared_logs(self):
        return self.settings.get('compare', '').split()


def unescape(text):
    """The bytes of TEXT with \\r \\n \\t \\0 \\xHH \\\\ resolved."""
    return codecs.escape_decode(text.encode('utf-8'))[0]


def find_cases(folder, pattern):
    for path in sorted(folder.rglob('*.case')):
        name = path.relative_to(folder).with_suffix('').as_posix()
        if fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(name, pattern + '/*'):
            yield Case(path=path, name=name)


def read_case(case, placeholders):
    """Fills CASE from its file; PLACEHOLDERS maps ROOT, PORT … to their values."""
    text = case.path.read_text(encoding='utf-8')
    text = re.sub('@([A-Z]+)@', lambda found: placeholders.get(found[1], found[0]), text)
    text = REPEATED.sub(lambda found: found[1] * int(found[2]), text)
    sections = split_sections(text)
    read_settings(case, sections.pop(0)[2])
    for first_line, header, lines in sections:
        kind, argument = header
        if kind == 'config':
            case.config = ''.join(lines)
        elif kind in ('file', 'link', 'directory'):
            case.entries.append(read_entry(kind, argument or '', lines))
        elif kind == 'answer':
            case.answers.append(read_answer(argument, lines))
        elif kind == 'requests':
            read_requests(case, lines, first_line)
        else:
            raise CaseError(f'{case.path}:{first_line}: no such section: {kind}')
    return case


def split_sections(text):
    sections = [(0, ('settings', ''), [])]
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        found = SECTION.match(line.rstrip('\n'))
        if found:
            sections.append((number, (found[1], found[2]), []))
        else:
            sections[-1][2].append(line)
    return sections


def read_settings(case, lines):
    for line in lines:
        if not line.strip() or line.startswith('#'):
            continue
        name, _, value = line.partition(':')
        if name == 'ignore':
            add_ignored(case.ignored, value, case.path)
        elif name == 'mask':
            case.masks.append(re.compile(value.strip().encode()))
        else:
            case.settings[name] = value.strip()


def add_ignored(ignored, text, where):
    field, _, reason = text.partition(':')
    if not reason.strip():
        raise CaseError(f'{where}: ignore {field.strip()} needs a reason')
    ignored[field.strip().lower()] = reason.strip()


def read_entry(kind, argument, lines):
    if kind == 'link':
        path, target = (part.strip() for part in argument.split('->'))
        target, options = split_options(target)
        return Entry(kind, path, target=target, options=options)
    path, options = split_options(argument)
    content = ''.join(lines).encode('utf-8')
    if 'bytes' in options:
        content = counted_bytes(int(options['bytes']))
    elif 'escaped' in options:
        content = unescape(''.join(lines).rstrip('\n'))
    return Entry(kind, path, content=content, options=options)


def split_options(text):
    words = text.split(' ')
    options = dict(word.partition('=')[::2] for word in words[1:] if word)
    return words[0].replace('%20', ' '), options


def counted_bytes(size):
    """SIZE bytes in which every 8 tell their own position."""
    return b''.join(b'%07d\n' % (at * 8) for at in range(size // 8 + 1))[:size]


def read_answer(path, lines):
    answer = Answer(path)
    for line in lines:
        line = line.rstrip('\n')
        if line.startswith('@'):
            name, _, value = line[1:].partition(' ')
            answer.steps.append((name, *(float(word) for word in value.split())))
            continue
        ends = not line.endswith('\\')
        text = unescape(line if ends else line[:-1]) + (b'\r\n' if ends else b'')
        if answer.steps and answer.steps[-1][0] == 'say':
            text = answer.steps.pop()[1] + text
        answer.steps.append(('say', text))
    return answer


def read_requests(case, lines, first_line):
    for number, line in enumerate(lines, first_line + 1):
        line = line.rstrip('\n')
        if not line.strip() or line.startswith('#'):
            continue
        if line.startswith(' '):
            read_detail(case, case.requests[-1], line.strip())
        else:
            case.requests.append(read_request_line(line, number))


def read_request_line(line, number):
    link, method, rest, expected = REQUEST.match(line).groups()
    request = Request(line=number, text=line, method=method, expected=expected or '')
    request.link = {None: 'new', '+': 'next', '&': 'pipelined'}[link]
    if method == 'raw':
        request.raw = unescape(rest or '')
        return request
    words = (rest or '/').split(' ')
    if words[-1].startswith('HTTP/') and len(words) > 1:
        request.version = words.pop()
    request.target = ' '.join(words)
    return request


def read_detail(case, request, line):
    if line.startswith('|'):
        text = line[2:]
        ends = not text.endswith('\\')
        request.raw += unescape(text if ends else text[:-1]) + (b'\r\n' if ends else b'')
    elif line.startswith('@'):
        read_option(case, request, *line[1:].partition(' ')[::2])
    else:
        name, _, value = line.partition(':')
        request.fields.append((name, unescape(value.strip()).decode('latin-1')))


def read_option(case, request, name, value):
    if name == 'body':
        request.body += unescape(value)
    elif name == 'body-bytes':
        request.body += counted_bytes(int(value))
    elif name == 'ignore':
        add_ignored(request.ignored, value, f'{case.path}:{request.line}')
    elif name == 'ours':
        request.ours, _, reason = (part.strip() for part in value.partition(':'))
        if not reason:
            raise CaseError(f'{case.path}:{request.line}: @ours needs a reason')
    elif name == 'until':
        request.until = unescape(value)
    elif name == 'responses':
        request.responses = int(value)
    elif name == 'client':
        request.client = value
    elif name == 'tls':
        request.tls.update(word.partition('=')[::2] for word in value.split())
    elif name == 'digest':
        request.digest.update(word.partition('=')[::2] for word in value.split())
    elif name in ('no-host', 'half-close', 'await-close', 'hold-body'):
        request.options.add(name)
    else:
        raise CaseError(f'{case.path}:{request.line}: no such option: @{name}')
