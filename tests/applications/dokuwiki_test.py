"""DokuWiki: a log-in, a page, a picture, and links without a question mark."""

import pathlib
import unittest

from application import ApplicationTest, give_to_server, need, replace_in

# Of the snippet's own rules those that are commented out, as its comment asks for.
RULES = """
RewriteEngine on
RewriteBase /dokuwiki
RewriteRule ^_media/(.*)              lib/exe/fetch.php?media=$1  [QSA,L]
RewriteRule ^_detail/(.*)             lib/exe/detail.php?media=$1  [QSA,L]
RewriteRule ^_export/([^/]+)/(.*)     doku.php?do=export_$1&id=$2  [QSA,L]
RewriteRule ^$                        doku.php  [L]
RewriteCond %{REQUEST_FILENAME}       !-f
RewriteCond %{REQUEST_FILENAME}       !-d
RewriteRule (.*)                      doku.php?id=$1  [QSA,L]
RewriteRule ^index.php$               doku.php
"""
SETTINGS = """<?php
$conf['title'] = 'Notes';
$conf['useacl'] = 1;
$conf['superuser'] = '@admin';
$conf['userewrite'] = '1';
$conf['savedir'] = '{data}';
$conf['updatecheck'] = 0;
"""
USERS = "ada:{md5}:Ada:ada@example.test:admin,user\n"
MD5_OF_SECRET = "5ebe2294ecd0e0f08eab7690d2a6ee69"


class DokuWiki(ApplicationTest):
    def setUp(self):
        super().setUp()
        site = self.copy("/usr/share/dokuwiki", "dokuwiki", "site")
        configuration = self.copy("/etc/dokuwiki", "dokuwiki", "configuration")
        self.data = self.copy("/var/lib/dokuwiki/data", "dokuwiki", "data")
        places = {"/etc/dokuwiki": str(configuration)}
        for name in ("inc/preload.php", "inc/init.php"):
            replace_in(site / name, places)
        (configuration / "local.php").write_text(SETTINGS.format(data=self.data))
        (configuration / "users.auth.php").write_text(USERS.format(md5=MD5_OF_SECRET))
        (configuration / "acl.auth.php").write_text("*\t@ALL\t1\n*\t@user\t8\n")
        (site / ".htaccess").write_text((configuration / "htaccess").read_text() + RULES)
        give_to_server(configuration)
        give_to_server(self.data)
        snippet = pathlib.Path(need("/etc/dokuwiki/apache.conf", "dokuwiki")).read_text()
        self.serve(snippet.replace("/usr/share/dokuwiki", str(site)))

    def test_from_the_first_page_on(self):
        self.go("/dokuwiki/start?do=login")
        self.fill(u="ada", p="secret")
        self.press("#dw__login button[type=submit]")
        self.await_text("Logged in as")

        with self.subTest("a page is written"):
            self.go("/dokuwiki/plans?do=edit")
            self.fill(wikitext="====== Plans ======\n\nA **bold** one.")
            self.press("#edbtn__save")
            self.await_text("<strong>bold</strong>")
            self.assertTrue((self.data / "pages/plans.txt").exists())

        with self.subTest("and changed"):
            self.go("/dokuwiki/plans?do=edit")
            self.fill(wikitext="A modest one.")
            self.press("#edbtn__save")
            self.await_text("A modest one.")

        with self.subTest("a picture is uploaded"):
            self.go("/dokuwiki/plans?do=media&ns=&tab_files=upload")
            self.find("input[type=file]").send_keys(str(self.picture))
            self.press("#mediamanager__upload_button")
            self.await_text("picture.png")
            self.go("/dokuwiki/_media/picture.png")
            self.assertEqual(self.find("img").size["width"], 40)

        with self.subTest("what is nobody's business"):
            self.go("/dokuwiki/VERSION")
            self.await_text("Forbidden")
        self.assert_no_complaints()


if __name__ == "__main__":
    unittest.main()
