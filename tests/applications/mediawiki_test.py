"""MediaWiki: installed by its own script, then a page, a picture, and links without a question mark."""

import subprocess
import unittest

from application import SNIPPETS, ApplicationTest, give_to_server, need

RULES = """
RewriteEngine On
RewriteRule ^/wiki/(.*)$ /mediawiki/index.php?title=$1 [PT,QSA]
"""
SETTINGS = """
$wgScriptPath = '/mediawiki';
$wgArticlePath = '/wiki/$1';
$wgEnableUploads = true;
$wgUploadDirectory = '{site}/images';
$wgCacheDirectory = '{site}/cache';
$wgMainCacheType = CACHE_NONE;
$wgShowExceptionDetails = true;
"""


class MediaWiki(ApplicationTest):
    def setUp(self):
        super().setUp()
        database = self.start_database()
        database.run("CREATE DATABASE wiki; CREATE USER writer@localhost IDENTIFIED BY 'secret';"
                     "GRANT ALL ON wiki.* TO writer@localhost;")
        # Links to what the package shares, as /var/lib/mediawiki has them.
        site = self.copy("/var/lib/mediawiki", "mediawiki", "site", links=True)
        (site / "LocalSettings.php").unlink()
        need("/usr/bin/php8.2", "php8.2-cli")
        subprocess.run(["/usr/bin/php8.2", "/usr/share/mediawiki/maintenance/install.php",
                        f"--confpath={site}", "--dbtype=mysql", "--dbname=wiki", "--dbuser=writer",
                        "--dbpass=secret", f"--dbserver=localhost:{database.socket}",
                        "--server=http://localhost", "--scriptpath=/mediawiki",
                        "--pass=a long password", "--skins=Vector", "Notes", "Ada"],
                       check=True, stdout=subprocess.DEVNULL)
        self.site = site
        give_to_server(site)
        snippet = (SNIPPETS / "mediawiki.conf").read_text()
        settings = site / "LocalSettings.php"
        self.serve(snippet.replace("/var/lib/mediawiki", str(site)) + RULES +
                   f"SetEnv MW_CONFIG_FILE {settings}\nTimeout 30\n")
        with settings.open("a") as file:
            file.write(SETTINGS.format(site=site) + f"$wgServer = '{self.url('')}';\n")

    def test_from_the_first_page_on(self):
        self.go("/wiki/Special:UserLogin")
        self.fill(wpName="Ada", wpPassword="a long password")
        self.press("#wpLoginAttempt")
        self.await_text("Log out")

        with self.subTest("a page is written"):
            self.go("/mediawiki/index.php?title=Plans&action=edit")
            self.fill(wpTextbox1="A '''bold''' one.")
            self.press("#wpSave")
            self.await_text("<b>bold</b>")
            self.go("/wiki/Plans")
            self.await_text("<b>bold</b>")

        with self.subTest("and changed"):
            self.go("/wiki/Plans?action=edit")
            self.fill(wpTextbox1="A modest one.")
            self.press("#wpSave")
            self.await_text("A modest one.")

        with self.subTest("a picture is uploaded"):
            self.go("/wiki/Special:Upload")
            self.fill(wpUploadFile=str(self.picture))
            self.press("input[name=wpUpload]")
            self.await_text("File:Picture.png")
            self.assertEqual(len(list(self.site.glob("images/*/*/Picture.png"))), 1)

        with self.subTest("a page that is not there"):
            self.go("/wiki/Nothing")
            self.await_text("There is currently no text in this page")
        self.assert_no_complaints()


if __name__ == "__main__":
    unittest.main()
