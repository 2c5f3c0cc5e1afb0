"""An AH tag stands for one message: wherever it is written, the text is the same."""

import re

import tree

LITERALS = re.compile(r'"(?:\\.|[^"\\])*"(?:\s*"(?:\\.|[^"\\])*")*')
TAG = re.compile(r"AH(\d{5}): ?(.*)", re.S)


def literals(text):
    """Every string literal, adjacent ones joined as the compiler does."""
    for found in LITERALS.finditer(re.sub(r"(?<!:)//.*$", "", text, flags=re.M)):
        yield "".join(part for part in re.findall(r'"((?:\\.|[^"\\])*)"', found.group(0)))


texts = {}
for path, source in tree.sources():
    for literal in literals(source):
        tagged = TAG.match(literal)
        if tagged:
            texts.setdefault(tagged.group(1), {}).setdefault(tagged.group(2), []).append(str(path))

tree.report("an AH tag stands for one message", [
    f"AH{tag}: {text!r} in {', '.join(sorted(set(paths)))}"
    for tag, messages in sorted(texts.items()) if len(messages) > 1
    for text, paths in messages.items()])
