"""The certificates of a run: an authority's, a server's, and those of several clients."""
import ssl
import subprocess

CONFIGURATION = '''
[req]
prompt = no
string_mask = utf8only
utf8 = yes
distinguished_name = @SUBJECT@
[authority]
C = DE
O = Differential Tests
CN = Test Authority
[between]
C = DE
O = Differential Tests
CN = Authority Between
[server]
C = DE
ST = Berlin
L = Berlin
O = Differential Tests
OU = Servers
CN = default.test
emailAddress = webmaster@default.test
[client]
1.DC = test
2.DC = example
C = FR
ST = Île-de-France
L = Paris
O = "Widgets, Gadgets + Sons"
1.OU = Sales
2.OU = Export
title = Dr
GN = Ada
SN = Lovelace
initials = AL
description = a client
UID = ada
CN = Ada Lovelace
emailAddress = ada@example.test
[plain_client]
CN = Charles
[stranger]
O = Elsewhere
CN = Stranger
[is_authority]
basicConstraints = critical, CA:true
keyUsage = keyCertSign, cRLSign
[of_server]
basicConstraints = CA:false
subjectAltName = DNS:default.test, DNS:*.test, email:admin@default.test, otherName:1.3.6.1.5.5.7.8.7;IA5STRING:_https.default.test
[of_client]
basicConstraints = CA:false
extendedKeyUsage = clientAuth
subjectAltName = email:ada@example.test, email:lovelace@example.test, DNS:ada.example.test, DNS:engine.example.test, otherName:1.3.6.1.4.1.311.20.2.3;UTF8:ada@realm.test
[of_plain_client]
basicConstraints = CA:false
'''


def make_certificates(folder):
    """Fills FOLDER: NAME.pem is a certificate, NAME.key its key. chained.pem holds
    between.pem too, which leads to authority.pem."""
    folder.mkdir()
    maker = Maker(folder)
    maker.issue('authority', 'is_authority')
    maker.issue('between', 'is_authority', by='authority')
    maker.issue('server', 'of_server', by='authority', kind='rsa')
    maker.issue('client', 'of_client', by='authority', kind='rsa')
    maker.issue('chained', 'of_plain_client', by='between', subject='plain_client')
    maker.append('between', to='chained')
    maker.issue('stranger', 'of_plain_client')


class Maker:
    KEYS = {'rsa': ['rsa:2048'], 'ec': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']}

    def __init__(self, folder):
        self.folder = folder

    def append(self, name, to):
        with open(self.folder / f'{to}.pem', 'ab') as file:
            file.write((self.folder / f'{name}.pem').read_bytes())

    def issue(self, name, extensions, by='', kind='ec', subject=''):
        """A certificate for ten days, signed by itself or by the one that is named."""
        (self.folder / 'openssl.cnf').write_text(
            CONFIGURATION.replace('@SUBJECT@', subject or name), encoding='utf-8')
        signer = ['-CA', f'{by}.pem', '-CAkey', f'{by}.key'] if by else []
        subprocess.run(['openssl', 'req', '-x509', '-config', 'openssl.cnf', '-extensions', extensions,
                        '-newkey', *self.KEYS[kind], '-noenc', '-keyout', f'{name}.key', '-sha256',
                        '-days', '10', *signer, '-out', f'{name}.pem'],
                       cwd=self.folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def certificate_names(folder):
    """The certificates in FOLDER, by their bytes in the handshake."""
    return {ssl.PEM_cert_to_DER_cert(first_of(path.read_text())): path.stem
            for path in folder.glob('*.pem')}


def first_of(text):
    return text[:text.index(ssl.PEM_FOOTER) + len(ssl.PEM_FOOTER)]
