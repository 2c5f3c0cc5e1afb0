"""Runs cases on a server: shared cases as virtual hosts of one, the others on their own."""
import dataclasses

from harness import server as servers
from harness.backend import Backend
from harness.case_file import read_case
from harness.certificates import make_certificates
from harness.conversation import hold_case
from harness.document_tree import make_tree
from harness.fpm import start_fpm


@dataclasses.dataclass
class Outcome:
    """What one server did with one case."""
    answers: list = dataclasses.field(default_factory=list)
    logs: dict = dataclasses.field(default_factory=dict)
    failure: str = ''


class Group:
    """Cases that run on one server, which has a port and a ServerRoot of its own."""

    def __init__(self, name, cases, workplace):
        self.cases = cases
        self.speaks_tls = cases[0].speaks_tls
        self.certificates = workplace / 'certificates'
        self.folder = workplace / name
        self.www = self.folder / 'www'
        self.server_root = self.folder / 'server'
        self.keeper, self.port = servers.reserve_port()
        self.nobody, self.nobodys_port = servers.reserve_port()
        for case in cases:
            self.prepare(case)

    def prepare(self, case):
        root = self.www / case.name
        backend = self.start_backend(case) if case.has_backend else None
        forget([case])
        read_case(case, {'ROOT': str(root), 'PORT': str(self.port), 'HOST': case.host,
                         'BACKEND': str(backend.port if backend else 0),
                         'BACKENDSOCKET': str(self.socket_of(case)),
                         'FPM': str(self.start_fpm(case)),
                         'NOBODY': str(self.nobodys_port),
                         'SERVERROOT': str(self.server_root), 'LOGS': str(self.logs_of(case)),
                         'CERTIFICATES': str(self.certificates)})
        make_tree(root, case.entries)

    def start_backend(self, case):
        read_case(case, {})
        self.folder.mkdir(parents=True, exist_ok=True)
        kind = case.settings['backend']
        certificates = self.certificates if kind in ('tls', 'tunnel') else None
        return Backend(case.answers, self.socket_of(case), certificates, kind)

    def start_fpm(self, case):
        return start_fpm(self.folder / 'fpm') if case.settings.get('fpm') == 'yes' else ''

    def socket_of(self, case):
        return self.folder / f'{case.name.replace("/", "-")}.sock'

    def logs_of(self, case):
        return self.server_root / 'logs' / case.name.replace('/', '-')

    def run(self, binary):
        """The outcome of each case by name."""
        outcomes = {case.name: Outcome() for case in self.cases}
        cases = self.cases
        try:
            cases = self.start(binary, outcomes)
        except servers.DidNotStart as failure:
            for outcome in outcomes.values():
                outcome.failure = outcome.failure or f'did not start:\n{failure}'
            return outcomes
        for case in cases:
            outcomes[case.name].answers = hold_case(case, self.port, self.certificates)
        self.finish(cases, outcomes)
        return outcomes

    def start(self, binary, outcomes):
        """Starts the server with every case that it accepts, and returns those."""
        try:
            self.start_with(binary, self.cases)
            return self.cases
        except servers.DidNotStart:
            if len(self.cases) == 1:
                raise
        accepted = []
        for case in self.cases:
            status, text = self.lay_out(binary, [case]).test('-t')
            if status == 0:
                accepted.append(case)
            else:
                outcomes[case.name].failure = f'refuses the configuration:\n{text}'
        self.start_with(binary, accepted)
        return accepted

    def start_with(self, binary, cases):
        self.server = self.lay_out(binary, cases)
        self.server.start()

    def lay_out(self, binary, cases):
        """Writes the ServerRoot anew, with the configuration of CASES."""
        servers.fresh_server_root(self.server_root)
        for case in cases:
            self.logs_of(case).mkdir()
        (self.server_root / 'httpd.conf').write_text(self.configuration(cases))
        return servers.Server(binary, self.server_root, self.port)

    def configuration(self, cases):
        wanted = {name for case in cases for name in case.settings.get('modules', '').split()}
        wanted.update(servers.TLS_MODULES if self.speaks_tls else ())
        modules = (*servers.PRELUDE_MODULES, *sorted(wanted))
        text = servers.prelude(self.server_root, self.port, modules)
        if self.cases[0].own_server:
            return text + self.host_configuration(self.cases[0])
        hosts = [('default.test', self.tls_lines()),
                 *((case.host, self.host_configuration(case)) for case in cases)]
        return text + ''.join(f'<VirtualHost *:{self.port}>\n    ServerName {name}\n{lines}</VirtualHost>\n'
                              for name, lines in hosts)

    def tls_lines(self):
        return servers.tls_lines(self.certificates) if self.speaks_tls else ''

    def host_configuration(self, case):
        if case.settings.get('defaults') == 'none':
            return case.config
        root = self.www / case.name
        return (self.tls_lines() + f'DocumentRoot {root}\n<Directory {root}>\n    Require all granted\n</Directory>\n'
                + case.config)

    def finish(self, cases, outcomes):
        status = self.server.stop()
        for case in cases:
            outcome = outcomes[case.name]
            if status != 0:
                outcome.failure = f'the server ended with {status}'
            for name in case.compared_logs:
                log = self.logs_of(case) / name
                outcome.logs[name] = log.read_bytes() if log.exists() else b'(no such log)'


def group_cases(cases, workplace):
    """One group of all cases that can share a server, and one for each that cannot."""
    shared, shared_tls, own = [], [], []
    for case in cases:
        read_case(case, {})
        (own if case.own_server else shared_tls if case.speaks_tls else shared).append(case)
    forget(cases)
    if any(case.needs_certificates for case in cases):
        make_certificates(workplace / 'certificates')
    groups = [Group(name, those, workplace)
              for name, those in (('shared', shared), ('shared-tls', shared_tls)) if those]
    return groups + [Group(f'own-{case.name.replace("/", "-")}', [case], workplace)
                     for case in own]


def forget(cases):
    """The cases are read again, once their placeholders have values."""
    for case in cases:
        case.entries.clear()
        case.requests.clear()
        case.answers.clear()
        case.masks.clear()
