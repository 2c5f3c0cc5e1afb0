"""Cases that compare what the programs say about a configuration, without serving with it."""
import shlex

from harness import server as servers
from harness.case_file import read_case
from harness.comparison import PRODUCT, product_shape
from harness.document_tree import make_tree

# Lines that begin a configuration: enough for a program to get as far as the case's own lines.
FOREWORD = ('mpm_prefork authz_core authz_host access_compat mime dir alias autoindex env setenvif '
            'headers').split()

ADVICE = 'Hint: '  # preforkd's own line below a message of Apache's


def run_configtest(case, binary, workplace):
    """(exit status, text lines) of one program; both see the same files under the same names."""
    root = servers.fresh_server_root(workplace / 'configtest' / case.name.replace('/', '-'))
    read_case(case, {'SERVERROOT': str(root), 'ROOT': str(root / 'www'), 'PORT': '8079'})
    (root / 'www').mkdir()
    make_tree(root, case.entries)
    (root / 'httpd.conf').write_text(foreword(case, root) + case.config)
    arguments = shlex.split(case.settings.get('arguments', '-t'))
    status, text = servers.Server(binary, root, 0).test(*arguments)
    case.entries.clear()
    return status, normal_lines(case, text, binary, root)


def foreword(case, root):
    """Included by one line, so that line N of the case is line N + 1 of the file."""
    if case.settings.get('foreword') == 'none':
        return ''
    (root / 'foreword.conf').write_text(
        servers.load_module_lines(FOREWORD) + f'ServerName main.test\nPidFile {root}/pid\n'
        f'ErrorLog {root}/logs/error.log\nTypesConfig /etc/mime.types\n')
    return f'Include {root}/foreword.conf\n'


def normal_lines(case, text, binary, root):
    text = text.replace(str(root), 'SERVERROOT').replace(str(binary), 'PROGRAM')
    text = text.replace(f'{str(binary).rsplit("/", 1)[-1]}:', 'PROGRAM:')
    lines = [without_stamp(line) for line in text.splitlines() if not line.startswith(ADVICE)]
    if case.settings.get('order') == 'any':
        lines.sort()
    return [PRODUCT.sub(product_shape, line.encode()).decode() for line in lines]


def without_stamp(line):
    """Messages of level warn and below carry time and pid before their text."""
    if line.startswith('[') and '] [pid ' in line:
        level = line.split('] [')[1]
        return f'[{level}] ' + line.split('] ', 3)[-1]
    return line
