"""Clients that never stop asking, and remember every request that got no proper answer."""

import contextlib
import http.client
import threading

PATIENCE = 30


class Load:
    """As a context manager: clients of both kinds are at work until its end. `answered` counts,
    `failures` says what went wrong, with the moment in the words of the exception."""

    def __init__(self, port, path="/page.txt", keep_alive=4, single=4):
        self.port, self.path = port, path
        self.answered = 0
        self.failures = []
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(kind,))
                        for kind in ["keep-alive"] * keep_alive + ["single"] * single]

    def work(self, kind):
        fields = {} if kind == "keep-alive" else {"Connection": "close"}
        while not self.over.is_set():
            with contextlib.closing(self.connection()) as connection:
                self.ask_until_closed(connection, kind, fields)

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask_until_closed(self, connection, kind, fields):
        """As many requests as the server wants to answer on one connection."""
        for turn in range(1000):
            try:
                connection.request("GET", self.path, headers=fields)
                response = connection.getresponse()
                content = response.read()
            except (OSError, http.client.HTTPException) as problem:
                return self.note(f"{kind}, request {turn} of its connection: {problem!r}")
            if response.status != 200 or not content:
                return self.note(f"{kind}: status {response.status}")
            with self.lock:
                self.answered += 1
            if response.will_close or self.over.is_set():
                return None
        return None

    def note(self, failure):
        with self.lock:
            self.failures.append(failure)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE)
