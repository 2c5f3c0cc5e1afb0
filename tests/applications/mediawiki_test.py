"""MediaWiki: installed by its own pages, then a page, a picture, and links without a question mark."""

import unittest

from application import PICTURE_WIDTH, SNIPPETS, ApplicationTest, give_to_server, need

# Short links by an .htaccess beside the wiki: any title goes to the script, which reads the URL itself.
RULES = """RewriteEngine On
RewriteRule ^wiki(/.*)?$ /mediawiki/index.php [L]
"""
# MW_INSTALL_PATH: the scripts are links, and would take the folder they point to for their own.
MORE = """
DocumentRoot {htdocs}
SetEnv MW_INSTALL_PATH {site}
<Directory {htdocs}>
    AllowOverride FileInfo
    Require all granted
</Directory>
"""
SETTINGS = """
$wgArticlePath = '/wiki/$1';
$wgEnableUploads = true;
$wgCacheDirectory = "$IP/cache";
$wgJobRunRate = 0;
$wgShowExceptionDetails = true;
"""
DATABASE = {"mysql_wgDBserver": "localhost:{socket}", "mysql_wgDBname": "notes",
            "mysql__InstallUser": "writer", "mysql__InstallPassword": "secret"}
ADMINISTRATOR = {"config_wgSitename": "Notes", "config__AdminName": "Ada",
                 "config__AdminPassword": "a long password",
                 "config__AdminPasswordConfirm": "a long password"}


class MediaWiki(ApplicationTest):
    def setUp(self):
        super().setUp()
        self.database = self.start_database("notes")
        # Links to what the package shares, as /var/lib/mediawiki has them.
        self.site = self.copy("/var/lib/mediawiki", "mediawiki", "site", links=True)
        (self.site / "LocalSettings.php").unlink()
        give_to_server(self.site)
        snippet = need(SNIPPETS / "mediawiki.conf", "mediawiki").read_text()
        htdocs = self.folder / "htdocs"
        htdocs.mkdir()
        (htdocs / ".htaccess").write_text(RULES)
        self.serve(snippet.replace("/var/lib/mediawiki", str(self.site)) +
                   MORE.format(site=self.site, htdocs=htdocs))

    def test_from_the_first_page_on(self):
        self.install()
        self.log_in()
        self.write_and_change_a_page()
        self.upload_a_picture()
        self.ask_for_odd_titles_and_what_is_nobodys_business()
        self.assert_no_complaints()

    def install(self):
        browser = self.browser
        browser.go("/mediawiki/")
        browser.submit("a[href*=mw-config]")
        browser.submit('[name="submit-continue"]')
        browser.wait_for_text("Welcome to MediaWiki!")
        browser.submit('[name="submit-continue"]')
        browser.fill(**{name: value.format(socket=self.database.socket)
                        for name, value in DATABASE.items()})
        browser.submit('[name="submit-continue"]')
        browser.wait_for_text("Database settings")
        browser.submit('[name="submit-continue"]')
        browser.fill(**ADMINISTRATOR)
        browser.press('[name="config__SkipOptional"][value="skip"]')
        browser.submit('[name="submit-continue"]')
        browser.wait_for_text("begin the installation")
        browser.submit('[name="submit-continue"]')
        browser.wait_for_text("Creating main page with default content")
        browser.submit('[name="submit-continue"]')
        browser.wait_for_text("Congratulations!")
        # The file that the pages offer for download.
        status, settings = browser.fetch("/mediawiki/mw-config/index.php?localsettings=1")
        self.assertEqual(status, 200)
        (self.site / "LocalSettings.php").write_text(settings + SETTINGS)

    def log_in(self):
        browser = self.browser
        browser.go("/wiki/Special:UserLogin")
        browser.fill(wpName="Ada", wpPassword="a long password")
        browser.submit("#wpLoginAttempt")
        browser.wait_for_text("Main Page", "#firstHeading")

    def write_and_change_a_page(self):
        browser = self.browser
        browser.go("/wiki/Plans?action=edit")
        browser.fill(wpTextbox1="A '''bold''' one.\n\n[[Plans/AC & DC?]]")
        browser.submit("#wpSave")
        browser.wait_for_text("bold", "#mw-content-text b")
        self.assertTrue(browser.driver.current_url.endswith("/wiki/Plans"))
        browser.go("/wiki/Plans?action=edit")
        browser.fill(wpTextbox1="A modest one.")
        browser.submit("#wpSave")
        browser.wait_for_text("A modest one.", "#mw-content-text")
        browser.go("/wiki/Plans?action=history")
        browser.find("#pagehistory li:nth-child(2), #pagehistory ul:nth-of-type(2)")

    def upload_a_picture(self):
        browser = self.browser
        browser.go("/wiki/Special:Upload")
        browser.fill(wpUploadFile=str(self.picture))
        browser.submit('input[name="wpUpload"]')
        browser.wait_for_text("File:Picture.png", "#firstHeading")
        pictures = list(self.site.glob("images/?/??/Picture.png"))
        self.assertEqual([path.read_bytes() for path in pictures], [self.picture.read_bytes()])
        path = pictures[0].relative_to(self.site)
        self.assertEqual(browser.width_of_picture(f"/mediawiki/{path}"), PICTURE_WIDTH)

    def ask_for_odd_titles_and_what_is_nobodys_business(self):
        browser = self.browser
        # What they link to is denied to a client by the package's own .htaccess.
        for path in ("includes/WebStart.php", "cache/"):
            self.assertEqual(browser.fetch(f"/mediawiki/{path}")[0], 403, path)
        for path, title in (("Plans/AC_%26_DC%3F", "Plans/AC & DC?"), ("%C3%9Cber_100%25", "Über 100%")):
            browser.go(f"/wiki/{path}")
            browser.wait_for_text(title, "#firstHeading")
            browser.wait_for_text("There is currently no text in this page")
        self.assertEqual(browser.fetch("/wiki/Nothing")[0], 404)


if __name__ == "__main__":
    unittest.main()
