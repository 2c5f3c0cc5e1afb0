"""Has the conversations of one case with a server, and notes the connection's state after each."""
import dataclasses
import time

from harness.digest import Clients, field_for
from harness.tls_client import HandshakeFailed, TlsClient
from harness.wire import Ended, Silence, Wire

PATIENCE = 30  # seconds for what a request waits for
PROBE = b'OPTIONS * HTTP/1.1\r\nHost: probe.test\r\nConnection: close\r\n\r\n'


@dataclasses.dataclass
class Answer:
    request: object
    responses: list
    state: str = ''  # of the connection after its last request
    handshake: str = ''  # what TLS agreed on before the first


def connections(requests):
    """The case's requests, grouped by the connection they share."""
    groups = []
    for request in requests:
        if request.link == 'new' or not groups:
            groups.append([])
        groups[-1].append(request)
    return groups


def hold_case(case, port, certificates):
    client = TlsClient(certificates, case.host) if case.speaks_tls else None
    digest_clients = Clients(case.host, port)
    answers = []
    for group in connections(case.requests):
        authorize(group, digest_clients)
        answers += hold_connection_until(case, group, port, client)
        for answer in answers[-len(group):]:
            if answer.request.digest and answer.responses:
                digest_clients.learn(answer.request, answer.responses[-1])
    return answers


def authorize(requests, digest_clients):
    for request in requests:
        if request.digest:
            name = field_for(request)
            request.fields = [field for field in request.fields if field[0] != name]
            request.fields.append((name, digest_clients.authorization(request)))


def hold_connection_until(case, requests, port, client):
    """Asks anew, on new connections, until the last answer has what its request waits for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answers = hold_connection(case, requests, port, client)
        bodies = b''.join(response.body for response in answers[-1].responses)
        if requests[-1].until in bodies or time.monotonic() > deadline:
            return answers


def hold_connection(case, requests, port, client):
    try:
        wire = Wire(port, requests[0].client)
    except OSError as error:
        return [Answer(request, [], f'cannot connect: {error}') for request in requests]
    try:
        return converse(case, requests, wire, client)
    except HandshakeFailed as failure:
        return [Answer(request, [], f'no handshake: {failure}') for request in requests]
    finally:
        wire.close()


def converse(case, requests, wire, client):
    speaks_tls = client and 'plain' not in requests[0].tls
    handshake = wire.speak_tls(client, requests[0].tls) if speaks_tls else ''
    answers = exchange(case, requests, wire)
    answers[0].handshake = handshake
    answers[-1].state = state_after(requests[-1], answers[-1], wire)
    if speaks_tls:
        client.remember(wire.socket)
    return answers


def exchange(case, requests, wire):
    answers = []
    for batch in batches(requests):
        wire.send(b''.join(everything(case, request) for request in batch))
        if 'half-close' in batch[-1].options:
            wire.half_close()
        for request in batch:
            answers.append(Answer(request, read_responses(case, request, wire)))
    return answers


def batches(requests):
    """Requests that are sent in one write: each with those pipelined after it."""
    result = []
    for request in requests:
        if request.link == 'pipelined' and result:
            result[-1].append(request)
        else:
            result.append([request])
    return result


def everything(case, request):
    head = request.bytes_to_send(case.host)
    return head if 'hold-body' in request.options else head + request.body


def read_responses(case, request, wire):
    if 'hold-body' in request.options and continues(wire):
        wire.send(request.body)
    method = request.method
    if request.raw is not None:
        method = request.raw.split(b' ', 1)[0].decode('latin-1')
    return [wire.response(method) for _ in range(request.responses)]


def continues(wire):
    """Whether the server asks for the body; its words stay to be read."""
    try:
        while len(wire.buffer) < 12:
            wire.fill()
    except (Ended, Silence):
        return False
    return wire.buffer[9:12] == b'100'


def state_after(request, answer, wire):
    """Open, if a probe request on the connection is answered; else how it ended."""
    if any(response.fault for response in answer.responses):
        return answer.responses[-1].fault or 'broken'
    if 'await-close' not in request.options and 'half-close' not in request.options:
        wire.send(PROBE)
        wire.half_close()
    return probe_result(wire)


def probe_result(wire):
    unexpected = []
    while True:
        response = wire.response('OPTIONS')
        if response.fault:
            break
        unexpected.append(response.status_line)
    if response.fault == 'silence':
        return 'silence'
    if not unexpected:
        return 'closed'
    return 'open' + ''.join(f' (also said: {line})' for line in unexpected[:-1])
