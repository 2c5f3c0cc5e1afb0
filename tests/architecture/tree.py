"""The tree as the checks see it: its files, and how a check reports."""

import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]


def files():
    """Every file of the project: what git tracks, or all there is where there is no git."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(TOP), "ls-files", "-z",
         "--cached", "--others", "--exclude-standard"],
        capture_output=True)
    if listing.returncode == 0:
        names = [name for name in listing.stdout.decode().split("\0") if name]
    else:
        names = [str(path.relative_to(TOP)) for path in TOP.rglob("*") if path.is_file()]
        names = [name for name in names
                 if not name.startswith(("build/", ".git/")) and "__pycache__" not in name]
    return [pathlib.PurePosixPath(name) for name in sorted(names) if (TOP / name).is_file()]


def sources(folder="src"):
    """(path, text) of the C++ files below a folder."""
    for path in files():
        if path.parts[0] == folder and path.suffix in (".h", ".cpp"):
            yield path, (TOP / path).read_text()


def text_of(path):
    """The text of a file, or None for one that is not text."""
    try:
        return (TOP / path).read_text()
    except UnicodeDecodeError:
        return None


def report(promise, broken):
    """Ends the check: silently good, or with every broken promise on a line."""
    if not broken:
        print(f"{promise}: holds")
        sys.exit(0)
    print(f"{promise}: broken {len(broken)} times")
    for line in broken:
        print("  " + line)
    sys.exit(1)
