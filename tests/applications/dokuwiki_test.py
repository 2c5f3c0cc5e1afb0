"""DokuWiki: installed by its own page, then a log-in, a page, a picture, and links without a question
mark."""

import pathlib
import unittest

from application import PICTURE_WIDTH, ApplicationTest, give_to_server, need, replace_in

# Those that the package's htaccess has as comments.
RULES = """
RewriteEngine on
RewriteRule ^_media/(.*)              lib/exe/fetch.php?media=$1  [QSA,L]
RewriteRule ^_detail/(.*)             lib/exe/detail.php?media=$1  [QSA,L]
RewriteRule ^_export/([^/]+)/(.*)     doku.php?do=export_$1&id=$2  [QSA,L]
RewriteRule ^$                        doku.php  [L]
RewriteCond %{REQUEST_FILENAME}       !-f
RewriteCond %{REQUEST_FILENAME}       !-d
RewriteRule (.*)                      doku.php?id=$1  [QSA,L]
RewriteRule ^index.php$               doku.php
RewriteBase /dokuwiki
"""
INSTALLATION = {"d[title]": "Notes", "d[superuser]": "ada", "d[fullname]": "Ada",
                "d[email]": "ada@example.test", "d[password]": "secret", "d[confirm]": "secret"}


class DokuWiki(ApplicationTest):
    def setUp(self):
        super().setUp()
        self.site = self.copy("/usr/share/dokuwiki", "dokuwiki", "site")
        configuration = self.copy("/etc/dokuwiki", "dokuwiki", "configuration")
        self.data = self.copy("/var/lib/dokuwiki/data", "dokuwiki", "site/data")
        # It installs itself where these are missing; the package brings them.
        for name in ("local.php", "users.auth.php", "acl.auth.php"):
            (configuration / name).unlink(missing_ok=True)
        replace_in(self.site / "inc/preload.php", {"/etc/dokuwiki": str(configuration)})
        replace_in(self.site / "install.php", {"DOKU_INC . 'conf/'": f"'{configuration}/'"})
        replace_in(configuration / "dokuwiki.php", {"/var/lib/dokuwiki/data": str(self.data)})
        give_to_server(configuration)
        give_to_server(self.data)
        snippet = pathlib.Path(need("/etc/dokuwiki/apache.conf", "dokuwiki")).read_text()
        self.serve(snippet.replace("/usr/share/dokuwiki", str(self.site)))

    def test_from_the_first_page_on(self):
        self.install()
        self.log_in()
        self.choose_links_without_a_question_mark()
        self.write_and_change_a_page()
        self.upload_a_picture()
        self.ask_for_what_is_nobodys_business()
        self.assert_no_complaints()

    def install(self):
        browser = self.browser
        browser.go("/dokuwiki/install.php")
        browser.fill(**INSTALLATION)
        browser.submit('[name="submit"]')
        browser.wait_for_text("The configuration was finished successfully")

    def log_in(self):
        browser = self.browser
        browser.go("/dokuwiki/doku.php?do=login")
        browser.fill(u="ada", p="secret")
        browser.submit("#dw__login button[type=submit]")
        browser.wait_for_text("Logged in as")

    def choose_links_without_a_question_mark(self):
        browser = self.browser
        with (self.site / ".htaccess").open("a") as file:
            file.write(RULES)
        browser.go("/dokuwiki/doku.php?do=admin&page=config")
        browser.press('#dw__configform [name="config[userewrite]"] option[value="1"]')
        browser.submit("#dw__configform button[type=submit]")
        browser.wait_for_text("Settings updated successfully")

    def write_and_change_a_page(self):
        browser = self.browser
        browser.go("/dokuwiki/plans?do=edit")
        browser.fill(wikitext="====== Plans ======\n\nA **bold** one, and [[other:über]].")
        browser.submit("#edbtn__save")
        browser.wait_for_text("bold", "#dokuwiki__content strong")
        self.assertTrue(browser.driver.current_url.endswith("/dokuwiki/plans"))
        self.assertTrue((self.data / "pages/plans.txt").exists())
        browser.submit('#dokuwiki__content a[title="other:ueber"]')
        browser.wait_for_text("This topic does not exist yet")
        browser.go("/dokuwiki/plans?do=edit")
        browser.fill(wikitext="A modest one.\n\n{{:picture.png}}")
        browser.submit("#edbtn__save")
        browser.wait_for_text("A modest one.", "#dokuwiki__content")

    def upload_a_picture(self):
        browser = self.browser
        browser.go("/dokuwiki/plans?do=media&ns=&tab_files=upload")
        browser.find("input[type=file]").send_keys(str(self.picture))
        browser.press("#mediamanager__upload_button")
        browser.wait_for("document.querySelector('.qq-upload-success, .success')")
        self.assertEqual((self.data / "media/picture.png").read_bytes(), self.picture.read_bytes())
        self.assertEqual(browser.width_of_picture("/dokuwiki/_media/picture.png"), PICTURE_WIDTH)
        browser.go("/dokuwiki/plans")
        browser.wait_for("document.querySelector('#dokuwiki__content img.media')"
                         f".naturalWidth == {PICTURE_WIDTH}")

    def ask_for_what_is_nobodys_business(self):
        for path in ("VERSION", "bin/dwpage.php", "data/pages/plans.txt"):
            self.assertEqual(self.browser.fetch(f"/dokuwiki/{path}")[0], 403, path)


if __name__ == "__main__":
    unittest.main()
