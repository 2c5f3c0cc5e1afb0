#!/usr/bin/env python3
"""The differential test: apache2 (prefork) and preforkd run the same cases and are compared.

usage: run.py [--only GLOB] [--preforkd PATH] [--apache-only] [--keep] [--jobs N]
Exit status: 0 when nothing differs, 1 when something does, 2 when the test cannot run.
"""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile

from harness import comparison, report
from harness.case_file import CaseError, find_cases
from harness.configtest import run_configtest
from harness.runs import group_cases
from harness.server import APACHE, MODULES

CASES = pathlib.Path(__file__).resolve().parent / 'cases'


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--only', default='*', metavar='GLOB', help='cases by name: access/req*')
    parser.add_argument('--preforkd', default=os.environ.get('PREFORKD'), help='the binary')
    parser.add_argument('--apache-only', action='store_true', help='print what Apache says')
    parser.add_argument('--quiet', action='store_true', help='with --apache-only: surprises only')
    parser.add_argument('--keep', action='store_true', help='leave the files for inspection')
    parser.add_argument('--jobs', type=int, default=4, help='servers that run at a time')
    return parser.parse_args()


def what_is_missing(chosen):
    if not os.access(APACHE, os.X_OK) or not (MODULES / 'mod_mpm_prefork.so').exists():
        return f'the differential test needs {APACHE} with mpm_prefork: apt-get install apache2'
    if not chosen.apache_only and not (chosen.preforkd and os.access(chosen.preforkd, os.X_OK)):
        return 'no preforkd binary: name it by --preforkd or in the environment variable PREFORKD'
    return ''


def run_request_group(group, chosen):
    """[(case, Apache's outcome, preforkd's outcome or None)]"""
    apache = group.run(APACHE)
    ours = None if chosen.apache_only else group.run(chosen.preforkd)
    return [(case, apache[case.name], ours and ours[case.name]) for case in group.cases]


def surprises(case, apache):
    found = [(f'line {answer.request.line}: {answer.request.text}', [said], [])
             for answer in apache.answers if (said := comparison.unexpected_status(answer))]
    return found + ([('Apache', apache.failure.splitlines(), [])] if apache.failure else [])


def judge_requests(case, apache, ours, chosen):
    """Whether the case holds; prints why not."""
    if chosen.apache_only and not chosen.quiet:
        report.print_answers(case.name, apache,
                             lambda answer: comparison.answer_lines(case, answer))
    found = surprises(case, apache)
    if ours:
        found += comparison.differences(case, apache, ours)
    if found:
        report.print_failure(case.name, found)
    return not found


def judge_configtest(case, chosen, workplace):
    status, text = run_configtest(case, APACHE, workplace)
    theirs = [f'exit status {status}', *text]
    if chosen.apache_only:
        if not chosen.quiet:
            print(f'=== {case.name}', *theirs, sep='\n    ')
        return True
    status, text = run_configtest(case, chosen.preforkd, workplace)
    ours = [f'exit status {status}', *text]
    if ours != theirs:
        report.print_failure(case.name, [('configuration test', theirs, ours)])
    return ours == theirs


def run_all(chosen, workplace):
    cases = list(find_cases(CASES, chosen.only))
    tests = [case for case in cases if case.name.startswith('configtest/')]
    groups = group_cases([case for case in cases if case not in tests], workplace)
    with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        results = pool.map(lambda group: run_request_group(group, chosen), groups)
        results = [result for group in results for result in group]
    good = [judge_requests(*result, chosen) for result in results]
    good += [judge_configtest(case, chosen, workplace) for case in tests]
    requests = sum(len(case.requests) for case, _, _ in results)
    print(f'{len(good)} cases ({requests} requests, {len(tests)} configuration tests), '
          f'{good.count(False)} differ')
    return bool(good) and all(good)


def main():
    chosen = options()
    if missing := what_is_missing(chosen):
        print(missing, file=sys.stderr)
        return 2
    if chosen.preforkd:
        chosen.preforkd = os.path.abspath(chosen.preforkd)
    workplace = pathlib.Path(tempfile.mkdtemp(prefix='differential-'))
    workplace.chmod(0o755)
    try:
        return 0 if run_all(chosen, workplace) else 1
    except CaseError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        if chosen.keep:
            print(f'files are in {workplace}')
        else:
            shutil.rmtree(workplace)


if __name__ == '__main__':
    sys.exit(main())
