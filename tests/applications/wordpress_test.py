"""WordPress: installed by its own pages, then a picture, a page, and links without a question mark."""

import unittest

from application import ApplicationTest, give_to_server

SNIPPET = """
DocumentRoot {site}
DirectoryIndex index.php index.html
Alias /wp-content {content}
<Directory {site}>
    Options FollowSymLinks
    AllowOverride All
    Require all granted
</Directory>
<Directory {content}>
    Options FollowSymLinks
    Require all granted
</Directory>
"""
SETTINGS = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'writer');
define('DB_PASSWORD', 'secret');
define('DB_HOST', 'localhost:{socket}');
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
define('WP_CONTENT_DIR', '{content}');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
require_once ABSPATH . 'wp-settings.php';
"""


class WordPress(ApplicationTest):
    def setUp(self):
        super().setUp()
        database = self.start_database()
        database.run("CREATE DATABASE wordpress; CREATE USER writer@localhost IDENTIFIED BY 'secret';"
                     "GRANT ALL ON wordpress.* TO writer@localhost;")
        site = self.copy("/usr/share/wordpress", "wordpress", "site")
        content = self.copy("/var/lib/wordpress/wp-content", "wordpress", "content")
        (site / ".htaccess").unlink()
        (site / "wp-config.php").write_text(SETTINGS.format(socket=database.socket, content=content))
        give_to_server(content)
        give_to_server(site)
        self.site = site
        self.serve(SNIPPET.format(site=site, content=content))

    def log_in(self):
        self.go("/wp-login.php")
        self.fill(log="ada", pwd="a long password")
        self.press("#wp-submit")
        self.find("#wpadminbar")

    def test_from_the_first_page_on(self):
        self.go("/wp-admin/install.php?step=1")
        self.fill(weblog_title="Notes", user_name="ada", admin_email="ada@example.test")
        password = self.find("#pass1")
        self.browser.execute_script("arguments[0].value = 'a long password'", password)
        self.press("#submit")
        self.await_text("Success!")
        self.log_in()

        with self.subTest("a picture is uploaded"):
            self.go("/wp-admin/media-new.php?browser-uploader")
            self.fill(**{"async-upload": str(self.picture)})
            self.press("#html-upload")
            self.await_text("Media Library")
            self.assertEqual(len(list(self.folder.glob("content/uploads/*/*/picture*.png"))), 1)

        with self.subTest("a page is edited"):
            self.go("/wp-admin/edit.php?post_type=page&s=Sample+Page")
            self.press("button.editinline")
            self.fill(post_title="Something else")
            self.press("#inline-edit .save, tr.inline-editor .save")
            self.await_text("Something else</a>")

        with self.subTest("links without a question mark"):
            self.go("/wp-admin/options-permalink.php")
            self.press('input[value$="/%postname%/"]')
            self.press("#submit")
            self.await_text("Permalink structure updated")
            self.assertIn("RewriteRule", (self.site / ".htaccess").read_text())
            self.go("/sample-page/")
            self.assertIn("Something else", self.find("h1.entry-title").text)
            self.go("/no-such-page/")
            self.await_text("Page not found")
        self.assert_no_complaints()


if __name__ == "__main__":
    unittest.main()
