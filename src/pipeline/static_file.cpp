#include "pipeline/static_file.h"

#include <array>
#include <cerrno>
#include <fmt/format.h>

#include "base/base64.h"
#include "http/conditional.h"
#include "http/date.h"
#include "net/digest.h"
#include "os/file.h"
#include "pipeline/content_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/output_filter.h"
#include "pipeline/request_processor.h"
#include "pipeline/response_head.h"
#include "pipeline/server_methods.h"

namespace preforkd {

using http::FieldId;
using http::Method;

namespace {

// Up to this many bytes a copy is cheaper than sendfile(2), and shares a packet with the head.
constexpr std::size_t copied_size = 32 * 1024;

Verdict refuse_unusual_method(Request& request) {
    if (request.head.method != Method::other) return refuse(405);
    request.log(
        "core", log::Level::error,
        request.arena.join({"AH00135: Invalid method in request ", request.head.request_line}));
    return refuse(501);
}

Verdict not_found(Request& request, std::string_view text, std::string_view rest = {}) {
    request.log("core", log::Level::info, request.arena.join({text, request.filename, rest}));
    return refuse(404);
}

// A FIFO, a socket or a device.
Verdict refuse_special(Request& request) {
    request.log("core", log::Level::error,
                request.arena.join({"AH00038: Forbidden: ", request.filename,
                                    " doesn't point to a file or directory"}));
    return refuse(403);
}

bool rejects_path_info(const Request& request) {
    if (request.path_info.empty()) return false;
    const auto& core = request.of<CoreDirectorySettings>();
    const bool is_default = core.accept_path_info_default.value_or(true);
    return is_default || !core.accept_path_info_on.value_or(false);
}

std::int64_t micros_of(const struct timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

// A variant's tag is another in another list.
std::string_view list_mark(const Request& request) {
    const auto list = request.response.variant_list_tag;
    return list.empty() ? list : request.arena.join({";", list});
}

// Apache: FileETag; weak while the file may still change within the clock's second.
std::string_view etag_of(const Request& request, const struct stat& status) {
    const auto said = request.of<ContentSettings>().file_etag.value_or(EtagChange{});
    const auto parts = said.is_digest() ? EtagChange::usual : said.parts();
    if (parts == static_cast<unsigned>(EtagPart::none) || request.response.no_etag) return {};
    const auto modified = micros_of(status.st_mtim);
    const bool weak = request.received_at - modified <= 1'000'000;
    fmt::basic_memory_buffer<char, 64> text;
    auto out = std::back_inserter(text);
    std::string_view before = weak ? "W/\"" : "\"";
    const auto append = [&](EtagPart part, auto value) {
        if (!(parts & static_cast<unsigned>(part))) return;
        out = fmt::format_to(out, "{}{:x}", before, value);
        before = "-";
    };
    append(EtagPart::inode, status.st_ino);
    append(EtagPart::size, status.st_size);
    append(EtagPart::mtime, modified);
    const auto mark = list_mark(request);
    text.append(mark.data(), mark.data() + mark.size());
    text.push_back('"');
    return request.arena.copy({text.data(), text.size()});
}

// A file that is open, or what is kept of it.
struct Content {
    int file = -1;
    std::string_view kept;
};

// Reads all of it: what FileETag Digest and ContentDigest ask for at each response.
std::string digest_of(const Content& content, net::Digest::Kind kind) {
    net::Digest digest(kind);
    digest.add(content.kept);
    std::array<char, 64 * 1024> part;
    for (off_t at = 0; content.file >= 0;) {
        const auto count = read_at(content.file, part.data(), part.size(), at);
        if (!count || *count == 0) break;
        digest.add({part.data(), *count});
        at += static_cast<off_t>(*count);
    }
    return base64(digest.finish());
}

void set_digests(Request& request, const Content& content) {
    const auto& said = request.of<ContentSettings>();
    auto& fields = request.response.fields;
    if (said.file_etag && said.file_etag->is_digest() && !request.response.no_etag)
        fields.set(FieldId::etag,
                   request.arena.join({"\"", digest_of(content, net::Digest::Kind::sha1),
                                       list_mark(request), "\""}));
    const auto& filters = request.output_filters;
    const bool is_changed = !filters.empty() && filters.front()->kind() == FilterKind::resource;
    if (said.content_digest.value_or(false) && !is_changed)
        fields.set("Content-MD5", request.arena.copy(digest_of(content, net::Digest::Kind::md5)));
}

void describe(Request& request, const struct stat& status, const Content& content) {
    set_validators(request, status);
    const bool takes_ranges = request.of<ContentSettings>().max_ranges != no_ranges;
    request.response.fields.set(FieldId::accept_ranges, takes_ranges ? "bytes" : "none");
    promise_length(request.response, request.arena, static_cast<std::uint64_t>(status.st_size));
    set_digests(request, content);
}

// What was read is kept for the next request when it is little.
void keep(Request& request, int file, std::string_view content) {
    struct stat status;
    if (content.size() > SmallFiles::largest || stat_descriptor(file, status) != 0) return;
    if (status.st_size != static_cast<off_t>(content.size())) return;
    request.processor->small_files().keep(status, content, request.received_at / 1'000'000);
}

Status send_content(Request& request, http::BodySink& sink, int file, std::size_t size) {
    if (size > copied_size) return sink.send_file(file, 0, size);
    char content[copied_size];
    const auto count = read_at(file, content, size, 0);
    if (!count) return count.error();
    // The file shrank: what was promised cannot be sent, so the connection must end.
    if (*count < size) return Error{"read: the file became shorter", EIO};
    keep(request, file, {content, size});
    return sink.write({content, size});
}

// Nobody wants the content of the request, but it stands before the next one (Apache:
// ap_discard_request_body).
Verdict discard_content(Request& request) {
    // What is left of it after a refusal is the end of the connection.
    if (drops_connection(request.response.status)) return ok;
    char unwanted[8192];
    while (request.content && !request.content->at_end()) {
        const auto count = request.content->read(unwanted);
        if (count && *count == 0) break;
        if (count) continue;
        switch (const int code = count.error().code) {
        case ENOSPC:
        case EBADMSG:
        case EINVAL:
        case ETIMEDOUT: return refuse(http::status_of_failed_read(code));
        default: request.aborted = true; return done;
        }
    }
    return ok;
}

Verdict refuse_unreadable(Request& request, int code) {
    request.log(
        "core", log::Level::error,
        request.arena.join({"AH00132: file permissions deny server access: ", request.filename}),
        code);
    return refuse(403);
}

// Sends the head; answers nullptr where no content follows. A filter that took the length back
// wants the content for a HEAD too, to say how long it makes it.
http::BodySink* begin(Request& request, Responder& responder, const Content& content) {
    const struct stat& status = request.storage.status;
    describe(request, status, content);
    const int answer = check_conditions(request, status);
    if (answer == 0) {
        if (status.st_size > 0) request.response.has_content = true;
    } else {
        request.response.status = answer;
        if (answer == 304) withdraw_length(request.response);
        else promise_length(request.response, request.arena, 0);
    }
    auto& sink = responder.send(request);
    const auto& length = request.response.length;
    const bool wanted = answer == 0 && (!length || (*length > 0 && !request.header_only()));
    if (wanted) return &sink;
    static_cast<void>(sink.finish());
    return nullptr;
}

// A failed write is known to the connection; nobody else needs it.
Verdict conclude(http::BodySink& sink, const Status& sent) {
    if (sent) static_cast<void>(sink.finish());
    return done;
}

Verdict send(Request& request, Responder& responder) {
    const struct stat& status = request.storage.status;
    if (const auto* content = request.processor->small_files().find(status)) {
        auto* sink = begin(request, responder, {.file = -1, .kept = *content});
        return sink ? conclude(*sink, sink->write(*content)) : done;
    }
    const auto file = open_for_reading(request.arena.c_string(request.filename));
    if (!file) return refuse_unreadable(request, file.error().code);
    auto* sink = begin(request, responder, {.file = file->get(), .kept = {}});
    if (!sink) return done;
    const auto size = static_cast<std::size_t>(status.st_size);
    return conclude(*sink, send_content(request, *sink, file->get(), size));
}

} // namespace

void set_validators(Request& request, const struct stat& status) {
    auto& fields = request.response.fields;
    const auto now = static_cast<std::time_t>(request.received_at / 1'000'000);
    const auto date = http::format_date(std::min<std::time_t>(status.st_mtime, now));
    fields.set(FieldId::last_modified, request.arena.copy({date.data(), date.size()}));
    if (const auto etag = etag_of(request, status); !etag.empty()) fields.set(FieldId::etag, etag);
}

int check_conditions(const Request& request, const struct stat& status) {
    if (request.response.no_local_copy || request.response.status != 200) return 0;
    http::Validators validators;
    validators.etag = request.response.fields.value_or_empty(FieldId::etag);
    validators.last_modified = status.st_mtime;
    return http::evaluate_preconditions(request.head, validators,
                                        static_cast<std::time_t>(request.received_at / 1'000'000));
}

Verdict serve_static_file(Request& request, Responder& responder) {
    const Method method = request.head.method;
    if (method == Method::options) return answer_options(request, responder);
    if (method != Method::get && method != Method::head && method != Method::post)
        return refuse_unusual_method(request);
    if (auto verdict = discard_content(request); !verdict.is_ok()) return verdict;
    switch (request.storage.kind) {
    case Storage::Kind::unknown:
    case Storage::Kind::missing:
        return not_found(request, "AH00128: File does not exist: ", request.path_info);
    case Storage::Kind::directory:
        return not_found(request, "AH00129: Attempt to serve directory: ");
    case Storage::Kind::other: return refuse_special(request);
    case Storage::Kind::regular: break;
    }
    if (rejects_path_info(request))
        return not_found(request, "AH00130: File does not exist: ", request.path_info);
    return send(request, responder);
}

} // namespace preforkd
