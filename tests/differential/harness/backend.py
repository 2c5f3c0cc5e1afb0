"""A server behind the server: answers what a case's `=== answer PATH` sections script, and else tells
what it was asked."""
import dataclasses
import os
import re
import select
import socket
import ssl
import struct
import threading
import time


# The lengths of a short parameter stand before its name and its value.
END_OF_CONTENT = b'\x01\x05\0\x01\0\0'
REQUEST_URI = re.compile(rb'\x0b([\x00-\x7f])REQUEST_URI', re.S)


@dataclasses.dataclass
class Answer:
    """Steps of ('say', bytes), ('sleep', seconds), ('echo',), ('read',), ('relay',), ('tls',), ('close',)
    or ('reset',)."""
    path: str
    steps: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Asked:
    method: str = ''
    path: str = ''
    head: bytes = b''
    content: bytes = b''
    content_read: bool = False


def listen_tcp():
    listener = socket.socket()
    listener.bind(('127.0.0.1', 0))
    listener.listen(50)
    return listener


def listen_unix(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    os.chmod(path, 0o777)
    listener.listen(50)
    return listener


class Backend:
    """Serves until the harness ends, each connection in a thread."""

    def __init__(self, answers, socket_path, certificates=None, kind='yes'):
        """KIND tls: it speaks TLS over TCP; tunnel: once it says so (@tls); fcgi: it is asked in FastCGI."""
        self.speak = self.speak_fcgi if kind == 'fcgi' else self.speak_http
        self.tls = server_context(certificates) if certificates else None
        self.begins_with_tls = kind == 'tls'
        self.answers = {answer.path: answer for answer in answers}
        self.tcp = listen_tcp()
        self.port = self.tcp.getsockname()[1]
        for listener in (self.tcp, listen_unix(socket_path)):
            threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        connection.settimeout(30)
        try:
            if self.begins_with_tls and connection.family == socket.AF_INET:
                self.serve_in_tls(connection)
                return
            with connection, connection.makefile('rb') as reader:
                self.speak(connection, reader)
        except (OSError, ValueError):
            pass  # whoever asked is gone

    def serve_in_tls(self, connection):
        inner = self.tls.wrap_socket(connection, server_side=True)
        with inner, inner.makefile('rb') as reader:
            self.speak(inner, reader)

    def speak_http(self, connection, reader):
        while asked := read_head(reader):
            answer = self.answers.get(asked.path.split('?')[0], Answer('', [('echo',)]))
            if not self.obey(answer, asked, connection, reader):
                break
            read_content(asked, reader)

    def speak_fcgi(self, connection, reader):
        """Reads the request and looks for the path in its parameters; what is said is bytes of records."""
        received = b''
        while END_OF_CONTENT not in received:
            received += connection.recv(65536)
        found = REQUEST_URI.search(received)
        path = received[found.end():found.end() + found[1][0]].decode()
        self.obey(self.answers[path], Asked(path=path), connection, reader)

    def obey(self, answer, asked, connection, reader):
        """Whether the connection goes on."""
        for name, *arguments in answer.steps:
            if name == 'say':
                connection.sendall(arguments[0].replace(b'@BACKEND@', str(self.port).encode()))
            elif name == 'sleep':
                time.sleep(arguments[0])
            elif name == 'read':
                read_content(asked, reader)
            elif name == 'echo':
                read_content(asked, reader)
                connection.sendall(echo(asked, getattr(connection, 'asked_for', None)))
            elif name == 'relay':
                relay(connection, reader)
            elif name == 'tls':
                self.serve_in_tls(connection)
                return False
            elif name == 'reset':
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                return False
            else:
                return False
        return True


def server_context(certificates):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / 'server.pem', certificates / 'server.key')
    context.load_verify_locations(certificates / 'authority.pem')
    context.verify_mode = ssl.CERT_OPTIONAL
    context.sni_callback = lambda connection, name, _: setattr(connection, 'asked_for', name)
    return context


def read_head(reader):
    head = b''
    while (line := reader.readline()) not in (b'\r\n', b'\n', b''):
        head += line
    words = head.split(b'\r\n')[0].decode('latin-1').split(' ')
    return Asked(words[0], words[1], head) if len(words) == 3 else None


def field(asked, wanted):
    for line in asked.head.decode('latin-1').split('\r\n')[1:]:
        name, _, value = line.partition(':')
        if name.lower() == wanted:
            return value.strip()
    return ''


def read_content(asked, reader):
    if asked.content_read:
        return
    asked.content_read = True
    if 'chunked' in field(asked, 'transfer-encoding').lower():
        while size := int(reader.readline().split(b';')[0], 16):
            asked.content += reader.read(size)
            reader.readline()
        while reader.readline() not in (b'\r\n', b''):
            pass
    elif length := field(asked, 'content-length'):
        asked.content = reader.read(int(length))


def echo(asked, tls_name=None):
    """The request as a response; a long content by its length. Before it, who was asked for in TLS."""
    told = asked.content if len(asked.content) < 1000 else b'%d bytes' % len(asked.content)
    name = f'SNI: {tls_name}\r\n'.encode() if tls_name else b''
    text = name + asked.head + b'\r\n' + told
    head = f'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n'
    return head.encode() + (b'' if asked.method == 'HEAD' else text)


def relay(connection, reader):
    """Says back whatever comes, in capitals, until an X."""
    reader.peek(0)
    while select.select([connection], [], [], 10)[0]:
        data = connection.recv(4096)
        if not data:
            return
        connection.sendall(data.upper())
        if b'X' in data:
            return
