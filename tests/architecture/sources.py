"""Files are short, say what they are for, leave nothing unfinished and know nothing of any one machine."""

import re

import tree

LONGEST = 500
OPENING = {".h": "//", ".cpp": "//", ".py": '"""', ".cmake": "#"}
# Written by others, or data and reference whose length says nothing.
UNMEASURED = re.compile(r"^(LICENSE$|docs/modules/|tests/[^/]+/(corpus|cases|golden)/|tests/fuzz/)")
MACHINE = re.compile(r"(?<![\w.])/(work|root)/")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
# Apache's words for a list of ciphers.
APACHES = "XX" + "X:...:XX" + "X"



def explained_elsewhere(path):
    """A .cpp file by its header, a test by its names."""
    header = tree.TOP / path.with_suffix(".h")
    return path.suffix == ".cpp" and (header.exists() or path.stem.endswith("_test"))


broken = []
for path in tree.files():
    text = tree.text_of(path)
    if text is None:
        continue
    lines = text.splitlines()
    if len(lines) > LONGEST and not UNMEASURED.match(str(path)):
        broken.append(f"{path}: {len(lines)} lines; split it before {LONGEST}")
    opening = OPENING.get(path.suffix)
    body = [line for line in lines if not line.startswith("#!")]
    if opening and body and not body[0].startswith((opening, "/* ")) and not explained_elsewhere(path):
        broken.append(f"{path}: does not open with what it is for")
    if path.parts[0] == "LICENSE" or UNMEASURED.match(str(path)):
        continue
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line.replace(APACHES, "")):
            broken.append(f"{path}:{number}: unfinished: {line.strip()}")
        if MACHINE.search(line) and path.name != "sources.py":
            broken.append(f"{path}:{number}: a path of one machine: {line.strip()}")

tree.report("sources are short, finished and at home anywhere", broken)
