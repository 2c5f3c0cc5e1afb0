"""HTTP means what RFC 9110 says; each case quotes its section. Conditions and ranges have a file of
their own."""

import base64
import os
import time
from email.utils import parsedate_to_datetime

from http_case import DATE, DIGITS, FORM, LAST, HttpTest, chunked, request


class Basics(HttpTest):
    DIRECTIVES = ("<Directory {root}/htdocs/secret>\nAuthType Basic\nAuthName \"a realm\"\n"
                  "AuthUserFile {root}/htdocs/users\nRequire valid-user\n</Directory>\n"
                  "Redirect /moved http://elsewhere.test\nRedirect gone /gone\n"
                  "Redirect 503 /busy\n")
    FILES = HttpTest.FILES | {"secret/a.txt": b"secret",
                              "users": b"ada:{SHA}0nofEXcSAJSXFLGvmfBIpBb11vQ=\n"}

    def test_a_later_minor_version_is_answered_as_the_highest_known(self):
        """§2.5: A higher minor version is processed as the highest that the server knows."""
        for version in ("HTTP/1.2", "HTTP/1.9"):
            self.assertEqual(self.get(version=version).status_line, "HTTP/1.1 200 OK")

    def test_the_version_sent_is_the_servers_own(self):
        """§2.5: A server SHOULD send the highest version it knows of the client's major version."""
        self.assertEqual(self.get(version="HTTP/1.0").status_line, "HTTP/1.1 200 OK")

    def test_an_http_url_without_a_host_is_refused(self):
        """§4.2.1: A recipient MUST reject an http URI with an empty host as invalid."""
        for target in ("http://", "http:///digits.txt", "http://:80/digits.txt", "http:/digits.txt",
                       "http:digits.txt", "http://?x"):
            self.assert_refused(400, request(target=target))

    def test_userinfo_is_an_error(self):
        """§4.2.4: A recipient SHOULD treat userinfo in an http URI as an error."""
        self.assert_refused(400, request(target="http://user@localhost/digits.txt"))
        self.assert_refused(400, request(target="http://a:b@localhost/digits.txt"))

    def test_field_names_count_no_letter_case(self):
        """§5.1: Field names are case-insensitive."""
        self.assertEqual(self.get("rAnGe: bytes=0-1").body, b"01")

    def test_unknown_fields_are_ignored(self):
        """§5.1: A server MUST NOT require that fields are known."""
        self.assert_kept(200, request("GET", "/digits.txt", "X-Unknown: 1", "Y: 2", "!#$%&'*+-.^_`|~: 3"))

    def test_fields_of_one_name_are_one_list(self):
        """§5.3: A recipient MAY combine fields of one name, in their order."""
        fields = [f'If-None-Match: "{number}"' for number in range(50)] + ["If-None-Match: *"]
        self.assertEqual(self.get(*fields).status, "304")

    def test_nothing_is_done_before_the_head_is_complete(self):
        """§5.3: A server MUST NOT apply a request before it received the whole header section."""
        wire = self.connect()
        wire.send(request()[:-2].encode())
        wire.half_close()
        response = wire.response("GET")
        self.assertEqual(response.status, "400")

    def test_too_many_or_too_large_fields_are_4xx(self):
        """§5.4: Fields larger than a server wishes to process MUST get a 4xx status."""
        self.assert_refused(431, request("GET", "/digits.txt", "X: " + "x" * 9000))
        self.assert_refused(431, request("GET", "/digits.txt", *["X: y"] * 101))
        self.assert_kept(200, request("GET", "/digits.txt", "X: " + "x" * 8000))
        self.assert_kept(200, request("GET", "/digits.txt", *["X: y"] * 99))

    def test_control_characters_in_values_are_refused(self):
        """§5.5: CR, LF and NUL in a value MUST be rejected or replaced; others are invalid."""
        for control in ("\0", "\r", "\n", "\x01", "\x0b", "\x1b", "\x7f"):
            self.assert_refused(400, request("GET", "/digits.txt", f"X: a{control}b"))

    def test_octets_above_127_are_opaque(self):
        """§5.5: obs-text SHOULD be treated as opaque data."""
        self.assert_kept(200, request("GET", "/digits.txt", "X: \x80\xff\xc3\xa9"))

    def test_empty_list_elements_are_ignored(self):
        """§5.6.1.2: A recipient MUST parse and ignore a reasonable number of empty elements."""
        self.assertEqual(self.get("Range: bytes=,0-1, ,,4-4,").status, "206")
        self.assertEqual(self.get('If-None-Match: ,, "x", ,"y"').status, "200")
        self.assertEqual(self.get("Connection: ,close, ,").field("connection"), "close")

    def test_names_that_are_no_tokens_are_refused(self):
        """§5.6.2: Names and methods are tokens."""
        for name in ("", "X y", "X(y)", "X@y", "X[", 'X"', "X/y", "X\xe9", "X\x01", "X{}"):
            self.assert_refused(400, request("GET", "/digits.txt", f"{name}: z"))
        for method in ("G@T", "GET:", "G[T]", "G\x01T", "GET,", "G\xe9T"):
            self.assert_refused(400, request(method))

    def test_dates_are_read_in_all_three_forms(self):
        """§5.6.7: A recipient MUST accept all three date formats."""
        for date in (DATE, "Thursday, 02-Jan-20 03:04:05 GMT", "Thu Jan  2 03:04:05 2020"):
            self.assertEqual(self.get(f"If-Modified-Since: {date}").status, "304", date)

    def test_dates_are_sent_in_the_preferred_form(self):
        """§5.6.7: A sender MUST generate IMF-fixdate."""
        response = self.get()
        self.assertRegex(response.field("date"), FORM)
        self.assertEqual(response.field("last-modified"), DATE)

    def test_every_answer_has_its_date(self):
        """§6.6.1: An origin server with a clock MUST generate Date in 2xx, 3xx and 4xx."""
        for text in (request(), request(target="/missing"), request(target="/folder"),
                     request("GET", "/digits.txt", "If-None-Match: *"), request(host=""),
                     request("GET", "/digits.txt", "Range: bytes=0-1"), request("BREW"),
                     request("PUT"), request(version="HTTP/3.0"), "nonsense\r\n\r\n"):
            date = self.ask(text).field("date")
            self.assertLess(abs(parsedate_to_datetime(date).timestamp() - time.time()), 60, text)

    def test_an_https_url_is_misdirected_here(self):
        """§7.4: A request for an https URI MUST be rejected unless the connection is secured."""
        self.assert_refused(421, request(target="https://localhost/digits.txt"))
        for scheme in ("ftp", "ws", "file", "x"):
            self.assert_refused(400, request(target=f"{scheme}://localhost/digits.txt"))

    def test_upgrade_is_ignored(self):
        """§7.8: A server MAY ignore Upgrade; then the protocol stays what it is."""
        for protocol in ("websocket", "h2c", "TLS/1.2, HTTP/1.1", "foo"):
            self.assert_kept(200, request("GET", "/digits.txt", "Connection: Upgrade",
                                          f"Upgrade: {protocol}"))
            self.assert_kept(200, request("POST", "/digits.txt", "Connection: Upgrade",
                                          f"Upgrade: {protocol}", content="hello"))
        self.assertEqual(self.get("Upgrade: h2c", "Connection: Upgrade",
                                  version="HTTP/1.0").status, "200")

    def test_error_pages_explain_themselves(self):
        """§15.5 and §15.6: A server SHOULD send an explanation with a 4xx or 5xx."""
        for status, text in ((400, request(host="")), (404, request(target="/missing")),
                             (405, request("PUT")), (501, request("BREW")), (503, request(target="/busy")),
                             (505, request(version="HTTP/2.0")), (410, request(target="/gone"))):
            response = self.ask(text)
            self.assertEqual(response.status, str(status))
            self.assertIn(b"<h1>", response.body)
            self.assertEqual(response.field("content-length"), str(len(response.body)))

    def test_a_redirect_says_where(self):
        """§15.4: A server SHOULD generate Location where a redirect has a preferred URI."""
        self.assertEqual(self.get(target="/moved/x").field("location"), "http://elsewhere.test/x")
        self.assertTrue(self.get(target="/folder").field("location").endswith("/folder/"))

    def test_401_has_a_challenge(self):
        """§11.6.1 and §15.5.2: A 401 MUST have WWW-Authenticate."""
        wrong = base64.b64encode(b"a:b").decode()
        for fields in ((), (f"Authorization: Basic {wrong}",), ("Authorization: Basic",),
                       ("Authorization: x",), ("Authorization: Bearer x",)):
            response = self.get(*fields, target="/secret/a.txt")
            self.assertEqual(response.status, "401")
            self.assertEqual(response.field("www-authenticate"), 'Basic realm="a realm"')
        right = base64.b64encode(b"ada:right").decode()
        self.assertEqual(self.get(f"Authorization: Basic {right}", target="/secret/a.txt").body,
                         b"secret")

    def test_another_major_version_is_505(self):
        """§15.6.6: A major version that is not supported gets 505."""
        for version in ("HTTP/2.0", "HTTP/3.0", "HTTP/9.9"):
            self.assert_refused(505, request(version=version))


class Representations(HttpTest):
    DIRECTIVES = ("AddType text/html .html\nAddEncoding x-gzip .gz\n"
                  "<Files zipped.txt>\nSetOutputFilter DEFLATE\n</Files>\n"
                  "AddOutputFilterByType DEFLATE text/html\n")
    FILES = HttpTest.FILES | {"large.html": b"<p>large</p>\n" * 500, "a.html.gz": b"not really"}

    def test_the_type_is_told(self):
        """§8.3: A sender SHOULD generate Content-Type, unless the type is unknown to it."""
        self.assertEqual(self.get(target="/folder/page.html").field("content-type"), "text/html")
        self.assertIsNotNone(self.get(target="/missing").field("content-type"))

    def test_a_coded_file_says_so(self):
        """§8.4: Codings of a representation MUST be listed in Content-Encoding."""
        self.assertEqual(self.get(target="/a.html.gz").field("content-encoding"), "x-gzip")

    def test_the_length_is_told_when_it_is_known(self):
        """§8.6: An origin server SHOULD send Content-Length when it knows it before the head."""
        self.assertEqual(self.get().field("content-length"), "10")
        self.assertEqual(self.get(target="/missing", method="HEAD").body, b"")

    def test_a_304_has_no_other_length(self):
        """§8.6: Content-Length of a 304 MUST equal that of a 200, or be left out."""
        response = self.get("If-None-Match: *")
        self.assertIn(response.field("content-length"), (None, "10"))

    def test_the_date_of_a_change_is_never_later_than_date(self):
        """§8.8.2.1: An origin server MUST NOT send a Last-Modified later than Date."""
        path = f"{self.server.root}/htdocs/future.txt"
        with open(path, "wb") as file:
            file.write(b"x")
        os.utime(path, (time.time() + 100000,) * 2)
        response = self.get(target="/future.txt")
        dates = [parsedate_to_datetime(response.field(name)) for name in ("last-modified", "date")]
        self.assertLessEqual(*dates)

    def test_a_file_has_validators(self):
        """§8.8.2 and §8.8.3: An origin server SHOULD send Last-Modified and ETag."""
        response = self.get()
        self.assertEqual(response.field("last-modified"), DATE)
        self.assertRegex(response.field("etag"), '^"[^"]+"$')

    def test_a_tag_is_weak_while_the_file_may_still_change_unseen(self):
        """§8.8.1: A validator that does not change with every change is weak, and marked so."""
        with open(f"{self.server.root}/htdocs/fresh.txt", "wb") as file:
            file.write(b"x")
        self.assertTrue(self.get(target="/fresh.txt").field("etag").startswith('W/"'))

    def test_codings_have_tags_of_their_own(self):
        """§8.8.3: A strong tag MUST differ between codings of one resource."""
        plain = self.get(target="/large.html")
        coded = self.get("Accept-Encoding: gzip", target="/large.html")
        self.assertEqual(coded.field("content-encoding"), "gzip")
        self.assertNotEqual(plain.field("etag"), coded.field("etag"))

    def test_what_the_choice_depended_on_is_told(self):
        """§12.5.5: An origin server SHOULD send Vary where a field decided over the content."""
        for fields in ((), ("Accept-Encoding: gzip",), ("Accept-Encoding: gzip;q=0",)):
            response = self.get(*fields, target="/large.html")
            self.assertEqual(response.field("vary"), "Accept-Encoding")

    def test_a_coding_that_is_not_acceptable_is_not_used(self):
        """§12.5.3: A coding with a weight of 0 is not acceptable."""
        for value in ("gzip;q=0", "gzip;q=0.0", "identity", "br"):
            response = self.get(f"Accept-Encoding: {value}", target="/large.html")
            self.assertIsNone(response.field("content-encoding"), value)


class Methods(HttpTest):
    def test_get_and_head_are_there(self):
        """§9.1: General-purpose servers MUST support GET and HEAD."""
        self.assertEqual((self.get().status, self.get(method="HEAD").status), ("200", "200"))

    def test_an_unknown_method_is_501(self):
        """§9.1: A method that is not recognized SHOULD get 501."""
        for method in ("BREW", "get", "Get", "GETT", "X-Y", "!"):
            self.assert_refused(501, request(method))

    def test_a_method_that_is_not_allowed_is_405_with_allow(self):
        """§9.1 and §15.5.6: A known method that is not allowed SHOULD get 405, and Allow MUST be
        there."""
        for method in ("PUT", "DELETE", "PATCH", "PROPFIND", "REPORT", "MERGE"):
            response = self.get(method=method)
            self.assertEqual(response.status, "405")
            self.assertEqual(sorted(response.field("allow").split(",")),
                             ["GET", "HEAD", "OPTIONS", "POST", "TRACE"])

    def test_head_has_no_content(self):
        """§9.3.2: A server MUST NOT send content in the response to HEAD."""
        for target, status in (("/digits.txt", 200), ("/missing", 404), ("/folder", 301),
                               ("/%zz", 400), ("/../x", 400), ("/folder/", 404)):
            wire = self.connect()
            wire.send((request("HEAD", target, "Connection: close")).encode())
            head, _, content = wire.rest().partition(b"\r\n\r\n")
            self.assertEqual((head.split()[1], content), (str(status).encode(), b""), target)

    def test_head_has_the_fields_of_get(self):
        """§9.3.2: A server SHOULD send the same fields for HEAD as for GET."""
        def fields(method):
            return [field for field in self.get(method=method).fields if field[0] != "Date"]
        self.assertEqual(fields("HEAD"), fields("GET"))

    def test_connect_is_refused(self):
        """§9.3.6: A server MUST reject CONNECT to an empty or invalid port, typically with 400."""
        for target in ("localhost", "localhost:", "localhost:0", "localhost:x", "localhost:99999"):
            self.assert_refused(400, request("CONNECT", target))
        self.assertEqual(self.get(method="CONNECT", target="localhost:80").status, "405")

    def test_options_tells_what_is_allowed(self):
        """§9.3.7: A server SHOULD send fields that tell of optional features, as Allow."""
        response = self.get(method="OPTIONS")
        self.assertEqual((response.status, response.field("content-length")), ("200", "0"))
        self.assertIn("GET", response.field("allow").split(","))

    def test_options_of_the_server_is_a_ping(self):
        """§9.3.7: OPTIONS * applies to the server in general."""
        self.assert_kept(200, request("OPTIONS", "*", content="hello"))

    def test_trace_sends_the_request_back(self):
        """§9.3.8: The final recipient SHOULD send the request back as message/http."""
        response = self.get("X-One: 1", method="TRACE", target="/missing?x")
        self.assertEqual(response.field("content-type"), "message/http")
        self.assertEqual(response.body,
                         b"TRACE /missing?x HTTP/1.1\r\nHost: localhost\r\nX-One: 1\r\n\r\n")

    def test_trace_keeps_secrets(self):
        """§9.3.8: Fields that are likely to contain sensitive data SHOULD be excluded."""
        response = self.get("Cookie: a=secret", "Authorization: Basic secret", "X: y",
                            "Proxy-Authorization: Basic secret", method="TRACE")
        self.assertNotIn(b"secret", response.body)
        self.assertIn(b"X: y\r\n", response.body)

    def test_trace_with_content_is_refused(self):
        """§9.3.8: A client MUST NOT send content in a TRACE request."""
        self.assertEqual(self.get(method="TRACE", content="hello").status, "413")


class Expectations(HttpTest):
    def expecting(self, *fields, version="HTTP/1.1", target="/digits.txt", method="POST"):
        wire = self.connect()
        wire.send(request(method, target, "Expect: 100-continue", *fields, version=version).encode())
        return wire

    def test_content_is_asked_for(self):
        """§10.1.1: An origin server MUST send 100, or a final status, before the content comes."""
        wire = self.expecting("Content-Length: 5")
        self.assertEqual(wire.line(), b"HTTP/1.1 100 Continue\r\n")
        self.assertEqual(wire.line(), b"\r\n")
        wire.send(b"hello" + LAST.encode())
        self.assertEqual([wire.response("POST").status, wire.response("GET").body], ["200", DIGITS])

    def test_a_final_status_comes_without_asking(self):
        """§10.1.1: Where the head suffices, the final status is sent, and close said."""
        for method, target, status in (("PUT", "/digits.txt", "405"), ("BREW", "/", "501"),
                                       ("POST", "/../x", "400"), ("TRACE", "/", "413")):
            wire = self.expecting("Content-Length: 5", method=method, target=target)
            response = wire.response("POST")
            self.assertEqual((response.status, response.interim), (status, []))
            self.assertEqual((response.field("connection"), wire.rest()), ("close", b""))

    def test_content_that_came_is_not_asked_for(self):
        """§10.1.1: A server MAY omit 100 when it received content already."""
        response = self.get("Expect: 100-continue", method="POST", content="hello")
        self.assertEqual((response.status, response.interim), ("200", []))

    def test_without_content_there_is_no_100(self):
        """§10.1.1: A server SHOULD NOT send 100 where no content is announced."""
        response = self.get("Expect: 100-continue")
        self.assertEqual((response.status, response.interim), ("200", []))

    def test_the_expectation_does_not_count_in_1_0(self):
        """§10.1.1 and §15.2: A server MUST ignore 100-continue in HTTP/1.0, and send no 1xx."""
        response = self.get("Expect: 100-continue", method="POST", content="hello",
                            version="HTTP/1.0")
        self.assertEqual((response.status, response.interim), ("200", []))

    def test_another_expectation_is_417(self):
        """§10.1.1 and §15.5.18: An expectation that cannot be met MAY get 417."""
        for value in ("x", "100-continue, x", "200-ok", "100-continue;x"):
            self.assert_refused(417, request("GET", "/digits.txt", f"Expect: {value}"))
        self.assert_refused(417, request("GET", "/digits.txt", "Expect: 100-continue", "Expect: x"))


class Limits(HttpTest):
    DIRECTIVES = "LimitRequestBody 100\nServerTokens Prod\n"

    def test_too_much_content_is_413(self):
        """§15.5.14: Content larger than a server is willing to process gets 413."""
        self.assert_refused(413, request("POST", content="x" * 101))
        self.assert_refused(413, chunked("x" * 101))
        self.assert_kept(200, request("POST", content="x" * 100))

    def test_the_server_tells_no_more_than_it_should(self):
        """§10.2.4: A server SHOULD NOT tell needless detail of itself (ServerTokens)."""
        self.assertEqual(self.get().field("server"), "preforkd")
