"""With each kind of accept mutex, children are killed at random while clients ask for more: only
requests of the killed are lost, nobody is stuck, and nothing is left in the kernel.

KILLS (environment) says how many for each kind.
"""

import os
import random
import signal
import time

from chaos import send
from kernel_objects import KernelObjects
from load import Load
from server import DaemonTest, free_port, is_alive, wait_until

KILLS = int(os.environ.get("KILLS", "60"))
# Refilled by up to 32 a second, which is more than are killed.
POOL = "StartServers 16\nMinSpareServers 16\nMaxSpareServers 20\nMaxRequestWorkers 40\n"
AT_MOST = 0.04  # seconds between two deaths


class SurvivesKillsUnderLoad(DaemonTest):
    def setUp(self):
        self.objects = KernelObjects()

    def pool(self, mechanism):
        if mechanism == "none":  # where there is a single listener
            return self.server(POOL)
        return self.server(f"{POOL}Mutex {mechanism} mpm-accept\nListen 127.0.0.1:{free_port()}\n")

    def kill_under_load(self, mechanism):
        chance = random.Random(mechanism)
        with self.pool(mechanism) as server:
            with Load(server.port) as load:
                self.kill_many(server, chance)
                answered = load.answered
                wait_until(lambda: load.answered > answered + 500, "requests after the last death")
            self.assertLessEqual(len(load.failures), KILLS, load.failures[:5])
            self.assertGreater(load.answered, KILLS)
            self.nobody_is_stuck(server)
            print(f"{mechanism}: {KILLS} killed, {load.answered} requests answered, "
                  f"{len(load.failures)} lost")
        self.objects.wait_until_none_is_left()

    def kill_many(self, server, chance):
        killed = 0
        while killed < KILLS:
            child = chance.choice(wait_until(server.children, "a child to kill"))
            killed += send(child, signal.SIGKILL)  # it may have left as it was told
            time.sleep(chance.uniform(0, AT_MOST))  # this is the load, not a wait for something

    def nobody_is_stuck(self, server):
        """Every child of now obeys, which one that waits for a dead holder could not."""
        children = server.children()
        server.signal(signal.SIGUSR1)
        wait_until(lambda: not any(is_alive(child) for child in children), "the end of every child")
        wait_until(server.answers, "an answer")

    def kill_the_control_process(self, mechanism):
        """Children end with it, and take along what would stay."""
        with self.pool(mechanism) as server:
            children = server.children()
            server.signal(signal.SIGKILL)
            wait_until(lambda: not any(is_alive(child) for child in children), "the children's end")
            self.objects.wait_until_none_is_left()

    def test_pthread(self):
        self.kill_under_load("pthread")

    def test_posixsem(self):
        self.kill_under_load("posixsem")

    def test_sysvsem(self):
        self.kill_under_load("sysvsem")

    def test_fcntl(self):
        self.kill_under_load("fcntl")

    def test_flock(self):
        self.kill_under_load("flock")

    def test_no_mutex(self):
        self.kill_under_load("none")

    def test_the_control_process_with_pthread(self):
        self.kill_the_control_process("pthread")

    def test_the_control_process_with_posixsem(self):
        self.kill_the_control_process("posixsem")

    def test_the_control_process_with_sysvsem(self):
        self.kill_the_control_process("sysvsem")

    def test_the_control_process_with_fcntl(self):
        self.kill_the_control_process("fcntl")
