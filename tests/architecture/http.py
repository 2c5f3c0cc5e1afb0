"""Every test that docs/http.md names exists, and quotes the section of its row."""

import re

import tree

ROW = re.compile(r"^\| (§[^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
DAEMON_CASE = re.compile(r'def (test_\w+)\(self\):\n\s+"""(.*?)"""', re.DOTALL)
UNIT_CASE = re.compile(r"((?:^//[^\n]*\n)*)^TEST(?:_F)?\((\w+), (\w+)\)", re.MULTILINE)
CASES = "tests/differential/cases/"


def tests():
    """What each test says of itself, by the name that the table gives it."""
    found = {}
    for path in tree.files():
        name = str(path)
        if name.startswith("tests/daemon/keeps_to_rfc_"):
            found.update(DAEMON_CASE.findall(tree.text_of(path)))
        elif name.startswith("tests/unit/") and path.suffix == ".cpp":
            for comment, suite, case in UNIT_CASE.findall(tree.text_of(path)):
                found[f"{suite}.{case}"] = comment
        elif name.startswith(CASES) and path.suffix == ".case":
            found[f"differential/{name[len(CASES):-len('.case')]}"] = tree.text_of(path)
    return found


def problems():
    known = tests()
    named = set()
    for sections, _, names in ROW.findall((tree.TOP / "docs/http.md").read_text()):
        for name in re.findall("`([^`]+)`", names):
            named.add(name)
            if name not in known:
                yield f"docs/http.md: there is no test {name}"
                continue
            for section in re.findall(r"§([\d.]+\d|\d+)", sections):
                if not re.search(rf"(?:§|RFC \d+ ){re.escape(section)}(?![\d.]*\d)", known[name]):
                    yield f"{name} does not quote section {section}"
    for name in sorted(known):
        if name.startswith("test_") and name not in named:
            yield f"docs/http.md: {name} is not in the tables"


tree.report("docs/http.md names tests that quote their section", list(problems()))
