"""Clients with a connection a request, from within the container's network. At the end of its
standard input it prints how many requests were answered, and then each failure."""

import http.client
import sys
import threading

answered, failures, over = [], [], threading.Event()


def ask():
    while not over.is_set():
        try:
            connection = http.client.HTTPConnection("127.0.0.1", 80, timeout=15)
            connection.request("GET", "/page.txt")
            response = connection.getresponse()
            if (response.status, response.read()) != (200, b"a page\n"):
                raise ConnectionError(f"status {response.status}")
            answered.append(1)
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            failures.append(repr(error))


clients = [threading.Thread(target=ask) for _ in range(4)]
for client in clients:
    client.start()
sys.stdin.read()
over.set()
for client in clients:
    client.join()
print(len(answered), *failures, sep="\n")
