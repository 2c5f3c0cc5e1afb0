"""A directive that docs/differences.md names is one of which `preforkctl migrate` tells it.

Asks the binary which words are directives. That each remark stands on its page is a unit test."""

import re
import subprocess
import sys

import tree

# An error, which the server tells itself.
REFUSED = {"<If", "ExtFilterDefine", "RewriteCond", "RewriteMap", "SSLCryptoDevice", "SSLFIPS", "SSLOCSPEnable",
           "SSLSRPVerifierFile"}
# No Apache has it.
OURS = {"BusyTimeout", "MaxConnectionsPerChildJitter", "MaxMemoryPerChild", "NoNewPrivileges",
        "RequestTerminateTimeout", "SlowRequestLog"}
# Named beside what is told, or where a configuration of Apache's sees no difference.
IN_PASSING = {"<Directory", "<DirectoryMatch", "<IfModule", "<Location", "<Proxy", "<VirtualHost",
              "Listen", "ProxyPassReverse", "SSLCipherSuite",
              "SSLOpenSSLConfCmd", "SSLOptions", "Satisfy", "UserDir"}

listing = subprocess.run([sys.argv[1], "-L"], capture_output=True, text=True, timeout=60).stdout
directives = set(re.findall(r"^(<?\w+)>? \(", listing, re.M))
page = (tree.TOP / "docs/differences.md").read_text()
named = {word for quoted in re.findall(r"`([^`]+)`", page)
         for word in re.findall(r"<?\w+", quoted)} & directives
source = (tree.TOP / "src/app/migrate/remarks.cpp").read_text()
told = set(re.findall(r'Remark\{"(<?\w+)"', source))
tree.report("migrate tells of every difference of a directive", [
    f"docs/differences.md names {name}, and src/app/migrate/remarks.cpp does not (nor does "
    f"{sys.argv[0]} say why)" for name in sorted(named - told - REFUSED - OURS - IN_PASSING)])
