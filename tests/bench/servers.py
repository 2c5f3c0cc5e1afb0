"""The servers, configured alike: the same files, log, limits and time limits, no module that only one
of them has. `least` is no server, but the floor of what one can reach: least.cpp."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

MODULES = pathlib.Path('/usr/lib/apache2/modules')
LOADED = ('mpm_prefork authz_core alias autoindex deflate dir env filter mime reqtimeout rewrite '
          'setenvif socache_shmcb ssl status').split()
PAGES = {'small.html': 1024, '100k.bin': 100 * 1024, '10m.bin': 10 * 1024 * 1024}

COMMON = '''\
ServerName localhost
Listen 127.0.0.1:{port}
Listen 127.0.0.1:{tls_port}
PidFile {root}/pid
{user}
ErrorLog {root}/error.log
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\"" combined
CustomLog {root}/access.log combined
TypesConfig /etc/mime.types
DocumentRoot {pages}
KeepAlive On
KeepAliveTimeout 5
MaxKeepAliveRequests 0
Timeout 60
RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500
StartServers 10
MinSpareServers 10
MaxSpareServers 40
MaxRequestWorkers 150
MaxConnectionsPerChild 0
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Directory {pages}>
    Options FollowSymLinks
    Require all granted
</Directory>
<Directory {pages}/site>
    AllowOverride All
</Directory>
<Directory {pages}/list>
    Options +Indexes
    IndexOptions FancyIndexing
</Directory>
AddOutputFilterByType DEFLATE text/plain
SSLSessionCache shmcb:{root}/sessions(512000)
<VirtualHost 127.0.0.1:{tls_port}>
    SSLEngine on
    SSLCertificateFile {certificate}
</VirtualHost>
'''

NGINX = '''\
daemon off;
{user}
worker_processes {workers};
pid {root}/pid;
error_log {root}/error.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log {root}/access.log combined;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 5;
    keepalive_requests 1000000000;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    ssl_certificate {certificate};
    ssl_certificate_key {certificate};
    ssl_session_cache shared:sessions:512k;
    ssl_protocols TLSv1.2 TLSv1.3;
    server {{
        listen 127.0.0.1:{port} backlog=511;
        listen 127.0.0.1:{tls_port} ssl backlog=511;
        root {pages};
        gzip_types text/plain;
        location /list/ {{ autoindex on; }}
        location /site/ {{ try_files $uri $uri/ /site/index.html; }}
        location /words.txt {{ gzip on; }}
    }}
}}
'''


# What WordPress writes.
RULES = '''\
RewriteEngine On
RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]
RewriteBase /site/
RewriteRule ^index\\.html$ - [L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /site/index.html [L]
'''


def make_pages(folder):
    folder.mkdir()
    for name, size in PAGES.items():
        (folder / name).write_bytes(os.urandom(size // 2).hex().encode())
    words = [os.urandom(3).hex() for _ in range(300)]
    text = ' '.join(words[byte] for byte in os.urandom(16 * 1024))
    (folder / 'words.txt').write_text(text[:100 * 1024])
    for name in ('site', 'list'):
        (folder / name).mkdir()
    (folder / 'site/.htaccess').write_text(RULES)
    (folder / 'site/index.html').write_bytes((folder / 'small.html').read_bytes())
    for number in range(1000):
        kind = ('html', 'txt', 'png', 'pdf')[number % 4]
        (folder / f'list/file-{number:04}.{kind}').write_bytes(bytes(number))
    folder.parent.chmod(0o755)
    return folder


def make_certificate(path):
    """For localhost, with its key: P-256, as most sites have today."""
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                    'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
                    '-keyout', f'{path}.key', '-out', str(path)], check=True, capture_output=True)
    with open(path, 'a') as file:
        file.write(pathlib.Path(f'{path}.key').read_text())
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Server:
    """One server in a folder of its own; its processes are this one's descendants."""

    def __init__(self, name, workplace, pages, certificate, preforkd, more='', behind=None):
        """`more` lines go into the configuration of apache2 and preforkd; `behind` is the port of the
        server that `least` asks."""
        self.name = name
        self.behind = behind
        self.root = workplace / name
        self.port, self.tls_port = free_port(), free_port()
        self.root.mkdir()
        self.file = self.root / f'{name}.conf'
        self.command = self.configure(pages, certificate, preforkd, more)
        self.process = None

    def configure(self, pages, certificate, preforkd, more):
        path = self.file
        facts = dict(port=self.port, tls_port=self.tls_port, root=self.root, pages=pages,
                     certificate=certificate)
        if self.name == 'nginx':
            user = 'user www-data;' if os.geteuid() == 0 else ''
            path.write_text(NGINX.format(user=user, workers=os.cpu_count(), **facts))
            return [shutil.which('nginx') or '/usr/sbin/nginx', '-e', f'{self.root}/error.log',
                    '-c', str(path)]
        if self.name == 'least':
            return [compile_least(self.root), str(self.port), f'{self.root}/access.log',
                    *(['to', str(self.behind)] if self.behind else [f'{pages}/missing'])]
        user = 'User www-data\nGroup www-data' if os.geteuid() == 0 else ''
        path.write_text(load_module_lines() + COMMON.format(user=user, **facts) + more)
        program = '/usr/sbin/apache2' if self.name == 'apache2' else str(preforkd)
        return [program, '-DFOREGROUND', '-d', str(self.root), '-f', str(path)]

    def add(self, lines):
        with open(self.file, 'a') as file:
            file.write(lines)

    def start(self, every=0.05):
        """In a process group of its own: prefork ends by a signal to its whole group. Asks it
        `every` so many seconds whether it serves."""
        with open(self.root / 'output', 'w') as output:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=subprocess.STDOUT, start_new_session=True)
        deadline = time.monotonic() + 20
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f'{self.name} did not start:\n' +
                                 (self.root / 'output').read_text())
            time.sleep(every)

    def answers(self):
        try:
            with socket.create_connection(('127.0.0.1', self.port), 1) as client:
                client.sendall(b'GET /small.html HTTP/1.0\r\n\r\n')
                return client.recv(1024).startswith(b'HTTP/1.')
        except OSError:
            return False

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def children(self):
        found = []
        for entry in pathlib.Path('/proc').glob('[0-9]*/stat'):
            fields = stat_fields(entry)
            if fields and int(fields[1]) == self.process.pid:
                found.append(int(entry.parent.name))
        return found

    def cpu_seconds(self):
        """Of every process that it has, and of those that it had and waited for."""
        own = stat_fields(f'/proc/{self.process.pid}/stat')
        ticks = sum(int(field) for field in own[11:15])
        for pid in self.children():
            fields = stat_fields(f'/proc/{pid}/stat')
            ticks += sum(int(field) for field in fields[11:15]) if fields else 0
        return ticks / os.sysconf('SC_CLK_TCK')

    def child_memory(self):
        """KiB (PSS, private dirty) of a child, the median of all that can be read."""
        sizes = sorted(filter(None, map(memory_of, self.children())))
        return sizes[len(sizes) // 2] if sizes else None


def compile_least(folder):
    subprocess.run(['c++', '-std=c++20', '-O2', '-o', f'{folder}/least',
                    str(pathlib.Path(__file__).with_name('least.cpp'))], check=True)
    return f'{folder}/least'


def load_module_lines():
    return ''.join(f'LoadModule {name}_module {MODULES}/mod_{name}.so\n' for name in LOADED)


def stat_fields(path):
    """The fields of /proc/PID/stat from the third on; a name may hold spaces."""
    try:
        return pathlib.Path(path).read_text().rpartition(')')[2].split()
    except OSError:
        return None


def memory_of(pid):
    try:
        text = pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text()
    except OSError:
        return None
    return tuple(int(re.search(rf'^{name}:\s+(\d+)', text, re.M)[1])
                 for name in ('Pss', 'Private_Dirty'))
