"""A configuration that cannot be used at a restart is reported, and the old one serves on."""

import signal
import socket

from server import DaemonTest


class KeepsServingWhenAReloadFails(DaemonTest):
    def assert_survives(self, directives, complaint):
        with self.server() as server:
            children = server.children()
            server.write_configuration(directives)
            for number in (signal.SIGUSR1, signal.SIGHUP):
                server.signal(number)
            server.wait_for_log(complaint, times=2)
            self.assertTrue(server.answers())
            self.assertEqual(server.children(), children)
            self.assertEqual(server.log().count("resuming normal operations"), 1)
            server.write_configuration("")
            server.signal(signal.SIGUSR1)
            server.wait_for_log("resuming normal operations", times=2)
            self.assertTrue(server.answers())

    def test_with_an_unknown_directive(self):
        self.assert_survives("NoSuchDirective on", "AH00526: Syntax error on line")
        self.assert_survives("MaxSpareServer 5", "Hint: did you mean MaxSpareServers?")

    def test_with_a_port_that_somebody_else_has(self):
        with socket.socket() as occupant:
            occupant.bind(("127.0.0.1", 0))
            occupant.listen()
            self.assert_survives(f"Listen 127.0.0.1:{occupant.getsockname()[1]}",
                                 "AH00072: make_sock: could not bind to address")
