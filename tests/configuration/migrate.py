#!/usr/bin/env python3
"""Asks preforkctl migrate about every configuration of this folder: it must say of one that preforkd
accepts that it does ("ready" or "differences"), and of one that it refuses that it is "not yet".

usage: migrate.py PREFORKD PREFORKCTL
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

import golden


def verdict_of_migrate(program, case):
    with tempfile.TemporaryDirectory(prefix='preforkd-migrate-') as folder:
        root = golden.make_server_root(case, folder)
        done = subprocess.run([program, 'migrate', '--json', root / 'httpd.conf'],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    try:
        verdict = json.loads(done.stdout)['verdict']
    except ValueError:
        return f'exit status {done.returncode}, {done.stderr.decode(errors="replace")}'
    agrees = {'ready': 0, 'differences': 1, 'not yet': 2}[verdict] == done.returncode
    return verdict if agrees else f'{verdict} with exit status {done.returncode}'


def fault_of(server, migrate, case):
    accepted = golden.verdict(server, case).startswith('exit 0')
    said = verdict_of_migrate(migrate, case)
    if said in (('ready', 'differences') if accepted else ('not yet',)):
        return None
    return f'{case}: preforkd {"accepts" if accepted else "refuses"} it, and migrate says: {said}'


def main(words):
    if len(words) != 2:
        raise SystemExit(__doc__)
    cases = golden.cases()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        faults = [fault for fault in workers.map(lambda case: fault_of(*words, case), cases) if fault]
    print(*faults, f'{len(cases)} configurations, {len(faults)} failures', sep='\n')
    return 1 if faults or not cases else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
