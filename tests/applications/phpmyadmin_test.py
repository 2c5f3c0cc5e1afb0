"""phpMyAdmin: a log-in with a password, a file of statements, and a row that is changed."""

import hashlib
import pathlib
import unittest

from application import ApplicationTest, give_to_server, need, replace_in

SETTINGS = """<?php
$cfg['blowfish_secret'] = 'thirty-two letters, not one less';
$cfg['Servers'][1] = ['auth_type' => 'cookie', 'socket' => '{socket}', 'host' => 'localhost'];
$cfg['TempDir'] = '{state}/tmp';
$cfg['SendErrorReports'] = 'never';
$cfg['VersionCheck'] = false;
"""
STATEMENTS = """CREATE TABLE parts (id INT PRIMARY KEY, name VARCHAR(40));
INSERT INTO parts VALUES (1, 'first part'), (2, 'second part');
"""
TABLE = "/phpmyadmin/index.php?route=/sql&db=widgets&table=parts&pos=0"
# A form has its columns by this.
NAME = hashlib.md5(b"name").hexdigest()


class PhpMyAdmin(ApplicationTest):
    def setUp(self):
        super().setUp()
        self.database = self.start_database("widgets")
        site = self.copy("/usr/share/phpmyadmin", "phpmyadmin", "site")
        # The snippet confines PHP to folders: these stand for those of Debian.
        configuration, state = self.folder / "configuration", self.folder / "state"
        configuration.mkdir()
        (state / "tmp").mkdir(parents=True)
        give_to_server(state)
        (configuration / "config.inc.php").write_text(
            SETTINGS.format(socket=self.database.socket, state=state))
        places = {"/usr/share/phpmyadmin": str(site), "/etc/phpmyadmin": str(configuration),
                  "/var/lib/phpmyadmin": str(state)}
        replace_in(site / "libraries/vendor_config.php", places)
        (site / "confined.php").write_text("<?php echo @file_get_contents('/etc/passwd') ? 'no' : 'yes';")
        snippet = pathlib.Path(need("/etc/phpmyadmin/apache.conf", "phpmyadmin")).read_text()
        for old, new in places.items():
            snippet = snippet.replace(old, new)
        # As apache2.conf says it of /usr/share.
        self.serve(snippet + f"<Directory {site}>\nRequire all granted\n</Directory>\n")

    def test_from_the_first_page_on(self):
        self.log_in()
        self.upload_statements()
        self.change_a_row()
        self.ask_for_what_is_nobodys_business()
        self.assert_no_complaints()

    def log_in(self):
        browser = self.browser
        browser.go("/phpmyadmin/")
        browser.fill(pma_username="writer", pma_password="wrong")
        browser.submit("#input_go")
        browser.wait_for_text("Access denied for user 'writer'@'localhost'")
        browser.fill(pma_username="writer", pma_password="secret")
        browser.submit("#input_go")
        browser.wait_for_text("Database server")

    def upload_statements(self):
        browser = self.browser
        statements = self.folder / "widgets.sql"
        statements.write_text(STATEMENTS)
        browser.go("/phpmyadmin/index.php?route=/database/import&db=widgets")
        browser.fill(import_file=str(statements))
        browser.press("#buttonGo")
        browser.wait_for_text("Import has been successfully finished")
        self.assertEqual(self.database.run("SELECT name FROM widgets.parts ORDER BY id"),
                         "first part\nsecond part\n")

    def change_a_row(self):
        browser = self.browser
        browser.go(TABLE)
        browser.wait_for_text("second part", "table.table_results")
        browser.press("table.table_results tbody tr:nth-child(2) .edit_row_anchor a")
        browser.fill(**{f"fields[multi_edit][0][{NAME}]": "better part"})
        browser.press("#buttonYes")
        browser.wait_for_text("1 row affected")
        self.assertEqual(self.database.run("SELECT name FROM widgets.parts ORDER BY id"),
                         "first part\nbetter part\n")
        browser.go(TABLE)
        browser.wait_for_text("better part", "table.table_results")

    def ask_for_what_is_nobodys_business(self):
        browser = self.browser
        for path in ("libraries/config.default.php", "templates/login/form.twig"):
            self.assertEqual(browser.fetch(f"/phpmyadmin/{path}")[0], 403, path)
        self.assertEqual(browser.fetch("/phpmyadmin/confined.php"), (200, "yes"))


if __name__ == "__main__":
    unittest.main()
