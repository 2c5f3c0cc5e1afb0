"""What a program says about a configuration, in a form that is the same on every machine."""
import pathlib
import re
import shutil
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
APACHE = '/usr/sbin/apache2'
LONGEST = 500  # of a line; Apache cuts its own where the path of a file decides
MODULES = '/usr/lib/apache2/modules'
ADVICE = 'Hint: '  # preforkd's own line below a message of Apache's
NAMES = re.compile(r'(?<=known names: )[\w,]+')  # in an order of chance
STAMP = re.compile(r'^\[[A-Z][a-z]{2} [A-Z][a-z]{2} .*?\] \[(.*?)\] \[pid \d+(?::tid \d+)?\] ')


def cases():
    """Names as 'refused/unknown_directive', in order."""
    return sorted(str(path.relative_to(HERE).with_suffix(''))
                  for folder in ('accepted', 'refused') for path in (HERE / folder).glob('*.conf'))


def make_server_root(case, folder):
    root = pathlib.Path(folder)
    shutil.copytree(HERE / 'files', root / 'files')
    shutil.copy(HERE / 'foreword.conf', root)
    shutil.copy(HERE / f'{case}.conf', root / 'httpd.conf')
    (root / 'www').mkdir()
    (root / 'modules').symlink_to(MODULES)
    return root


def verdict(program, case):
    """`program -t` on a case, as the text of its .expect file."""
    with tempfile.TemporaryDirectory(prefix='preforkd-configuration-') as folder:
        root = make_server_root(case, folder)
        done = subprocess.run([program, '-t', '-d', str(root), '-f', 'httpd.conf'], text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60,
                              stderr=subprocess.STDOUT, errors='backslashreplace')
        lines = [normal(line, program, root) for line in done.stdout.splitlines()
                 if not line.startswith(ADVICE)]
    return f'exit {done.returncode}\n' + ''.join(line + '\n' for line in lines)


def normal(line, program, root):
    line = line.replace(str(root), 'SERVERROOT').replace(str(program), 'PROGRAM')
    line = STAMP.sub(r'[\1] ', line)
    line = NAMES.sub(lambda names: ','.join(sorted(names.group().split(','))), line)
    return re.sub(rf'\b{pathlib.Path(program).name}: ', 'PROGRAM: ', line)[:LONGEST]


def known_differences():
    """Cases in which preforkd does not say what apache2 says, with the reason."""
    lines = (HERE / 'differences.txt').read_text().splitlines()
    return dict(line.split(None, 1) for line in lines if line and not line.startswith('#'))
