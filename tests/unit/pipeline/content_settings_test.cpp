#include "pipeline/content_settings.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

TEST(ContentSettings, MergeErrorDocumentsByStatus) {
    ContentSettings outer;
    outer.error_documents[404] = {ErrorDocument::Kind::local};
    outer.error_documents[500] = {ErrorDocument::Kind::text};
    ContentSettings inner;
    inner.error_documents[404] = {ErrorDocument::Kind::remote};
    inner.inherit_from(outer);
    EXPECT_EQ(inner.error_documents.at(404).kind, ErrorDocument::Kind::remote);
    EXPECT_EQ(inner.error_documents.at(500).kind, ErrorDocument::Kind::text);
}

} // namespace
} // namespace preforkd
