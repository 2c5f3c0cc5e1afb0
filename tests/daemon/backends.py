"""Small servers for a proxy to ask, each on a free port, in threads of the test."""

import collections
import hashlib
import base64
import socket
import threading


class Backend:
    """Answers each connection by SERVE(connection, reader), and counts them."""

    def __init__(self, serve, name=""):
        self.name = name
        self.serve = serve
        self.connections = 0
        self.counts = collections.Counter()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # closed
            self.connections += 1
            threading.Thread(target=self.hold, args=(connection,), daemon=True).start()

    def hold(self, connection):
        connection.settimeout(20)
        try:
            with connection, connection.makefile("rb") as reader:
                self.serve(self, connection, reader)
        except OSError:
            pass  # whoever asked is gone

    def end(self):
        # A thread that waits in accept() holds the socket open.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def read_head(reader):
    """The first line's words and the fields by lower-case name, or nothing at the end."""
    line = reader.readline().decode("latin-1").split()
    fields = {}
    while (text := reader.readline().strip().decode("latin-1")):
        name, _, value = text.partition(":")
        fields[name.lower()] = value.strip()
    return (line, fields) if line else None


def answer(connection, body, *fields):
    head = "".join(f"{field}\r\n" for field in fields)
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode()
                       + body)


def names_itself(backend, connection, reader):
    """Each request gets the server's name."""
    while read := read_head(reader):
        backend.counts[read[0][1]] += 1
        answer(connection, backend.name.encode(),
               f"Set-Cookie: session=abc.{backend.name}; path=/")


def echoes(_, connection, reader):
    """Sends content back as it comes."""
    _, fields = read_head(reader)
    length = int(fields["content-length"])
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode())
    while length > 0:
        data = reader.read1(65536)
        connection.sendall(data)
        length -= len(data)


def speaks_websocket(_, connection, reader):
    """RFC 6455: says each text frame back in capitals; answers plain requests, too."""
    while read := read_head(reader):
        fields = read[1]
        if fields.get("upgrade", "").lower() != "websocket":
            answer(connection, b"no websocket")
            continue
        key = fields["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        connection.sendall("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                           f"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode())
        while head := reader.read(2):
            size = head[1] & 127
            mask = reader.read(4)
            text = bytes(byte ^ mask[at % 4] for at, byte in enumerate(reader.read(size)))
            if head[0] & 15 == 8:
                return
            connection.sendall(bytes([0x81, size]) + text.upper())
