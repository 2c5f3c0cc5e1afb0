"""phpMyAdmin: a log-in with a password, a file of statements, and a row that is changed."""

import pathlib
import unittest

from application import ApplicationTest, give_to_server, need, replace_in, wait_until

SETTINGS = """<?php
$cfg['blowfish_secret'] = 'thirty-two letters, not one less';
$cfg['Servers'][1] = ['auth_type' => 'cookie', 'socket' => '{socket}', 'host' => 'localhost'];
$cfg['TempDir'] = '{temporary}';
$cfg['SendErrorReports'] = 'never';
"""
STATEMENTS = """CREATE DATABASE widgets;
CREATE TABLE widgets.parts (id INT PRIMARY KEY, name VARCHAR(40));
INSERT INTO widgets.parts VALUES (1, 'first part'), (2, 'second part');
"""


class PhpMyAdmin(ApplicationTest):
    def setUp(self):
        super().setUp()
        self.database = self.start_database()
        self.database.run("CREATE USER ada@localhost IDENTIFIED BY 'secret';"
                          "GRANT ALL ON *.* TO ada@localhost;")
        site = self.copy("/usr/share/phpmyadmin", "phpmyadmin", "site")
        temporary = self.folder / "temporary"
        temporary.mkdir()
        give_to_server(temporary)
        configuration = self.folder / "config.inc.php"
        configuration.write_text(SETTINGS.format(socket=self.database.socket, temporary=temporary))
        replace_in(site / "libraries/vendor_config.php",
                   {"/etc/phpmyadmin/config.inc.php": str(configuration),
                    "/var/lib/phpmyadmin/tmp": str(temporary)})
        snippet = pathlib.Path(need("/etc/phpmyadmin/apache.conf", "phpmyadmin")).read_text()
        for old, new in (("/usr/share/phpmyadmin", str(site)),
                         ("/etc/phpmyadmin", str(self.folder)),
                         ("/var/lib/phpmyadmin/tmp", str(temporary)),
                         ("/var/lib/phpmyadmin", str(self.database.folder))):
            snippet = snippet.replace(old, new)
        self.serve(snippet)

    def test_from_the_first_page_on(self):
        self.go("/phpmyadmin/")
        self.fill(pma_username="ada", pma_password="secret")
        self.press("#input_go")
        self.await_text("Database server")

        with self.subTest("a file is uploaded and obeyed"):
            statements = self.folder / "widgets.sql"
            statements.write_text(STATEMENTS)
            self.go("/phpmyadmin/index.php?route=/server/import")
            self.fill(import_file=str(statements))
            self.press("#buttonGo")
            self.await_text("Import has been successfully finished")

        with self.subTest("a row is changed"):
            self.go("/phpmyadmin/index.php?route=/sql&db=widgets&table=parts&pos=0")
            self.await_text("second part")
            self.press("tr:nth-child(2) .edit_row_anchor a")
            self.fill(**{"fields[multi_edit][0][b068931cc450442b63f5b3d276ea4297]": "better part"})
            self.press("#buttonYes")
            self.await_text("1 row affected")
            wait_until(lambda: "better part" in self.names(), "the change")

        with self.subTest("what is nobody's business"):
            self.go("/phpmyadmin/libraries/config.default.php")
            self.await_text("Forbidden")
        self.assert_no_complaints()

    def names(self):
        self.go("/phpmyadmin/index.php?route=/sql&db=widgets&table=parts&pos=0")
        return self.find("table.table_results").text


if __name__ == "__main__":
    unittest.main()
