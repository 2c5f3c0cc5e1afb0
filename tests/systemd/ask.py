"""Clients within the container's network, until standard input ends. Prints how many requests were
answered, and then each failure."""

import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0] + "/daemon")
from load import Load  # noqa: E402

with Load(80) as load:
    sys.stdin.read()
print(load.answered, *load.failures, sep="\n")
