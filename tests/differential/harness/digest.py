"""Answers a Digest challenge (RFC 7616): asks once without, and makes the field from what is said."""
import hashlib
import re

from harness.wire import Wire


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def challenge_of(request, host, port):
    """The server's realm, nonce and the rest for the request's target."""
    wire = Wire(port)
    try:
        wire.send(f'GET {request.target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n'.encode())
        said = wire.response('GET').field('www-authenticate') or ''
        return dict(re.findall(r'(\w+)="?([^",]*)"?', said))
    finally:
        wire.close()


def authorization(request, host, port):
    """The value of the field for user=, password= and whatever else the case wants different."""
    wanted = {'uri': request.target, 'nc': '00000001', 'cnonce': 'abcdef', 'qop': 'auth'}
    wanted.update(challenge_of(request, host, port))
    wanted.update(request.digest)
    secret = md5(f'{wanted["user"]}:{wanted["realm"]}:{wanted["password"]}')
    asked = md5(f'{request.method}:{wanted["uri"]}')
    response = md5(':'.join((secret, wanted['nonce'], wanted['nc'], wanted['cnonce'], wanted['qop'], asked)))
    parts = [f'username="{wanted["user"]}"', f'realm="{wanted["realm"]}"', f'nonce="{wanted["nonce"]}"',
             f'uri="{wanted["uri"]}"', f'response="{response}"', f'cnonce="{wanted["cnonce"]}"',
             f'nc={wanted["nc"]}', f'qop={wanted["qop"]}']
    parts += [f'{name}={request.digest[name]}' for name in ('algorithm', 'opaque') if name in request.digest]
    return 'Digest ' + ', '.join(part for part in parts if not part.endswith('=-'))
