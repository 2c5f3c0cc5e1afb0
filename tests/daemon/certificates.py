"""Certificates that tests make for themselves."""

import ssl
import subprocess


def make_certificate(folder, name, host="localhost"):
    """FOLDER/NAME.pem and NAME.key, for HOST, signed by itself. Answers its bytes as sent."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={host}",
                    "-addext", f"subjectAltName=DNS:{host}", "-keyout", f"{folder}/{name}.key",
                    "-out", f"{folder}/{name}.pem"], check=True, capture_output=True)
    with open(f"{folder}/{name}.pem", encoding="ascii") as file:
        return ssl.PEM_cert_to_DER_cert(file.read())


def client_context():
    """For clients that take every certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
