"""Prints differences side by side, so that a failure can be read without running it again."""
import difflib
import os
import shutil

LONGEST = 60  # lines of one difference


def width():
    return max(30, (min(shutil.get_terminal_size((160, 24)).columns, 200) - 5) // 2)


def side_by_side(left, right, names=('apache2', 'preforkd')):
    rows = [(names[0], ' ', names[1])]
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for kind, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        lefts, rights = left[left_from:left_to], right[right_from:right_to]
        for at in range(max(len(lefts), len(rights))):
            one = lefts[at] if at < len(lefts) else ''
            other = rights[at] if at < len(rights) else ''
            rows.append((one, ' ', other) if kind == 'equal' else from_difference(one, other))
    rows = around_differences(rows)
    return '\n'.join(f'  {mark} {fit(one)} | {fit(other)}'.rstrip() for one, mark, other in rows)


def from_difference(one, other):
    """A row of lines that differ; what they share at length in front is left out."""
    same = len(os.path.commonprefix([one, other]))
    if same > width() // 2 and max(len(one), len(other)) > width():
        one, other = ('…' + text[same - 20:] for text in (one, other))
    return (one, '#', other)


def around_differences(rows):
    """Long answers are cut down to their head and what stands near a difference."""
    if len(rows) <= LONGEST:
        return rows
    marked = [at for at, row in enumerate(rows) if row[1] == '#']
    near = {at + off for at in marked[:15] for off in (-2, -1, 0, 1, 2)} | set(range(12))
    kept = [row for at, row in enumerate(rows) if at in near]
    return kept[:LONGEST] + [(f'({len(rows)} lines, {len(marked)} differ)', ' ', '')]


def fit(text):
    room = width()
    return text.ljust(room) if len(text) <= room else text[:room - 1] + '…'


def print_failure(name, found):
    print(f'FAIL {name}')
    for title, left, right in found:
        print(f'  ── {title}')
        print(side_by_side(left, right))
    print()


def print_answers(name, outcome, lines_of):
    """What one server says, for reading while a case is written."""
    print(f'=== {name}')
    if outcome.failure:
        print(outcome.failure)
    for answer in outcome.answers:
        print(f'--- {answer.request.text}')
        for line in lines_of(answer)[:LONGEST]:
            print('   ', line[:200])
    for log, text in outcome.logs.items():
        print(f'--- {log}\n{text.decode("utf-8", "backslashreplace")}')
