"""HTTP/1.1's messages are read and written as RFC 9112 says; each case quotes its section."""

from http_case import DIGITS, LAST, HttpTest, chunked, request
from server import PAGE

class Messages(HttpTest):
    def test_octets_beyond_ascii_are_data(self):
        """§2.2: A recipient MUST parse a message as octets in a superset of US-ASCII."""
        self.assert_kept(200, request("GET", "/digits.txt", "X-Name: caf\xe9 \xff\xfe"))

    def test_a_line_that_ends_in_lf_alone_is_refused(self):
        """§2.2: A recipient MAY take a lone LF for a line end; this one takes it for an error."""
        self.assert_refused(400, "GET /digits.txt HTTP/1.1\nHost: localhost\n\n")
        self.assert_refused(400, "GET /digits.txt HTTP/1.1\r\nHost: localhost\n\r\n")

    def test_a_bare_cr_is_refused(self):
        """§2.2: A recipient of a bare CR MUST consider the element invalid or replace it."""
        self.assert_refused(400, request("GET", "/digits.txt", "X: a\rb"))
        self.assert_refused(400, "GET /digits.txt HTTP/1.1\r\nHost: localhost\r\rX: y\r\n\r\n")
        self.assert_refused(400, "GET /digits.txt\rHTTP/1.1\r\nHost: localhost\r\n\r\n")

    def test_an_empty_line_before_a_request_is_ignored(self):
        """§2.2: A server SHOULD ignore at least one empty line before the request-line."""
        self.assert_kept(200, "\r\n" + request())
        self.assert_kept(200, request("POST", content="hello") + "\r\n")

    def test_white_space_before_the_first_field_is_refused(self):
        """§2.2: A recipient MUST reject a message with white space before the first field."""
        self.assert_refused(400, "GET /digits.txt HTTP/1.1\r\n Host: localhost\r\n\r\n")
        self.assert_refused(400, "GET /digits.txt HTTP/1.1\r\n\tX: y\r\nHost: localhost\r\n\r\n")

    def test_what_is_no_request_is_refused(self):
        """§2.2: Octets that do not match the grammar SHOULD get 400 and the connection closed."""
        for text in ("HELO there\r\n", "\x16\x03\x01\x02\r\n", "{}\r\n\r\n", " \r\n"):
            self.assert_refused(400, text)

    def test_the_version_counts_letter_case(self):
        """§2.3: HTTP-version is case-sensitive."""
        for version in ("http/1.1", "Http/1.1", "HTTP/1", "HTTP/1.10", "HTTP/01.1", "HTTP/1.1.1"):
            self.assert_refused(400, request(version=version))


class RequestLines(HttpTest):
    DIRECTIVES = "".join(
        f"<VirtualHost *>\nServerName {name}.test\nDocumentRoot {{root}}/htdocs\n"
        f"Alias /who.txt {{root}}/htdocs/{name}.txt\n</VirtualHost>\n" for name in ("one", "two"))
    FILES = HttpTest.FILES | {"one.txt": b"one", "two.txt": b"two"}

    def test_8000_octets_are_not_too_long(self):
        """§3: It is RECOMMENDED to support request-lines of at least 8000 octets."""
        self.assert_kept(200, request(target="/digits.txt?" + "x" * (8000 - 25)))

    def test_a_long_target_is_414(self):
        """§3: A target longer than a server wishes to parse MUST get 414."""
        self.assert_refused(414, request(target="/digits.txt?" + "x" * 9000))

    def test_an_unknown_method_is_501_however_long(self):
        """§3: A method longer than any that a server implements SHOULD get 501."""
        self.assert_refused(501, request("X" * 100))
        self.assert_refused(501, request("X" * 7000))

    def test_white_space_is_never_made_good(self):
        """§3: An invalid request-line SHOULD get 400 and SHOULD NOT be corrected."""
        for line in ("GET  /digits.txt HTTP/1.1", "GET /digits.txt  HTTP/1.1",
                     "GET /digits.txt HTTP/1.1 ", "GET\t/digits.txt HTTP/1.1",
                     "GET /digits.txt x HTTP/1.1", " GET /digits.txt HTTP/1.1",
                     "GET\x0b/digits.txt HTTP/1.1"):
            self.assert_refused(400, f"{line}\r\nHost: localhost\r\n\r\n")

    def test_a_request_without_host_is_400(self):
        """§3.2: A server MUST answer 400 to an HTTP/1.1 request that lacks Host."""
        self.assert_refused(400, request(host=""))
        self.assert_refused(400, request(target="http://localhost/digits.txt", host=""))
        self.assertEqual(self.get(host="", version="HTTP/1.0").status, "200")

    def test_two_hosts_are_400(self):
        """§3.2: A server MUST answer 400 to a request with more than one Host."""
        self.assert_refused(400, request("GET", "/digits.txt", "Host: localhost"))
        self.assert_refused(400, request("GET", "/digits.txt", "host:"))

    def test_an_invalid_host_is_400(self):
        """§3.2: A server MUST answer 400 to a Host with an invalid value."""
        for value in ("a b", "a,b", "a/b", "user@a", "a:x", "a:99999", "[::1", "[]", "[:]", "a\x01",
                      "http://a", "a?b", "a#b", "<a>", "a..b", "1.2.3", "0x7f.0.0.1", "%41"):
            self.assert_refused(400, request(host=f"Host: {value}"))

    def test_an_invalid_host_is_400_even_where_it_does_not_count(self):
        """§3.2: A server MUST answer 400 to an invalid Host, whatever the target's form."""
        self.assert_refused(400, request(target="http://localhost/digits.txt", host="Host: a b"))

    def test_a_target_in_origin_form_is_a_path_and_a_query(self):
        """§3.2.1: origin-form is an absolute path and perhaps a query."""
        self.assert_kept(200, request(target="/digits.txt?a=b"))
        for target in ("digits.txt", "?a", "../digits.txt", "/digits.txt#part"):
            self.assert_refused(400, request(target=target))

    def test_a_target_in_absolute_form_is_accepted(self):
        """§3.2.2: A server MUST accept the absolute-form in requests."""
        self.assert_kept(200, request(target="http://localhost/digits.txt"))
        self.assert_kept(200, request(target="HTTP://LOCALHOST:80/digits.txt?x"))

    def test_an_absolute_target_wins_over_host(self):
        """§3.2.2: An origin server MUST ignore Host when the target is in absolute-form."""
        first, second = (request(target=f"http://{name}/who.txt", host=f"Host: {other}")
                         for name, other in (("one.test", "two.test"), ("two.test", "one.test")))
        self.assertEqual((self.ask(first).body, self.ask(second).body), (b"one", b"two"))

    def test_the_authority_form_is_for_connect_alone(self):
        """§3.2.3: authority-form is only used for CONNECT."""
        for method in ("GET", "OPTIONS", "POST"):
            self.assert_refused(400, request(method, "localhost:80"))

    def test_the_asterisk_form_is_for_options_alone(self):
        """§3.2.4: asterisk-form is only used for a server-wide OPTIONS."""
        self.assert_kept(200, request("OPTIONS", "*"))
        for method in ("GET", "HEAD", "POST", "DELETE", "TRACE"):
            self.assert_refused(400, request(method, "*"))

    def test_a_url_is_made_again_of_its_parts(self):
        """§3.3: The target URI is made of scheme, Host and target, unless the target is whole."""
        response = self.get(target="/folder", host="Host: one.test:81")
        self.assertEqual(response.field("location"), "http://one.test:81/folder/")
        response = self.get(target="http://one.test/folder", host="Host: two.test")
        self.assertEqual(response.field("location"), "http://one.test/folder/")


class StatusLines(HttpTest):
    DIRECTIVES = "LoadModule asis_module built-in\nAddHandler send-as-is asis\n"
    FILES = {"odd.asis": b"Status: 299\nContent-Type: text/plain\n\nodd"}

    def test_the_space_stays_where_there_is_no_phrase(self):
        """§4: A server MUST send the space before the reason phrase even when there is none."""
        wire = self.connect()
        wire.send(request(target="/odd.asis").encode())
        self.assertRegex(wire.line(), rb"^HTTP/1\.1 299 [^\r]*\r\n$")


class Fields(HttpTest):
    def test_white_space_around_a_value_does_not_count(self):
        """§5.1: White space before and after a value is excluded from it."""
        for spaces in ("", " ", "\t", "  \t ", " \t"):
            response = self.ask("GET /digits.txt HTTP/1.1\r\nHost: localhost\r\n"
                                f"Range:{spaces}bytes=2-4{spaces}\r\n\r\n")
            self.assertEqual(response.body, b"234")

    def test_white_space_before_a_colon_is_refused(self):
        """§5.1: A server MUST reject, with 400, white space between a name and its colon."""
        for name in ("X ", "X\t", "Content-Length ", "Transfer-Encoding "):
            self.assert_refused(400, request("POST", "/digits.txt", f"{name}: 0"))

    def test_a_folded_field_is_refused(self):
        """§5.2: A server that receives an obs-fold MUST reject it with 400 or replace it."""
        for folded in ("X: a\r\n b", "X: a\r\n\tb", "X:\r\n y", "X: a\r\n \r\nY: b"):
            self.assert_refused(400, request("GET", "/digits.txt", folded))
        self.assert_refused(400, request(host="Host:\r\n localhost"))
        self.assert_refused(400, request("POST", "/digits.txt", "Content-Length:\r\n 5") + "hello")

    def test_no_field_is_sent_folded(self):
        """§5.2: A sender MUST NOT generate a message that includes line folding."""
        wire = self.connect()
        wire.send(LAST.encode())
        head = wire.rest().split(b"\r\n\r\n")[0]
        for line in head.split(b"\r\n")[1:]:
            self.assertRegex(line, rb"^[A-Za-z-]+: \S")


class Framing(HttpTest):
    DIRECTIVES = "Redirect 204 /nothing\n<Location /text>\nSetHandler server-status\n</Location>\n"

    def test_a_request_has_content_where_its_fields_say_so(self):
        """§6: Content-Length or Transfer-Encoding tells of content, whatever the method."""
        for method, status in (("GET", 200), ("HEAD", 200), ("OPTIONS", 200), ("DELETE", 405)):
            self.assert_kept(status, request(method, content=LAST), method)

    def test_chunks_are_read(self):
        """§6.1: A recipient MUST be able to parse the chunked transfer coding."""
        self.assert_kept(200, chunked("hello", "world" * 100))

    def test_a_last_coding_other_than_chunked_is_400(self):
        """§6.3: Where chunked is not the final coding a server MUST answer 400 and close."""
        for codings in ("gzip", "identity", "chunked, gzip", "chunked, chunked", "xchunked"):
            self.assert_refused(400, request("POST", "/digits.txt", f"Transfer-Encoding: {codings}"))

    def test_an_unknown_coding_is_501(self):
        """§6.1: A server that does not understand a transfer coding SHOULD answer 501."""
        self.assert_refused(501, request("POST", "/digits.txt", "Transfer-Encoding: gzip, chunked"))

    def test_two_framings_are_refused(self):
        """§6.1: A server MAY reject Transfer-Encoding beside Content-Length, and MUST close."""
        for fields in (("Content-Length: 4", "Transfer-Encoding: chunked"),
                       ("Transfer-Encoding: chunked", "Content-Length: 0")):
            self.assert_refused(400, request("POST", "/digits.txt", *fields) + "0\r\n\r\n")

    def test_chunks_in_http_1_0_are_refused(self):
        """§6.1: Transfer-Encoding in HTTP/1.0 MUST be treated as faulty framing."""
        self.assert_refused(400, request("POST", "/digits.txt", "Transfer-Encoding: chunked",
                                         version="HTTP/1.0") + "0\r\n\r\n")

    def test_a_client_of_1_0_gets_no_chunks(self):
        """§6.1: A server MUST NOT send Transfer-Encoding unless the request was HTTP/1.1."""
        response = self.get(target="/text", version="HTTP/1.0")
        self.assertEqual((response.status, response.field("transfer-encoding")), ("200", None))

    def test_a_204_has_no_framing(self):
        """§6.1 and §6.2: No Transfer-Encoding and no Content-Length in a 204."""
        response = self.get(target="/nothing")
        self.assertEqual(response.status, "204")
        self.assertIsNone(response.field("transfer-encoding"))
        self.assertIsNone(response.field("content-length"))

    def test_chunks_have_no_length_beside_them(self):
        """§6.2: A sender MUST NOT send Content-Length with Transfer-Encoding."""
        response = self.get(target="/text")
        framings = [response.field("transfer-encoding"), response.field("content-length")]
        self.assertEqual(framings.count(None), 1)

    def test_an_invalid_length_is_refused(self):
        """§6.3: An invalid Content-Length is unrecoverable: a server MUST answer 400 and close."""
        for length in ("x", "-1", "+5", "5,5", "5 5", "0x5", "5.0", "", "9" * 30, "5;", '"5"'):
            self.assert_refused(400, request("POST", "/digits.txt", f"Content-Length: {length}"))

    def test_two_lengths_are_refused(self):
        """§6.3: Several Content-Lengths: rejected, also where they are equal."""
        for second in ("5", "6", "0", ""):
            self.assert_refused(400, request("POST", "/digits.txt", "Content-Length: 5",
                                             f"Content-Length: {second}") + "hello")

    def test_without_a_length_there_is_no_content(self):
        """§6.3: A request with neither field has content of length zero."""
        self.assert_kept(200, request("POST"))

    def test_a_length_that_is_not_reached_is_an_incomplete_request(self):
        """§6.3 and §8: Fewer octets than Content-Length: incomplete, and the connection closes."""
        wire = self.connect()
        wire.send(request("POST", "/digits.txt", "Content-Length: 10").encode() + b"hello")
        wire.half_close()
        self.assertEqual(wire.response("POST").status, "400")
        self.assertEqual(wire.rest(), b"")


class Chunks(HttpTest):
    DIRECTIVES = ('LogFormat "%{{X-Sum}}i %{{X-Sum}}^ti %{{Host}}^ti" trailers\n'
                  "CustomLog {root}/logs/trailers.log trailers\n")

    def post(self, body):
        return request("POST", "/digits.txt", "Transfer-Encoding: chunked") + body

    def test_coding_names_count_no_letter_case(self):
        """§7: Transfer coding names are case-insensitive."""
        text = request("POST", "/digits.txt", "Transfer-Encoding: CHUNKED") + "0\r\n\r\n"
        self.assert_kept(200, text)

    def test_a_coding_with_parameters_is_refused(self):
        """§7.1: chunked has no parameters; their presence SHOULD be treated as an error."""
        self.assert_refused(400, request("POST", "/digits.txt", "Transfer-Encoding: chunked;q=1"))

    def test_large_sizes_do_not_overflow(self):
        """§7.1: A recipient MUST anticipate large numerals and prevent errors by overflow."""
        for size in ("10000000000000005", "8000000000000005", "f" * 16, "f" * 40):
            self.assert_refused(413, self.post(f"{size}\r\nhello\r\n0\r\n\r\n"))
        self.assert_kept(200, self.post("00005\r\nhello\r\n0000\r\n\r\n"))

    def test_sizes_that_are_none_are_refused(self):
        """§7.1: chunk-size is one or more hexadecimal digits."""
        for size in ("", "-5", "+5", "0x5", " 5", "5 ", "5h", "x", "5,5"):
            self.assert_refused(400, self.post(f"{size}\r\nhello\r\n0\r\n\r\n"))

    def test_data_ends_where_its_size_says(self):
        """§7.1: CRLF follows chunk-data."""
        for body in ("5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhell\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n",
                     "5\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\n\n", "5\r\nhello0\r\n\r\n"):
            self.assert_refused(400, self.post(body))

    def test_unknown_extensions_are_ignored(self):
        """§7.1.1: A recipient MUST ignore chunk extensions that it does not know."""
        for extension in (";a", ";a=b", ';a="b; c"', " ; a = b", ";a;b=c"):
            self.assert_kept(200, self.post(f"5{extension}\r\nhello\r\n0{extension}\r\n\r\n"))

    def test_extensions_are_limited(self):
        """§7.1.1: A server ought to limit the total length of extensions, with a 4xx."""
        self.assert_refused(413, self.post(f"5;{'x' * 9000}\r\nhello\r\n0\r\n\r\n"))
        self.assert_refused(413, self.post(f"1;{'x' * 100}\r\nh\r\n" * 200 + "0\r\n\r\n"))

    def test_trailers_stand_apart(self):
        """§7.1.2: Trailer fields MAY be kept apart; merged only where that is known to be safe."""
        self.assert_kept(200, chunked("hello", trailers="X-Sum: 5\r\nHost: evil.test\r\n"))
        with open(f"{self.server.root}/logs/trailers.log", encoding="ascii") as log:
            self.assertIn("- 5 evil.test\n", log.read())

    def test_malformed_trailers_are_refused(self):
        """§7.1.2: A trailer section is made of field lines."""
        for trailers in ("no colon\r\n", ": nameless\r\n", "X : y\r\n", "X: y\r\n z\r\n", "X: a\rb\r\n",
                         "X: a\x00b\r\n", "X: a\n"):
            self.assert_refused(400, chunked("hello", trailers=trailers))

    def test_chunks_without_an_end_are_incomplete(self):
        """§8: Chunked content without its zero-sized chunk is incomplete."""
        for body in ("5\r\nhel", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n"):
            wire = self.connect()
            wire.send(self.post(body).encode())
            wire.half_close()
            self.assertEqual(wire.response("POST").status, "400")
            self.assertEqual(wire.rest(), b"")


class MergedTrailers(HttpTest):
    DIRECTIVES = Chunks.DIRECTIVES + "MergeTrailers On\n"

    def test_trailers_are_merged_where_the_configuration_says_so(self):
        """§7.1.2: A recipient MAY merge fields whose definition permits it (MergeTrailers)."""
        self.assert_kept(200, chunked("hello", trailers="X-Sum: 5\r\nHost: evil.test\r\n"))
        with open(f"{self.server.root}/logs/trailers.log", encoding="ascii") as log:
            self.assertIn("5 5 evil.test\n", log.read())


class Connections(HttpTest):
    def test_a_connection_of_1_1_persists(self):
        """§9.3: HTTP/1.1 connections persist unless told otherwise."""
        self.assert_kept(200, request())
        self.assert_kept(404, request(target="/missing"))
        self.assert_kept(405, request("PUT", content="hello"))

    def test_a_connection_of_1_0_persists_when_asked(self):
        """§9.3: An HTTP/1.0 connection persists with keep-alive, and not without."""
        self.assert_kept(200, request("GET", "/digits.txt", "Connection: keep-alive",
                                      version="HTTP/1.0"))
        self.assert_closed(request(version="HTTP/1.0"))

    def assert_closed(self, text):
        wire = self.connect()
        wire.send((text + LAST).encode())
        response = wire.response("GET")
        self.assertEqual((response.status, response.field("connection")), ("200", "close"))
        self.assertEqual(wire.rest(), b"")

    def test_content_that_nobody_wants_is_read_before_the_next_request(self):
        """§9.3: A server MUST read the entire request content or close the connection."""
        self.assert_kept(404, request("POST", "/missing", content="x" * 70000))
        self.assert_kept(404, chunked("x" * 7000).replace("/digits.txt", "/missing"))

    def test_pipelined_requests_are_answered_in_order(self):
        """§9.3.2: Responses MUST be sent in the order of their requests."""
        wire = self.connect()
        wire.send((request(target="/page.txt") + request("POST", content="hello") +
                   request(target="/missing") + LAST).encode())
        self.assertEqual(wire.response("GET").body, PAGE.encode())
        self.assertEqual(wire.response("POST").body, DIGITS)
        self.assertEqual(wire.response("GET").status, "404")
        self.assertEqual(wire.response("GET").body, DIGITS)

    def test_close_ends_the_connection(self):
        """§9.6: After a request with close a server MUST NOT process more, and SHOULD say close."""
        for option in ("close", "CLOSE", "x, close", ",close,", "keep-alive, close"):
            self.assert_closed(request("GET", "/digits.txt", f"Connection: {option}"))
        self.assert_closed(request("GET", "/digits.txt", "Connection: keep-alive",
                                   "Connection: close"))

    def test_a_response_with_close_is_the_last(self):
        """§9.6: A server that sends close MUST initiate closure and MUST NOT process more."""
        self.assert_refused(400, request("GET", "/%zz"))

    def test_a_refusal_reaches_a_client_that_still_sends(self):
        """§9.6: A server closes in stages, so that its last response is not lost by a reset."""
        wire = self.connect()
        wire.send(request("POST", "/digits.txt", "Content-Length: x").encode() + b"x" * 300000)
        self.assertEqual(wire.response("POST").status, "400")
