"""WordPress: installed by its own pages, then a picture, a page, and links without a question mark."""

import pathlib
import re
import unittest

from application import PICTURE_WIDTH, ApplicationTest, give_to_server, need

EXAMPLE = "/usr/share/doc/wordpress/examples/apache.conf"
# What the package's example says is needed for links without a question mark.
OVERRIDES = """
<Directory {site}>
    AllowOverride All
</Directory>
"""
SETTINGS = """<?php
define('DB_NAME', 'notes');
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


def host_of_example(site, content):
    """The directives of the example's virtual host with a folder of its own, at other places."""
    text = pathlib.Path(need(EXAMPLE, "wordpress")).read_text(encoding="utf-8")
    host = re.search(r"(?s)## A defined Virtual host.*?<VirtualHost \*:80>(.*?)</VirtualHost>", text)
    places = {"/var/lib/wordpress/wp-content": content, "/usr/share/wordpress": site,
              "/var/log/apache2/wp-": f"{site.parent}/"}
    directives = re.sub(r"(?m)^\s*ErrorLog .*\n", "", host.group(1))
    for old, new in places.items():
        directives = directives.replace(old, str(new))
    return directives


class WordPress(ApplicationTest):
    # Debian's change to install.php asks for them.
    KNOWN_FAULTS = ("Undefined variable $upload_path", "Undefined variable $upload_url_path")

    def setUp(self):
        super().setUp()
        need("/usr/share/wordpress/wp-content/themes/twentytwentyone",
             "wordpress-theme-twentytwentyone")
        database = self.start_database("notes")
        self.site = self.copy("/usr/share/wordpress", "wordpress", "site")
        self.content = self.copy("/var/lib/wordpress/wp-content", "wordpress", "content")
        # It points to a file of the administrator; WordPress writes one of its own.
        (self.site / ".htaccess").unlink(missing_ok=True)
        (self.site / "wp-config.php").write_text(
            SETTINGS.format(socket=database.socket, content=self.content))
        give_to_server(self.content)
        give_to_server(self.site)
        self.serve(host_of_example(self.site, self.content) + OVERRIDES.format(site=self.site))

    def test_from_the_first_page_on(self):
        self.install()
        self.log_in()
        self.upload_a_picture()
        self.write_an_article()
        self.change_a_page()
        self.choose_links_without_a_question_mark()
        self.assert_no_complaints()

    def install(self):
        browser = self.browser
        browser.go("/wp-admin/install.php?step=1")
        browser.fill(weblog_title="Notes", user_name="ada", admin_email="ada@example.test")
        # A script proposes a password once the page is there, in the place of what it finds.
        browser.wait_for("document.querySelector('#pass1').value")
        browser.fill(admin_password="a long password")
        browser.submit("#submit")
        browser.wait_for_text("Success!")

    def log_in(self):
        browser = self.browser
        browser.go("/wp-login.php")
        browser.fill(log="ada", pwd="a long password")
        browser.submit("#wp-submit")
        browser.find("#wpadminbar")

    def upload_a_picture(self):
        browser = self.browser
        browser.go("/wp-admin/media-new.php?browser-uploader")
        browser.fill(**{"async-upload": str(self.picture)})
        browser.submit("#html-upload")
        browser.find("li.attachment[aria-label='picture']")
        pictures = list(self.content.glob("uploads/*/*/picture.png"))
        self.assertEqual([path.read_bytes() for path in pictures], [self.picture.read_bytes()])
        path = pictures[0].relative_to(self.content)
        self.assertEqual(browser.width_of_picture(f"/wp-content/{path}"), PICTURE_WIDTH)

    def write_an_article(self):
        """In the editor that saves through the REST interface."""
        browser = self.browser
        browser.go("/wp-admin/post-new.php")
        browser.press("[aria-label='Close dialog'], [aria-label='Close']")
        browser.find("h1.wp-block-post-title").send_keys("Plans")
        browser.press(".editor-post-publish-panel__toggle:not([aria-disabled=true])")
        browser.press(".editor-post-publish-button:not([aria-disabled=true])")
        browser.wait_for_text("is now live")

    def change_a_page(self):
        browser = self.browser
        browser.go("/wp-admin/edit.php?post_type=page&s=Sample+Page")
        browser.press("button.editinline")
        browser.fill(post_title="Something else")
        browser.press("tr.inline-editor .save")
        browser.wait_for_text("Something else", "a.row-title")

    def choose_links_without_a_question_mark(self):
        browser = self.browser
        browser.go("/wp-admin/options-permalink.php")
        browser.press('input[value$="/%postname%/"]')
        browser.submit("#submit")
        browser.wait_for_text("Permalink structure updated")
        self.assertIn("RewriteRule . /index.php [L]", (self.site / ".htaccess").read_text())
        browser.go("/sample-page/")
        browser.wait_for_text("Something else", "h1.entry-title")
        browser.go("/")
        browser.submit("h2.entry-title a[href$='/plans/']")
        browser.wait_for_text("Plans", "h1.entry-title")
        self.assertEqual(browser.fetch("/wp-json/wp/v2/posts?slug=plans")[0], 200)
        self.assertEqual(browser.fetch("/no-such-page/")[0], 404)


if __name__ == "__main__":
    unittest.main()
