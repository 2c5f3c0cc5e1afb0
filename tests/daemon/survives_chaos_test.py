"""Under load children are killed and stopped, the server is reloaded, its logs are rotated, its
disk, descriptors and processes run out, all at random: it answers throughout, error.log tells of
everything, and afterwards nothing is left of it.

CHAOS_SECONDS and CHAOS_SEED (environment): how long, and which course of events to repeat.
CHAOS_LOG: where to put all of error.log in the end.
"""

import collections
import contextlib
import glob
import json
import os
import random
import re
import signal
import socket
import time
import urllib.request

from chaos import (DescriptorLimits, Ledger, Probe, ProcessLimit, SmallDisk, WatchedLoad, Windows,
                   all_children_of, own_memory, send, signal_is_pending)
from kernel_objects import KernelObjects
from server import (SUPERUSER, WITH_SANITIZERS, DaemonTest, free_port, is_alive, read_response,
                    state_of, wait_until)

SECONDS = float(os.environ.get("CHAOS_SECONDS", "45"))
SEED = int(os.environ.get("CHAOS_SEED") or random.randrange(1 << 32))
MEMORY_SLACK = int(os.environ.get("CHAOS_MEMORY_SLACK", "2048"))  # KiB
LONGEST_SILENCE = 5
MOST, MOST_SPARE, LEAST_SPARE = 20, 10, 5
POOL = f"""LoadModule status_module modules/mod_status.so
StartServers 8
MinSpareServers {LEAST_SPARE}
MaxSpareServers {MOST_SPARE}
MaxRequestWorkers {MOST}
ServerLimit {MOST}
RequestTerminateTimeout 4
KeepAliveTimeout 2
CustomLog logs/access.log common
ExtendedStatus On
<Location /status>
SetHandler server-status
</Location>
"""
MECHANISMS = ("none", "pthread", "posixsem", "sysvsem", "fcntl", "flock")
RELOADED = "resuming normal operations"
REFUSED = "configuration not changed, the old one serves on"
DEADLY = {signal.SIGKILL: "Killed", signal.SIGSEGV: "Segmentation fault", signal.SIGABRT: "Abort"}


class Chaos:
    """Disturbs one server, and undoes what does not end by itself."""

    def __init__(self, server, chance, disk, good):
        self.server, self.chance, self.disk, self.good = server, chance, disk, good
        self.control = server.pid
        self.full, self.nobody = Windows(), Windows()
        self.starved = Windows()  # of descriptors
        self.ledger = Ledger(self.full)
        self.processes = ProcessLimit(self.control)
        self.limits = DescriptorLimits()
        self.later = []  # (when, what to do)
        self.stopped = set()
        self.victims = collections.Counter()  # pids that were struck, and may have lost a request
        self.rotations = 0
        self.counts = collections.Counter()
        self.disturbances = {
            self.strike: 30, self.stop_one: 12, self.stop_and_forget: 4, self.stop_all: 2,
            self.reload: 10, self.reload_broken: 6, self.rotate: 5, self.lower_children: 4,
            self.lower_control: 4,
        }
        if disk:
            self.disturbances[self.fill_disk] = 5
        if self.processes.works:
            self.disturbances[self.refuse_forks] = 4

    def go_on_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            kind, = self.chance.choices(list(self.disturbances), self.disturbances.values())
            self.counts[kind.__name__] += 1
            kind()
            time.sleep(self.chance.uniform(0, 0.5))  # the load, not a wait for something
            self.do_what_is_due()

    def do_what_is_due(self, all_of_it=False):
        now = time.monotonic()
        due = [entry for entry in self.later if all_of_it or entry[0] <= now]
        self.later = [entry for entry in self.later if entry not in due]
        for _, undo in sorted(due, key=lambda entry: entry[0]):
            undo()

    def undo_later(self, least, most, undo):
        self.later.append((time.monotonic() + self.chance.uniform(least, most), undo))

    def log(self):
        """With what was rotated away, and without what is no text."""
        text = ""
        for name in sorted(glob.glob(f"{self.server.log_path}*")):
            with open(name, encoding="utf-8", errors="replace") as file:
                text += file.read()
        return text

    def said(self, text):
        return self.log().count(text)

    # Children

    def freeze(self, pid):
        """Answers whether it is stopped now, and neither dead nor about to end by itself."""
        if not send(pid, signal.SIGSTOP):
            return False
        wait_until(lambda: state_of(pid) in "TZX", "a child that stops")
        return state_of(pid) == "T"

    def some_child(self):
        children = [pid for pid in self.server.children() if pid not in self.stopped]
        return self.chance.choice(children) if children else None

    def strike(self):
        """Stopped first, so that it cannot have ended by itself before the signal comes."""
        pid = self.some_child()
        if pid is None or not self.freeze(pid):
            return
        number = self.chance.choice(list(DEADLY))
        send(pid, number)
        send(pid, signal.SIGCONT)
        self.expect_death(pid, number)

    def expect_death(self, pid, number):
        self.victims[pid] += 1
        self.ledger.expect(rf"AH0005[12]: child pid {pid} exit signal {DEADLY[number]} "
                           rf"\({int(number)}\)")
        self.ledger.expect(rf"AH00167: long lost child came home! \(pid {pid}\)")

    def stop_one(self):
        pid = self.some_child()
        if pid is not None and self.freeze(pid):
            self.victims[pid] += 1
            self.undo_later(0.2, 3, lambda: send(pid, signal.SIGCONT))

    def stop_and_forget(self):
        """Until the control process or the end of the chaos does something about it."""
        self.stopped = {pid for pid in self.stopped if is_alive(pid)}
        pid = self.some_child()
        if pid is not None and len(self.stopped) < 4 and self.freeze(pid):
            self.victims[pid] += 1
            self.stopped.add(pid)

    def stop_all(self):
        if self.nobody.is_open():
            return
        self.nobody.open()
        stopped = [pid for pid in self.server.children() if self.freeze(pid)]
        self.victims.update(stopped)

        def go_on():
            for pid in stopped:
                send(pid, signal.SIGCONT)
            self.nobody.close()

        self.undo_later(0.5, 2, go_on)

    # The control process

    def signal(self, number):
        """Until the control process has taken it, so that none is lost among others."""
        self.server.signal(number)
        wait_until(lambda: not signal_is_pending(self.control, number),
                   "the control process to take a signal")

    def reload_with(self, number, outcome):
        """`outcome` is what the log is to say, or None when either will do."""
        before = self.said(RELOADED), self.said(REFUSED)
        if number == signal.SIGUSR1:
            self.ledger.expect("AH00171: Graceful restart requested, doing restart")
        else:
            self.ledger.expect("AH00173: SIGHUP received.  Attempting to restart")
        self.signal(number)
        if self.full.is_open():
            time.sleep(1)  # nobody can tell whether it is done
            return
        wait_until(lambda: (self.said(RELOADED), self.said(REFUSED)) != before,
                   "the end of a reload")
        reloaded = self.said(RELOADED) > before[0]
        if outcome and not self.limits.lowered and reloaded != (outcome == RELOADED):
            raise AssertionError(f"a reload that should have ended in {outcome!r}")

    def either(self):
        return self.chance.choice([signal.SIGUSR1, signal.SIGHUP])

    def reload(self):
        self.reload_with(self.either(), RELOADED)

    def reload_broken(self):
        """The error is told with file and line, where it has any."""
        broken, complaint = self.chance.choice([
            ("NoSuchDirective on", "AH00526: Syntax error on line {line} of {file}"),
            ("<Location /x>", ": Syntax error on line {line} of {file}: {file}:{line}: <Location>"),
            (f"ErrorLog {self.server.root}/nowhere/error.log", "AH02291: Cannot access directory"),
            ("Include nothing.conf", ": Syntax error on line {line} of {file}: Could not open"),
        ])
        self.server.write_configuration(self.good + broken)
        with open(self.server.configuration, encoding="ascii") as file:
            line = len(file.readlines())
        # Without descriptors something else may fail before.
        self.ledger.expect(re.escape(complaint.format(line=line, file=self.server.configuration)),
                           surely=not self.limits.lowered)
        self.reload_with(self.either(), REFUSED)
        self.server.write_configuration(self.good)

    def rotate(self):
        self.rotations += 1
        for name in ("error", "access"):
            path = f"{self.server.root}/logs/{name}.log"
            with contextlib.suppress(FileNotFoundError):
                os.rename(path, f"{path}.{self.rotations:04}")
        self.reload_with(signal.SIGUSR1, RELOADED)
        for path in glob.glob(f"{self.server.root}/logs/access.log.*"):
            os.unlink(path)

    # What there is too little of

    def fill_disk(self):
        if self.full.is_open():
            return
        self.full.open()
        self.disk.fill()

        def empty():
            self.disk.empty()
            self.full.close()

        self.undo_later(0.5, 3, empty)

    def lower_children(self):
        children = self.server.children()
        self.starve(self.chance.sample(children, len(children) // 2))

    def lower_control(self):
        self.starve([self.control], self.chance.randrange(6))

    def starve(self, pids, left=0):
        if self.starved.is_open():
            return
        self.starved.open()
        for pid in pids:
            self.limits.lower(pid, left)

        def feed():
            self.limits.raise_all()
            for pid in self.server.children():  # some inherited it
                self.limits.lowered.add(pid)
            self.limits.raise_all()
            self.starved.close()

        self.undo_later(0.5, 2, feed)

    def refuse_forks(self):
        """Until a fork has failed, for which somebody has to be missing."""
        before = self.said("AH00159")
        self.processes.refuse_forks()
        with contextlib.ExitStack() as finally_do:
            finally_do.callback(self.processes.allow_forks)
            self.reload_with(signal.SIGHUP, RELOADED)
            if not self.full.is_open() and not self.limits.lowered:
                wait_until(lambda: self.said("AH00159") > before, "a fork that fails", seconds=8)

    def end(self):
        """What is still disturbed is so no more."""
        self.do_what_is_due(all_of_it=True)
        for pid in self.stopped:
            send(pid, signal.SIGCONT)


def keep(chaos):
    if "CHAOS_LOG" in os.environ:
        with open(os.environ["CHAOS_LOG"], "w", encoding="utf-8") as file:
            file.write(chaos.log())


class SurvivesChaos(DaemonTest):
    def setUp(self):
        print(f"CHAOS_SEED={SEED} CHAOS_SECONDS={SECONDS:g}", flush=True)
        self.objects = KernelObjects()
        self.chance = random.Random(SEED)

    def prepared_server(self):
        """On a disk of its own if this is the superuser."""
        server = self.server()
        self.addCleanup(server.end)
        disk = None
        if SUPERUSER:
            disk = SmallDisk(f"{server.root}/logs")
            self.addCleanup(disk.remove)
        else:
            print("an ordinary user cannot mount: the disk is never full", flush=True)
        with open(f"{server.root}/htdocs/large", "wb") as file:
            file.write(bytes(1 << 20))
        return server, disk

    def directives(self):
        mechanism = self.chance.choice(MECHANISMS)
        text = POOL + f"EnableExceptionHook {self.chance.choice(['On', 'Off'])}\n"
        if mechanism != "none":
            text += f"Mutex {mechanism} mpm-accept\nListen 127.0.0.1:{free_port()}\n"
        print(f"accept mutex: {mechanism}", flush=True)
        return text

    def test_whatever_happens(self):
        server, disk = self.prepared_server()
        directives = self.directives()
        server.write_configuration(directives)
        server.start()
        chaos = Chaos(server, self.chance, disk, directives)
        self.addCleanup(chaos.processes.remove)
        self.addCleanup(keep, chaos)
        if not chaos.processes.works:
            print("no control group can be made: forking never fails", flush=True)
        for number in (signal.SIGUSR1, signal.SIGHUP, signal.SIGUSR1):
            chaos.reload_with(number, RELOADED)
        before = self.belongings(server)
        probe = Probe(lambda: self.ask(server.port))
        loads = [WatchedLoad(server.port, keep_alive=2, single=2),
                 WatchedLoad(server.port, "/large", keep_alive=1, single=1)]
        with probe, loads[0], loads[1]:
            try:
                chaos.go_on_for(SECONDS)
            except AssertionError as error:
                error.add_note(f"error.log ends with\n{chaos.log()[-4000:]}")
                raise
            finally:
                chaos.end()
            answered = loads[0].answered
            wait_until(lambda: loads[0].answered > answered + 100, "requests after the chaos")
        print(f"{dict(chaos.counts)}\n{sum(load.answered for load in loads)} requests answered, "
              f"{sum(len(load.failures) for load in loads)} lost, {probe.lost} probes lost, "
              f"{sum(chaos.victims.values())} children struck or stopped", flush=True)
        self.the_pool_is_as_configured(server)
        self.nothing_leaks(server, before)
        self.it_answered_throughout(probe, chaos)
        self.losses_are_accounted_for(loads, chaos)
        self.everything_is_told(chaos)
        self.it_ends(server, chaos)

    @staticmethod
    def ask(port):
        with contextlib.suppress(OSError, ValueError, IndexError):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(b"GET /page.txt HTTP/1.1\r\nHost: localhost\r\n"
                                   b"Connection: close\r\n\r\n")
                return read_response(connection)[0] == 200
        return False

    @staticmethod
    def belongings(server):
        return len(os.listdir(f"/proc/{server.pid}/fd")), own_memory(server.pid)

    def the_pool_is_as_configured(self, server):
        """Within ten seconds, and one for each child there is too many of."""
        surplus = max(0, len(server.children()) - MOST_SPARE)
        begin = time.monotonic()

        def disorder():
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/status?json") as answer:
                board = json.load(answer)
            children = {pid: state_of(pid) for pid in all_children_of(server.pid)}
            odd = {pid: state for pid, state in children.items() if state not in "SR"}
            old = [slot for slot in board["slots"] if slot["generation"] != board["generation"]]
            strangers = set(children) - {slot["pid"] for slot in board["slots"]}
            if LEAST_SPARE <= len(children) <= MOST_SPARE and not odd and not old and not strangers:
                return None
            return f"{len(children)} children, {odd=} {old=} {strangers=}"

        while disorder():
            if time.monotonic() > begin + 10 + surplus:
                self.fail(disorder())
            time.sleep(0.2)  # to ask is a disturbance itself
        print(f"the pool was as configured after {time.monotonic() - begin:.1f} s")

    def nothing_leaks(self, server, before):
        with contextlib.suppress(AssertionError):  # the last reload may wait for its first child
            wait_until(lambda: self.belongings(server)[0] == before[0], "the old number", seconds=5)
        descriptors, memory = self.belongings(server)
        print(f"control process: {before[0]} → {descriptors} descriptors, "
              f"{before[1]} → {memory} KiB")
        self.assertEqual(descriptors, before[0], self.descriptors(server))
        if not WITH_SANITIZERS:  # they keep freed memory back
            self.assertLess(memory, before[1] + MEMORY_SLACK)

    @staticmethod
    def descriptors(server):
        folder = f"/proc/{server.pid}/fd"
        return [os.readlink(f"{folder}/{name}") for name in sorted(os.listdir(folder), key=int)]

    def it_answered_throughout(self, probe, chaos):
        silence, begin = probe.longest_silence(chaos.nobody)
        print(f"longest silence: {silence:.1f} s")
        self.assertLess(silence, LONGEST_SILENCE, f"from {begin}")

    def losses_are_accounted_for(self, loads, chaos):
        """A child serves one connection at a time, so that many requests are lost at most; and
        those that no descriptor was left for are answered, but not with 200."""
        lost = [entry for load in loads for entry in load.lost_at]
        refused = [entry for entry in lost if ": status " in entry[1]]
        for moment, failure in refused:
            self.assertTrue(chaos.starved.touch(moment - 3, moment), failure)
        unexplained = len(lost) - len(refused)
        print(f"{unexplained} connections lost; {collections.Counter(e[1] for e in refused)}")
        self.assertLessEqual(unexplained, sum(chaos.victims.values()), lost[:5])

    def everything_is_told(self, chaos):
        text = chaos.log()
        errors = chaos.ledger.errors(text)
        self.assertEqual(errors, [], "\n".join(errors[:10]))
        unasked = set(re.findall(r"AH00167: long lost child came home! \(pid (\d+)\)(?!, exit)",
                                 text))
        self.assertEqual({pid for pid in unasked if int(pid) not in chaos.victims}, set())
        self.assertNotIn("AH00050", text)

    def it_ends(self, server, chaos):
        children = server.children()
        server.signal(signal.SIGWINCH)
        self.assertEqual(server.wait_for_end(chaos.control), 0)
        wait_until(lambda: not any(is_alive(pid) for pid in children), "the children's end")
        self.assertIn("AH00170", server.log())
        self.objects.wait_until_none_is_left()
