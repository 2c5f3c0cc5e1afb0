"""Handshakes carry what a responder says of the server's certificate."""

import contextlib
import re
import signal
import subprocess
import unittest

from certificates import make_authority, make_signed_certificate
from server import PATIENCE, DaemonTest, free_port, wait_until

TLS = ("LoadModule ssl_module x\nLoadModule socache_shmcb_module x\nLogLevel ssl:debug\n"
       "SSLEngine On\nSSLCertificateFile host.pem\nSSLCertificateKeyFile host.key\n"
       "SSLUseStapling On\nSSLStaplingCache shmcb:/run/staples(100000)\nStartServers 3\n")
SERIAL = 0x1234


def listens(port):
    """Whether somebody waits for connections there."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(FileNotFoundError), open(table, encoding="ascii") as file:
            for line in list(file)[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    return True
    return False


class StaplesOcspResponses(DaemonTest):
    @contextlib.contextmanager
    def tls_server(self, more=""):
        server = self.server(TLS + more)
        server.responder_port = free_port()
        make_authority(server.root)
        make_signed_certificate(server.root, "host", SERIAL,
                                f"http://127.0.0.1:{server.responder_port}/")
        with server:
            yield server

    @contextlib.contextmanager
    def responder(self, server, line):
        """OpenSSL's own, which knows what the line says."""
        with open(f"{server.root}/index", "w", encoding="ascii") as index:
            index.write(line)
        process = subprocess.Popen(
            ["openssl", "ocsp", "-port", str(server.responder_port), "-nmin", "5",
             "-index", f"{server.root}/index", "-CA", f"{server.root}/authority.pem",
             "-rsigner", f"{server.root}/authority.pem", "-rkey", f"{server.root}/authority.key"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: listens(server.responder_port), "the responder")
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)

    def staple(self, server):
        """What OpenSSL's client says of the response that it got."""
        said = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}",
                               "-status", "-CAfile", f"{server.root}/authority.pem"],
                              input="", capture_output=True, text=True, timeout=PATIENCE,
                              check=False).stdout
        if "OCSP response: no response sent" in said:
            return None
        status = re.search(r"Cert Status: (\w+)", said)
        return status.group(1) if status else \
            re.search(r"OCSP Response Status: (\w+)", said).group(1)

    def test_all_children_show_what_one_of_them_asked_for(self):
        with self.tls_server() as server, \
                self.responder(server, f"V\t361216000000Z\t\t{SERIAL:X}\tunknown\t/CN=localhost\n"):
            for _ in range(4):
                self.assertEqual(self.staple(server), "good")
            server.signal(signal.SIGUSR1)
            server.wait_for_log("AH00094", 2)
            self.assertEqual(self.staple(server), "good")
            self.assertEqual(server.log().count("AH01938"), 1)

    def test_a_revocation_is_shown(self):
        with self.tls_server("SSLStaplingReturnResponderErrors Off\n") as server, self.responder(
                server, f"R\t361216000000Z\t260101000000Z\t{SERIAL:X}\tunknown\t/CN=localhost\n"):
            self.assertEqual(self.staple(server), "revoked")
            server.wait_for_log("AH02969: stapling_check_response: response has certificate status "
                                "revoked")

    def test_try_later_where_nobody_answers(self):
        with self.tls_server("SSLStaplingErrorCacheTimeout 600\n") as server:
            for _ in range(3):
                self.assertEqual(self.staple(server), "trylater")
            self.assertEqual(server.log().count("AH01974"), 1)

    def test_a_cache_is_required(self):
        with self.tls_server() as server:
            server.write_configuration(re.sub("SSLStaplingCache.*\n", "", TLS))
            server.signal(signal.SIGUSR1)
            server.wait_for_log("AH01958: SSLStapling: no stapling cache available")
            wait_until(lambda: self.staple(server) == "trylater", "the old configuration's answer")


if __name__ == "__main__":
    unittest.main()
