"""A configuration that cannot be used at a restart is reported, and the old one serves on."""

import pathlib
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

    def test_with_a_module_that_fails_when_others_are_ready(self):
        directives = ("LoadModule mime_module built-in\nLoadModule mime_magic_module built-in\n"
                      "TypesConfig {types}\nMaxConnectionsPerChild 1\n")
        server = self.server()
        self.addCleanup(server.end)
        for name in ("old", "new"):
            pathlib.Path(server.root, name).write_text(f"text/{name} txt\n", encoding="ascii")
        server.write_configuration(directives.format(types="old"))
        server.start()
        self.assertIn("content-type: text/old", server.get()[1])
        server.write_configuration(directives.format(types="new") + "MimeMagicFile none")
        server.signal(signal.SIGUSR1)
        server.wait_for_log("configuration not changed")
        for _ in range(20):
            self.assertIn("content-type: text/old", server.get()[1])

    def test_with_a_port_that_somebody_else_has(self):
        with socket.socket() as occupant:
            occupant.bind(("127.0.0.1", 0))
            occupant.listen()
            self.assert_survives(f"Listen 127.0.0.1:{occupant.getsockname()[1]}",
                                 "AH00072: make_sock: could not bind to address")
