#!/usr/bin/env python3
"""Compares what preforkd -t says about each NAME.conf with NAME.expect (see README.md).

usage: run.py PREFORKD [NAME…]       compare
       run.py --write [NAME…]        write every NAME.expect anew, as apache2 says it
"""
import concurrent.futures
import difflib
import os
import sys

import golden


def chosen(words):
    return [name for name in golden.cases() if not words or any(word in name for word in words)]


def in_parallel(function, names):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        return list(workers.map(function, names))


def write(names):
    verdicts = in_parallel(lambda name: golden.verdict(golden.APACHE, name), names)
    for name, text in zip(names, verdicts):
        if text.startswith('exit 0') != name.startswith('accepted/'):
            print(f'{name}: in the wrong folder, apache2 says\n{text}')
        (golden.HERE / f'{name}.expect').write_text(text)


def compare(program, names):
    known = golden.known_differences()
    failed = [f'differences.txt names {name}, which is no case' for name in known
              if name not in golden.cases()]
    for name, text in zip(names, in_parallel(lambda name: golden.verdict(program, name), names)):
        expected = (golden.HERE / f'{name}.expect').read_text()
        if text != expected and name not in known:
            failed.append(f'{name}\n{difference(expected, text)}')
        elif text == expected and name in known:
            failed.append(f'{name} is judged as apache2 does: take it out of differences.txt')
    print(*failed, f'{len(names)} configurations, {len(failed)} failures', sep='\n')
    return 1 if failed or not names else 0


def difference(expected, text):
    lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), lineterm='', n=1)
    return ''.join(f'    {line}\n' for line in list(lines)[3:])


def main(words):
    if words and words[0] == '--write':
        return write(chosen(words[1:]))
    if not words:
        raise SystemExit(__doc__)
    return compare(words[0], chosen(words[1:]))


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
