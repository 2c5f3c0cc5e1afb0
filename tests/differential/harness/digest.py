"""Answers Digest challenges (RFC 7616): asks once without, and makes the field from what is said.

@digest user=NAME password=WORD, and whatever is to be different: uri=, nc=, opaque=… A client asks before
each request, unless it has a name: client=NAME stays with the challenge that it got first, and next=NAME,
the same client, goes on with what the last answer to it said."""
import hashlib
import re

from harness.wire import Wire


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def parameters(field):
    return dict(re.findall(r'(\w+)="?([^",]*)"?', field or ''))


def field_for(request):
    """A proxy that the target names another server to has a field of its own."""
    return 'Proxy-Authorization' if request.target.startswith('http:') else 'Authorization'


def challenge_of(request, host, port):
    """The server's realm, nonce and the rest for the request's target."""
    wire = Wire(port)
    try:
        wire.send(f'GET {request.target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n'.encode())
        response = wire.response('GET')
        return parameters(response.field('www-authenticate') or response.field('proxy-authenticate'))
    finally:
        wire.close()


class Clients:
    """What those with a name were told by one server."""

    def __init__(self, host, port):
        self.host, self.port = host, port
        self.kept, self.last = {}, {}

    def challenge_for(self, request):
        name = request.digest.get('client') or request.digest.get('next')
        if not name:
            return challenge_of(request, self.host, self.port)
        if name not in self.kept:
            self.kept[name] = challenge_of(request, self.host, self.port)
        if 'next' in request.digest:
            self.kept[name] = {**self.kept[name], **self.last.get(name, {})}
        return self.kept[name]

    def learn(self, request, response):
        name = request.digest.get('client') or request.digest.get('next')
        self.last[name] = parameters(response.field('www-authenticate'))
        next_nonce = parameters(response.field('authentication-info')).get('nextnonce')
        if next_nonce:
            self.last[name] = {'nonce': next_nonce}

    def authorization(self, request):
        """The value of the field for user=, password= and whatever else the case wants different."""
        wanted = {'uri': request.target, 'nc': '00000001', 'cnonce': 'abcdef', 'qop': 'auth'}
        challenge = self.challenge_for(request)
        wanted.update(challenge)
        wanted.update(request.digest)
        secret = md5(f'{wanted["user"]}:{wanted["realm"]}:{wanted["password"]}')
        asked = md5(f'{request.method}:{wanted["uri"]}')
        response = md5(':'.join((secret, wanted['nonce'], wanted['nc'], wanted['cnonce'], wanted['qop'], asked)))
        parts = [f'username="{wanted["user"]}"', f'realm="{wanted["realm"]}"', f'nonce="{wanted["nonce"]}"',
                 f'uri="{wanted["uri"]}"', f'response="{response}"', f'cnonce="{wanted["cnonce"]}"',
                 f'nc={wanted["nc"]}', f'qop={wanted["qop"]}']
        if 'algorithm' in request.digest:
            parts.append(f'algorithm={wanted["algorithm"]}')
        if 'opaque' in wanted:
            parts.append(f'opaque={wanted["opaque"]}')
        return 'Digest ' + ', '.join(part for part in parts if not part.endswith('=-'))
