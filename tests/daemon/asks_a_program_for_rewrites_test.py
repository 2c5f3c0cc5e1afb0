"""RewriteMap prg: one program for all children, a new one after a reload, none after the end."""

import os
import pathlib
import signal
import threading

from server import DaemonTest, wait_until

PROGRAM = """#!/bin/sh
while read -r key; do echo "/$key.txt"; done
"""
SLOW_PROGRAM = """#!/bin/sh
while read -r key; do
    : > {root}/asked
    read -r word < {root}/pipe
    echo "/$key.txt"
done
"""
DIRECTIVES = """StartServers 4
LoadModule rewrite_module x
RewriteEngine on
RewriteMap file prg:{program}
RewriteRule ^/(.*)\\.map$ ${{file:$1}}
"""


def running(program):
    """Processes that run it."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if program.encode() in words:
            found.append(int(entry.name))
    return found


class AsksAProgramForRewrites(DaemonTest):
    def test_one_for_all(self):
        server = self.server()
        program = f"{server.root}/program"
        pathlib.Path(program).write_text(PROGRAM, encoding="ascii")
        os.chmod(program, 0o755)
        for name in "abcd":
            pathlib.Path(f"{server.root}/htdocs/{name}.txt").write_text(name, encoding="ascii")
        server.write_configuration(DIRECTIVES.format(program=program))
        with server:
            first, = running(program)
            self.ask_at_once(server)
            server.signal(signal.SIGUSR1)
            server.wait_for_log("AH00094", times=2)
            wait_until(lambda: first not in running(program), "the end of the old program")
            self.ask_at_once(server)
            self.assertEqual(len(running(program)), 1)
        wait_until(lambda: not running(program), "the end of the program")

    def test_who_has_asked_before_a_reload_is_answered_after_it(self):
        server = self.server()
        program = f"{server.root}/program"
        pathlib.Path(program).write_text(SLOW_PROGRAM.format(root=server.root), encoding="ascii")
        os.chmod(program, 0o755)
        os.mkfifo(f"{server.root}/pipe")
        pathlib.Path(f"{server.root}/htdocs/a.txt").write_text("a", encoding="ascii")
        server.write_configuration(DIRECTIVES.format(program=program))
        with server:
            first, = running(program)
            answers = []
            asker = threading.Thread(target=lambda: answers.append(server.get("/a.map")[::2]))
            asker.start()
            wait_until(lambda: os.path.exists(f"{server.root}/asked"), "the question")
            server.signal(signal.SIGUSR1)
            server.wait_for_log("AH00094", times=2)
            with open(f"{server.root}/pipe", "w", encoding="ascii") as pipe:
                pipe.write("go on\n")
            asker.join()
            self.assertEqual(answers, [(200, "a")])
            wait_until(lambda: first not in running(program), "the end of the first")

    def ask_at_once(self, server):
        wrong = []

        def ask(name):
            for _ in range(30):
                answer = server.get(f"/{name}.map")
                if answer[0] != 200 or answer[-1] != name:
                    wrong.append((name, answer))

        askers = [threading.Thread(target=ask, args=(name,)) for name in "abcd"]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        self.assertEqual(wrong, [])
