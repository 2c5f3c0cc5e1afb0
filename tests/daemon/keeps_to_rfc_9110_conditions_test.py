"""Conditional requests and ranges are what RFC 9110 §13 and §14 say; each case quotes its
section."""

from http_case import DATE, DIGITS, EARLIER, LATER, HttpTest, request

FIELDS_OF_200 = ("etag", "date", "cache-control", "vary", "content-location", "expires")


class WithFields(HttpTest):
    """What a 200 would say of caching must be said by a 206 and a 304 as well."""
    DIRECTIVES = ("Header set Cache-Control max-age=5\n"
                  "Header set Vary X-Kind\nHeader set Content-Location /digits.txt\n"
                  'Header set Expires "Thu, 01 Jan 2099 00:00:00 GMT"\n')

    def setUp(self):
        self.etag = self.get().field("etag")

    def status(self, *fields, method="GET", **more):
        return int(self.get(*fields, method=method, **more).status)


class Conditions(WithFields):
    def test_if_match_holds_for_the_same_tag(self):
        """§13.1.1: If-Match is true for * and for a tag that matches strongly."""
        for value in (self.etag, "*", f'"x", {self.etag}', f'"a,b",{self.etag}'):
            self.assertEqual(self.status(f"If-Match: {value}"), 200, value)

    def test_if_match_compares_strongly(self):
        """§13.1.1: An origin server MUST use the strong comparison; where it fails, 412."""
        for value in (f"W/{self.etag}", '"x"', self.etag.strip('"'), '"x,*,y"', ""):
            self.assertEqual(self.status(f"If-Match: {value}"), 412, value)

    def test_if_none_match_compares_weakly(self):
        """§13.1.2: A recipient MUST use the weak comparison."""
        for value in (self.etag, f"W/{self.etag}", "*", f'"x", {self.etag}', f'"a,b", {self.etag}'):
            self.assertEqual(self.status(f"If-None-Match: {value}"), 304, value)

    def test_if_none_match_of_other_tags_is_true(self):
        """§13.1.2: Where no tag matches, the method is performed."""
        for value in ('"x"', '"x,*,y"', self.etag.strip('"'), ""):
            self.assertEqual(self.status(f"If-None-Match: {value}"), 200, value)

    def test_if_none_match_stops_other_methods(self):
        """§13.1.2: 304 for GET and HEAD, 412 for every other method."""
        self.assertEqual(self.status("If-None-Match: *", method="HEAD"), 304)
        self.assertEqual(self.status("If-None-Match: *", method="POST", content="x"), 412)

    def test_if_modified_since(self):
        """§13.1.3: 304 where the file was not modified since."""
        self.assertEqual(self.status(f"If-Modified-Since: {DATE}"), 304)
        self.assertEqual(self.status(f"If-Modified-Since: {LATER}"), 304)
        self.assertEqual(self.status(f"If-Modified-Since: {EARLIER}"), 200)

    def test_if_modified_since_does_not_count_beside_if_none_match(self):
        """§13.1.3: A recipient MUST ignore If-Modified-Since beside If-None-Match."""
        self.assertEqual(self.status(f"If-Modified-Since: {DATE}", 'If-None-Match: "x"'), 200)
        self.assertEqual(self.status(f"If-Modified-Since: {EARLIER}",
                                     f"If-None-Match: {self.etag}"), 304)

    def test_if_modified_since_must_be_one_date(self):
        """§13.1.3: A recipient MUST ignore what is no HTTP-date, or more than one."""
        for value in ("x", "", "0", "2020-01-02T03:04:05Z", f"{DATE}, {DATE}", DATE[:-4],
                      DATE.replace("GMT", "UTC"), "Sun, 30 Feb 2020 03:04:05 GMT"):
            self.assertEqual(self.status(f"If-Modified-Since: {value}"), 200, value)
        self.assertEqual(self.status(*[f"If-Modified-Since: {DATE}"] * 2), 200)

    def test_if_modified_since_is_for_readers(self):
        """§13.1.3: A recipient MUST ignore it with methods other than GET and HEAD."""
        self.assertEqual(self.status(f"If-Modified-Since: {DATE}", method="HEAD"), 304)
        self.assertEqual(self.status(f"If-Modified-Since: {DATE}", method="POST", content="x"), 200)

    def test_if_unmodified_since(self):
        """§13.1.4: 412 where the file was modified since."""
        self.assertEqual(self.status(f"If-Unmodified-Since: {DATE}"), 200)
        self.assertEqual(self.status(f"If-Unmodified-Since: {EARLIER}"), 412)
        self.assertEqual(self.status("If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT"), 412)

    def test_if_unmodified_since_does_not_count_beside_if_match(self):
        """§13.1.4: A recipient MUST ignore If-Unmodified-Since beside If-Match, and no dates."""
        self.assertEqual(self.status(f"If-Unmodified-Since: {EARLIER}", "If-Match: *"), 200)
        self.assertEqual(self.status("If-Unmodified-Since: x"), 200)
        self.assertEqual(self.status(*[f"If-Unmodified-Since: {EARLIER}"] * 2), 200)

    def test_conditions_count_only_for_a_success(self):
        """§13.2.1: Preconditions MUST be ignored where the answer would be neither 2xx nor 412."""
        for target, status in (("/missing", 404), ("/folder", 301), ("/folder/", 404)):
            for field in ('If-Match: "x"', "If-None-Match: *", f"If-Unmodified-Since: {EARLIER}"):
                self.assertEqual(self.status(field, target=target), status, target + field)
        self.assertEqual(self.status('If-Match: "x"', method="PUT", content="x"), 405)

    def test_conditions_do_not_count_where_nothing_is_selected(self):
        """§13.2.1: A server MUST ignore conditions with CONNECT, OPTIONS and TRACE."""
        for method in ("OPTIONS", "TRACE"):
            self.assertEqual(self.status('If-Match: "x"', method=method), 200)

    def test_conditions_are_evaluated_in_their_order(self):
        """§13.2.2: If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since, If-Range."""
        order = (('If-Match: "x"', 412), (f"If-Unmodified-Since: {EARLIER}", 412),
                 (f"If-None-Match: {self.etag}", 304), (f"If-Modified-Since: {DATE}", 304),
                 ("Range: bytes=0-1", 206))
        for first in range(len(order)):
            fields = [field for field, _ in order[first:]]
            self.assertEqual(self.status(*fields), order[first][1], fields)

    def test_a_304_has_the_fields_of_a_200(self):
        """§15.4.5: A 304 MUST have Content-Location, Date, ETag, Vary, Cache-Control, Expires."""
        response = self.get("If-None-Match: *")
        self.assertEqual(response.status, "304")
        for name in FIELDS_OF_200:
            self.assertIsNotNone(response.field(name), name)

    def test_a_304_has_no_content(self):
        """§15.4.5: A 304 is ended by its head, and tells nothing of a content."""
        self.assert_kept(304, request("GET", "/digits.txt", "If-None-Match: *"))
        response = self.get("If-None-Match: *")
        self.assertIsNone(response.field("content-type"))


class Ranges(WithFields):
    FILES = HttpTest.FILES | {"empty.txt": b"", "large.bin": bytes(range(250)) * 40}

    def part(self, value, *fields, **more):
        """Status and content of an answer to Range."""
        response = self.get(f"Range: {value}", *fields, **more)
        return int(response.status), response.body

    def test_a_range_is_first_to_last(self):
        """§14.1.2: Positions are inclusive and begin at zero."""
        self.assertEqual(self.part("bytes=0-0"), (206, b"0"))
        self.assertEqual(self.part("bytes=2-4"), (206, b"234"))
        self.assertEqual(self.part("bytes=5-"), (206, b"56789"))

    def test_a_last_position_beyond_the_end_means_the_end(self):
        """§14.1.2: A last-pos beyond the content, however large, means its end."""
        for last in ("10", "99", "18446744073709551616", "9" * 40):
            self.assertEqual(self.part(f"bytes=8-{last}"), (206, b"89"))

    def test_a_suffix_is_the_end(self):
        """§14.1.2: A suffix longer than the content is the whole content."""
        self.assertEqual(self.part("bytes=-3"), (206, b"789"))
        for length in ("10", "99", "18446744073709551616"):
            self.assertEqual(self.part(f"bytes=-{length}"), (206, DIGITS))

    def test_the_unit_counts_no_letter_case(self):
        """§14.1: Range unit names are case-insensitive."""
        self.assertEqual(self.part("BYTES=0-1"), (206, b"01"))

    def test_an_invalid_range_is_ignored(self):
        """§14.2: A server MAY ignore Range; an invalid ranges-specifier is ignored (§14.1.1)."""
        for value in ("", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=x", "bytes=5-4", "bytes=1",
                      "bytes=0-1,5-4", "bytes=0-1,x", "bytes 0-1", "0-1", "bytes=+0-1", "bytes=0x0-1"):
            self.assertEqual(self.part(value), (200, DIGITS), value)

    def test_an_unknown_unit_is_ignored(self):
        """§14.2: An origin server MUST ignore a Range with a unit that it does not understand."""
        for value in ("lines=0-1", "none=0-1", "byte=0-1"):
            self.assertEqual(self.part(value), (200, DIGITS), value)

    def test_range_counts_with_get_alone(self):
        """§14.2: A server MUST ignore Range with a method for which it is not defined."""
        self.assertEqual(self.get("Range: bytes=0-1", method="HEAD").field("content-length"), "10")
        self.assertEqual(self.part("bytes=0-1", method="POST", content="x"), (200, DIGITS))

    def test_range_twice_is_ignored(self):
        """§14.2: Range is no list of fields."""
        self.assertEqual(self.part("bytes=0-1", "Range: bytes=0-1"), (200, DIGITS))

    def test_many_ranges_are_ignored(self):
        """§14.2: A server ought to ignore or reject egregious requests for ranges."""
        many = ",".join(["0-0"] * 300)
        crossing = ",".join(f"{start}-{start + 500}" for start in range(0, 3000, 100))
        backwards = ",".join(f"{start}-{start}" for start in range(9000, 0, -100))
        for value in (many, crossing, backwards):
            self.assertEqual(self.part(f"bytes={value}", target="/large.bin")[0], 200)

    def test_files_take_ranges_and_say_so(self):
        """§14.3: A server MAY send Accept-Ranges."""
        self.assertEqual(self.get().field("accept-ranges"), "bytes")

    def test_if_range_with_the_same_validator(self):
        """§13.1.5: Where If-Range is true, the range is sent."""
        for value in (self.etag, DATE):
            self.assertEqual(self.part("bytes=0-1", f"If-Range: {value}"), (206, b"01"))

    def test_if_range_with_any_other_validator(self):
        """§13.1.5: Where If-Range is false, Range MUST be ignored; tags are compared strongly and
        dates exactly."""
        for value in ('"x"', f"W/{self.etag}", LATER, EARLIER, "*", "x", "", f'"x", {self.etag}'):
            self.assertEqual(self.part("bytes=0-1", f"If-Range: {value}"), (200, DIGITS), value)

    def test_if_range_without_a_range(self):
        """§13.1.5: A server MUST ignore If-Range where there is no Range."""
        self.assertEqual(self.status('If-Range: "x"'), 200)

    def test_if_range_goes_before_416(self):
        """§13.1.5: An unsatisfiable range under a false condition is no error."""
        self.assertEqual(self.part("bytes=99-", 'If-Range: "x"'), (200, DIGITS))

    def test_a_206_says_where_the_part_belongs(self):
        """§15.3.7.1 and §14.4: A 206 with one part MUST have Content-Range."""
        response = self.get("Range: bytes=2-4")
        self.assertEqual(response.field("content-range"), "bytes 2-4/10")
        self.assertEqual(response.field("content-length"), "3")

    def test_a_206_has_the_fields_of_a_200(self):
        """§15.3.7: A 206 MUST have Date, Cache-Control, ETag, Expires, Content-Location, Vary."""
        for value in ("bytes=2-4", "bytes=0-1,5-6"):
            response = self.get(f"Range: {value}")
            for name in FIELDS_OF_200:
                self.assertIsNotNone(response.field(name), name)

    def test_several_parts_are_multipart(self):
        """§15.3.7.2 and §14.6: Each part MUST have Content-Range, and the head MUST NOT."""
        response = self.get("Range: bytes=0-1,5-6")
        self.assertEqual(response.status, "206")
        self.assertIsNone(response.field("content-range"))
        kind, _, boundary = response.field("content-type").partition("; boundary=")
        self.assertEqual(kind, "multipart/byteranges")
        parts = response.body.split(b"--" + boundary.encode())
        self.assertEqual([parts[0], parts[3]], [b"\r\n", b"--\r\n"])
        for part, (place, content) in zip(parts[1:3], ((b"0-1", b"01"), (b"5-6", b"56"))):
            head, _, body = part.partition(b"\r\n\r\n")
            self.assertIn(b"content-range: bytes " + place + b"/10", head.lower())
            self.assertEqual(body, content + b"\r\n")

    def test_a_single_part_is_never_multipart(self):
        """§15.3.7.2: A server MUST NOT generate multipart for a request of a single range."""
        for value in ("bytes=0-1", "bytes=0-1,99-", "bytes=0-1,2-3"):
            self.assertIsNotNone(self.get(f"Range: {value}").field("content-range"), value)

    def test_a_416_tells_the_length(self):
        """§15.5.17: A 416 to a byte-range request SHOULD have Content-Range with the length."""
        for value in ("bytes=10-", "bytes=99-100", "bytes=-0", "bytes=18446744073709551616-"):
            response = self.get(f"Range: {value}")
            self.assertEqual((response.status, response.field("content-range")),
                             ("416", "bytes */10"), value)

    def test_a_range_of_nothing_is_the_whole(self):
        """§14.1.2: Nothing in an empty file can be satisfied; Range is ignored, as Apache does."""
        self.assertEqual(self.part("bytes=0-0", target="/empty.txt"), (200, b""))
