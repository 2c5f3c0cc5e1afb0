"""A client that shows what is on the wire: it reads responses without repairing anything."""
import dataclasses
import re
import socket
import ssl

from harness import tls_client

STATUS_LINE = re.compile(rb'HTTP/\d\.\d (\d{3})')


class Ended(Exception):
    """The server closed (or reset) the connection before the message was complete."""


class Silence(Exception):
    """The server said nothing for too long."""


@dataclasses.dataclass
class Response:
    status_line: str = ''
    fields: list = dataclasses.field(default_factory=list)
    body: bytes = b''
    trailers: list = dataclasses.field(default_factory=list)
    interim: list = dataclasses.field(default_factory=list)
    fault: str = ''  # what kept it from being a whole response

    @property
    def status(self):
        return self.status_line.split(' ')[1] if ' ' in self.status_line else ''

    def field(self, wanted):
        return next((value for name, value in self.fields if name.lower() == wanted), None)


class Wire:
    def __init__(self, port, client='127.0.0.1', patience=8.0, address='127.0.0.1'):
        self.socket = socket.socket()
        self.socket.settimeout(patience)
        self.socket.bind((client, 0))
        self.socket.connect((address, port))
        self.buffer = b''

    def speak_tls(self, client, options):
        """What was agreed. Raises HandshakeFailed."""
        self.socket, agreed = client.open(self.socket, options)
        return agreed

    def close(self):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass  # what the server said before it closed is still to be read

    def half_close(self):
        try:
            tls_client.half_close(self.socket)
        except OSError:
            pass

    def fill(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            raise Ended('reset') from None
        except TimeoutError:
            raise Silence('silence') from None
        except ssl.SSLError as error:
            raise Ended(f'TLS: {tls_client.reason_of(error)}') from None
        if not data:
            raise Ended('closed')
        self.buffer += data

    def line(self):
        while b'\n' not in self.buffer:
            self.fill()
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line + b'\n'

    def exactly(self, size):
        while len(self.buffer) < size:
            self.fill()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def rest(self):
        """Everything until the server closes."""
        try:
            while True:
                self.fill()
        except Ended:
            data, self.buffer = self.buffer, b''
            return data

    def response(self, method):
        """The next final response, with the interim ones before it."""
        response = Response()
        try:
            self.read_head(response)
            while response.status.startswith('1') and response.status != '101':
                response.interim.append((response.status_line, response.fields))
                response.fields = []
                self.read_head(response)
            self.read_body(response, method)
        except (Ended, Silence) as fault:
            response.fault = str(fault)
            response.body += self.buffer
            self.buffer = b''
        return response

    def read_head(self, response):
        while len(self.buffer) < 5 and b'HTTP/'.startswith(self.buffer):
            self.fill()
        if not self.buffer.startswith(b'HTTP/'):
            response.status_line = '(no head: HTTP/0.9)'
            return
        response.status_line = shown(self.line())
        response.fields = self.read_fields()

    def read_fields(self):
        fields = []
        while (line := self.line()) not in (b'\r\n', b'\n'):
            name, _, value = shown(line).partition(': ')
            fields.append((name, value))
        return fields

    def read_body(self, response, method):
        if method == 'HEAD' or response.status in ('204', '304'):
            return
        if 'chunked' in (response.field('transfer-encoding') or ''):
            self.read_chunks(response)
        elif (length := response.field('content-length')) is not None:
            response.body = self.exactly(int(length))
        else:
            response.body = self.rest()

    def read_chunks(self, response):
        while size := int(self.line().split(b';')[0], 16):
            response.body += self.exactly(size)
            self.line()
        response.trailers = self.read_fields()


def shown(line):
    """A line of the head as text; an unusual line end stays visible."""
    text = line.decode('latin-1')
    return text[:-2] if text.endswith('\r\n') else text.replace('\n', '\\n')
