#include "http/sendable.h"

#include <gtest/gtest.h>

namespace preforkd::http {

namespace {

std::string with(std::size_t size, std::size_t at, char c) {
    std::string text(size, 'x');
    text[at] = c;
    return text;
}

} // namespace

TEST(Sendable, IsNoControlCharacterButTheTabWhereverItStands) {
    for (std::size_t size = 1; size < 20; ++size)
        for (std::size_t at = 0; at < size; ++at)
            for (int byte = 0; byte < 256; ++byte) {
                const bool is_control = (byte < 32 && byte != '\t') || byte == 127;
                EXPECT_EQ(is_sendable(with(size, at, static_cast<char>(byte))), !is_control)
                    << "byte " << byte << " at " << at << " of " << size;
            }
}

TEST(Sendable, ATabHidesNothingBehindIt) {
    EXPECT_TRUE(is_sendable("a\tb\tc and much more of it"));
    EXPECT_FALSE(is_sendable("a\tb\tc and much more of it\r\nX: y"));
}

TEST(Sendable, AFieldIsFoundInEitherList) {
    Arena arena;
    Fields first(arena), fields(arena);
    ResponseHead head;
    head.first_fields = &first;
    head.fields = &fields;
    first.add("X-A", "a");
    fields.add(FieldId::location, "/a");
    EXPECT_EQ(find_unsendable(head), nullptr);
    fields.add("X B", "b");
    ASSERT_NE(find_unsendable(head), nullptr);
    EXPECT_EQ(find_unsendable(head)->name, "X B");
    first.add("X-C", "c\nd");
    EXPECT_EQ(find_unsendable(head)->name, "X-C");
}

} // namespace preforkd::http
