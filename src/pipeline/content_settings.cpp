#include "pipeline/content_settings.h"

namespace preforkd {

using config::inherit;

EtagChange EtagChange::inside(const EtagChange& outer) const {
    if (replaces) return *this;
    EtagChange joined = outer;
    joined.added = (outer.added & ~removed) | added;
    joined.removed = (outer.removed & ~added) | removed;
    return joined;
}

void ContentSettings::inherit_from(const ContentSettings& outer) {
    error_documents.insert(outer.error_documents.begin(), outer.error_documents.end());
    inherit(forced_type, outer.forced_type);
    if (!handler && !handler_expression) {
        handler = outer.handler;
        handler_expression = outer.handler_expression;
    }
    inherit(output_filters, outer.output_filters);
    inherit(input_filters, outer.input_filters);
    inherit(add_default_charset, outer.add_default_charset);
    if (file_etag && outer.file_etag) file_etag = file_etag->inside(*outer.file_etag);
    inherit(file_etag, outer.file_etag);
    inherit(content_digest, outer.content_digest);
    inherit(limit_request_body, outer.limit_request_body);
    inherit(max_ranges, outer.max_ranges);
    inherit(max_range_overlaps, outer.max_range_overlaps);
    inherit(max_range_reversals, outer.max_range_reversals);
}

} // namespace preforkd
