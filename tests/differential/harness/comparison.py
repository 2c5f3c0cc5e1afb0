"""What must be equal, and the short list of what may differ (ALLOWED, with its reasons)."""
import email.utils
import re

ALLOWED = {
    'Server': 'the product is another; the shape that ServerTokens asks for must be the same',
    'Date': 'time passes; it must be a date in the preferred form',
    'Expires': 'counts as a distance from Date, give or take what a second boundary does to it',
    'boundary': 'the separator of multipart/byteranges is random',
    'Content-Length': 'an error page that ends a connection has it always, in Apache mostly',
    'Allow': 'the order of its methods changes in Apache from process to process (a hash)',
}
PRODUCT = re.compile(rb'\b(?:Apache|preforkd)(?P<version>/[0-9.]+)?(?P<system> \([\w ]+\))?'
                     rb'(?: like Apache)?')
NONCE = re.compile(r'((?:nonce|rspauth)=")[^"]*"')
DAY = 24 * 3600  # seconds
YEAR = 365 * DAY
DATE = re.compile(r'(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$')
LOG_NOISE = [
    # The server's own life: a child may speak before its parent does.
    (re.compile(rb'(?m)^.*\b(AH00163|AH00164|AH00094|AH00169|AH00096): .*\n'), b''),
    (re.compile(rb'\[[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d [\d:.]+ \d{4}\]'), b'[TIME]'),
    (re.compile(rb'\[\d\d/[A-Z][a-z]{2}/\d{4}:[\d:]{8} [+-]\d{4}\]'), b'[TIME]'),
    (re.compile(rb'\[pid \d+(:tid \d+)?\]'), b'[pid]'),
    (re.compile(rb'(\[client [0-9.]+):\d+\]'), rb'\1:PORT]'),
    # Where in Apache's source a debug line is.
    (re.compile(rb'(\[pid\] )\w+\.c\(\d+\): '), rb'\1'),
]


def product_shape(found):
    version = re.sub(rb'\d+', b'n', found['version'] or b'')
    return b'PRODUCT' + version + (b' (system)' if found['system'] else b'')


def answer_lines(case, answer):
    """An answer as the lines that are compared and, where they differ, shown."""
    ignored = {**case.ignored, **answer.request.ignored}
    lines = []
    if answer.handshake and 'handshake' not in ignored:
        lines.append(f'TLS: {answer.handshake}')
    for response in answer.responses:
        for status_line, _ in response.interim:
            lines.append(status_line)
        lines += response_lines(case, response, ignored)
    if answer.state and 'state' not in ignored:
        lines.append(f'connection: {answer.state}')
    return lines


def response_lines(case, response, ignored):
    body, boundary = normal_body(response, case)
    line = response.status_line
    lines = [line.partition(' ')[2] if 'version' in ignored else line]
    for name, value in response.fields:
        if name.lower() in ignored or is_length_of_last_answer(name, response):
            continue
        lines.append(f'{name}: {normal_value(name, value, response, body, boundary)}')
    lines += [f'trailer {name}: {value}' for name, value in response.trailers]
    if response.fault:
        lines.append(f'(incomplete: {response.fault})')
    return lines + ([] if 'body' in ignored else [''] + body_lines(body))


def is_length_of_last_answer(name, response):
    return (name == 'Content-Length' and response.field('connection') == 'close'
            and response.status >= '400')


def masked(case, text):
    """TEXT without what the case's masks find; the first group of a mask stays."""
    for mask in case.masks:
        text = mask.sub(lambda found: (found[1] if mask.groups else b'') + b'(masked)', text)
    return text


def normal_body(response, case=None):
    body = PRODUCT.sub(product_shape, response.body)
    if case:
        body = masked(case, body)
    found = re.search(r'multipart/byteranges; boundary=(.+)', response.field('content-type') or '')
    if not found:
        return body, None
    return body.replace(found[1].encode('latin-1'), b'BOUNDARY'), found[1]


def normal_value(name, value, response, body, boundary):
    if name == 'Server':
        return PRODUCT.sub(product_shape, value.encode('latin-1')).decode('latin-1')
    if name == 'Date':
        return 'DATE' if DATE.match(value) else value
    if name == 'Expires':
        return distance_from_date(value, response) or value
    if name == 'Allow':
        return ','.join(sorted(value.split(',')))
    if name in ('WWW-Authenticate', 'Authentication-Info', 'Proxy-Authenticate'):
        return NONCE.sub(r'\1NONCE"', value)
    if name == 'Content-Length' and value == str(len(response.body)):
        return str(len(body))
    return value.replace(boundary, 'BOUNDARY') if boundary else value


def distance_from_date(value, response):
    """DATE + seconds, in tens; nothing for what is long past, or no date of the next years."""
    date = response.field('date') or ''
    if not DATE.match(value) or not DATE.match(date):
        return None
    seconds = (email.utils.parsedate_to_datetime(value)
               - email.utils.parsedate_to_datetime(date)).total_seconds()
    return f'DATE + {round(seconds / 10) * 10}' if -DAY < seconds < 10 * YEAR else None


def body_lines(body):
    """The body as text with everything unprintable escaped."""
    return [line.decode('utf-8', 'backslashreplace').encode('unicode_escape').decode('ascii')
            for line in body.split(b'\n')]


def log_lines(case, text):
    for noise, instead in LOG_NOISE:
        text = noise.sub(instead, text)
    return body_lines(PRODUCT.sub(product_shape, masked(case, text)))


def last_status(answer):
    """A number, 0.9 where there is no head, none where there is nothing."""
    if not answer.responses or not answer.responses[-1].status_line:
        return 'none'
    status = answer.responses[-1].status
    return status if status.isdigit() else '0.9'


def unexpected_status(answer):
    """Whether the case foretold another status than the server gave."""
    expected = answer.request.expected
    if not expected:
        return ''
    got = last_status(answer)
    return '' if got == expected else f'the case expects {expected}, the server says {got}'


def differences(case, apache, preforkd):
    """(title, Apache's lines, preforkd's lines) for everything that is not the same."""
    if apache.failure or preforkd.failure:
        return [('server', apache.failure.splitlines() or ['(well)'],
                 preforkd.failure.splitlines() or ['(well)'])]
    found = []
    for theirs, ours in zip(apache.answers, preforkd.answers):
        left, right = answer_lines(case, theirs), answer_lines(case, ours)
        if theirs.request.ours:
            left = [f'(preforkd shall say {theirs.request.ours})']
            right = right if theirs.request.ours != last_status(ours) else left
        if left != right:
            found.append((f'line {theirs.request.line}: {theirs.request.text}', left, right))
    for name in case.compared_logs:
        left, right = log_lines(case, apache.logs[name]), log_lines(case, preforkd.logs[name])
        if left != right:
            found.append((f'log {name}', left, right))
    return found
