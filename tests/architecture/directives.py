"""Every directive of the table is documented in docs/modules, and every documented one exists.

Asks the binary: `preforkd -L` prints a line `Name (source.c)` for each row."""

import re
import subprocess
import sys

import tree

# Source files that are not called mod_NAME.c.
PAGES = {"http_core": "http", "event": "mpm_event", "worker": "mpm_worker"}
# Pages that leave to another what they have in common with it.
SHARED = {"mpm_event": "prefork", "mpm_worker": "prefork", "cgid": "cgi"}
# What a directive's entry must say below its heading.
ENTRY = re.compile(r"^### (<?\w+)>?\n\n- Syntax: `.+`\n- Context: .+\n(?:- Override: .+\n)?"
                   r"(?:- Default: .+\n)?(?:- Not in Apache\n)?\n(\S.*)", re.M)


def page_of(source):
    name = re.sub(r"\.c$", "", source)
    return PAGES.get(name, re.sub(r"^mod_", "", name))


def in_the_table(binary):
    listing = subprocess.run([binary, "-L"], capture_output=True, text=True, timeout=60)
    if listing.returncode != 0:
        tree.report("preforkd -L answers", [listing.stderr.strip() or str(listing.returncode)])
    rows = re.findall(r"^(<?\w+)>? \(([\w.]+)\)", listing.stdout, re.M)
    return {(page_of(source), name) for name, source in rows}


def of_php():
    """PHP's module is loaded from a file, and -L does not list it."""
    rows = (tree.TOP / "src/php/ini_entries.cpp").read_text()
    return {("php", name) for name in re.findall(r'\{"(\w+)", PREFORKD_', rows)}


def on_the_pages():
    documented, broken = set(), []
    for path in tree.files():
        if path.parent.as_posix() != "docs/modules":
            continue
        text = tree.text_of(path)
        whole = {name for name, _ in ENTRY.findall(text)}
        for name in re.findall(r"^### (<?\w+)", text, re.M):
            documented.add((path.stem, name))
            if name not in whole:
                broken.append(f"{path}: {name} lacks its syntax, its context or a sentence")
    return documented, broken


pages, broken = on_the_pages()
table = {(page, name) for page, name in in_the_table(sys.argv[1]) | of_php()
         if (SHARED.get(page), name) not in pages}
tree.report("every directive is documented", broken +
            [f"docs/modules/{page}.md says nothing of {name}" for page, name in sorted(table - pages)] +
            [f"docs/modules/{page}.md: there is no directive {name}"
             for page, name in sorted(pages - table)])
