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


def make_authority(folder, name="authority"):
    """FOLDER/NAME.pem and NAME.key: an authority that signs certificates of others."""
    make_certificate(folder, name, "authority")


def make_signed_certificate(folder, name, serial, responder):
    """FOLDER/NAME.pem and NAME.key, signed by the authority of the folder, whose certificate comes
    behind. It names the OCSP responder to ask."""
    at = f"{folder}/{name}"
    with open(f"{at}.extensions", "w", encoding="ascii") as file:
        file.write(f"subjectAltName=DNS:localhost\nauthorityInfoAccess=OCSP;URI:{responder}\n")
    for arguments in (
            ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-subj", "/CN=localhost", "-keyout", f"{at}.key", "-out", f"{at}.request"],
            ["x509", "-req", "-in", f"{at}.request", "-CA", f"{folder}/authority.pem",
             "-CAkey", f"{folder}/authority.key", "-set_serial", str(serial), "-days", "2",
             "-extfile", f"{at}.extensions", "-out", f"{at}.pem"]):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
    with open(f"{at}.pem", "a", encoding="ascii") as chain, \
            open(f"{folder}/authority.pem", encoding="ascii") as authority:
        chain.write(authority.read())


def client_context():
    """For clients that take every certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
