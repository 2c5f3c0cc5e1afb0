#include "app/migrate/remarks.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "app/migrate/pages.h"
#include "base/text.h"

namespace preforkd::migrate {

namespace {

constexpr std::string_view threads = "mpm_worker and mpm_event can be loaded";
constexpr std::string_view inside = "About the inside of Apache";
constexpr std::string_view name_of_server = "Server: says preforkd";

constexpr std::array known_remarks{
    Remark{"LoadModule", "mpm_event_module", threads},
    Remark{"LoadModule", "mpm_worker_module", threads},
    Remark{"AsyncRequestWorkerFactor", "", inside},
    Remark{"MaxSpareThreads", "", inside},
    Remark{"MinSpareThreads", "", inside},
    Remark{"ThreadLimit", "", inside},
    Remark{"ThreadsPerChild", "", inside},
    Remark{"SSLRandomSeed", "", inside},
    Remark{"EnableMMAP", "", "EnableMMAP and ThreadStackSize"},
    Remark{"ThreadStackSize", "", "EnableMMAP and ThreadStackSize"},
    Remark{"ScoreBoardFile", "", "EnableMMAP and ThreadStackSize"},
    Remark{"ServerTokens", "", name_of_server},
    Remark{"ServerSignature", "On", name_of_server},
    Remark{"ServerSignature", "EMail", name_of_server},
    Remark{"AddOutputFilter", "INCLUDES", "documents with server-side includes"},
    Remark{"SetOutputFilter", "INCLUDES", "documents with server-side includes"},
    Remark{"ScriptLog", "", "ScriptLog"},
    Remark{"Header", "edit*", "Header edit with a pattern"},
    Remark{"RequestHeader", "add", "RequestHeader add of a field"},
    Remark{"CookieExpires", "", "CookieExpires in a section"},
    Remark{"MimeMagicFile", "", "MimeMagicFile"},
    Remark{"AddDescription", "", "A listing's description"},
    Remark{"Protocols", "h2", "HTTP/2"},
    Remark{"Protocols", "h2c", "HTTP/2"},
    Remark{"EnableExceptionHook", "", "EnableExceptionHook"},
    Remark{"CoreDumpDirectory", "", "CoreDumpDirectory"},
    Remark{"ListenCoresBucketsRatio", "", "A bucket of ListenCoresBucketsRatio"},
    Remark{"Mutex", "sysvsem", "No semaphore stays behind"},
    Remark{"ExtendedStatus", "Off", "The status without ExtendedStatus"},
    Remark{"AllowMethods", "", "AllowMethods"},
    Remark{"Substitute", "", "Parts of filtered content"},
    Remark{"HttpProtocolOptions", "Unsafe", "Nothing that two readers"},
    Remark{"MergeTrailers", "On", "Trailer fields"},
    Remark{"AllowEncodedSlashes", "On", "A path that climbs"},
    Remark{"AllowEncodedSlashes", "NoDecode", "A path that climbs"},
    Remark{"TraceEnable", "On", "TRACE sends no credentials"},
    Remark{"TraceEnable", "extended", "TRACE sends no credentials"},
    Remark{"FileETag", "+INode", "FileETag +INode adds"},
    Remark{"MaxRangeReversals", "none", "FileETag +INode adds"},
    Remark{"SetInputFilter", "DEFLATE", "SetInputFilter DEFLATE before"},
    Remark{"FilterProtocol", "", "FilterProtocol"},
    Remark{"AuthDigestNcCheck", "On", "Nonces that were used"},
    Remark{"AuthDigestNonceLifetime", "0", "Nonces that were used"},
    Remark{"NoProxy", "", "NoProxy"},
    Remark{"ProxyPassInherit", "Off", "ProxyPassInherit Off"},
    Remark{"RemoteIPProxyProtocol", "On", "RemoteIPProxyProtocol"},
    Remark{"SSLVerifyClient", "optional_no_ca", "A certificate that optional_no_ca"},
    Remark{"SSLRequireSSL", "", "SSLRequireSSL cannot be overruled"},
    Remark{"SSLPassPhraseDialog", "", "Nobody is asked for a pass phrase"},
    Remark{"SSLSessionTicketKeyFile", "", "The keys of SSLSessionTicketKeyFile"},
    Remark{"SSLSessionCache", "", "Sessions of TLS 1.3"},
    Remark{"SSLUseStapling", "On", "An OCSP response is stapled only"},
    Remark{"SSLStaplingFakeTryLater", "On", "SSLStaplingFakeTryLater needs"},
    Remark{"SSLStaplingStandardCacheTimeout", "", "A good OCSP response"},
};

// Markdown's stars and back quotes away, and white space as single spaces.
std::string plain(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '`' || c == '*') continue;
        if (!is_space(c)) result += c;
        else if (!result.empty() && result.back() != ' ') result += ' ';
    }
    return std::string(trim(result));
}

// "[the list](deferred.md)" is "the list".
std::string without_links(std::string text) {
    for (auto middle = text.find("]("); middle != std::string::npos; middle = text.find("](")) {
        const auto start = text.rfind('[', middle);
        const auto end = text.find(')', middle);
        if (start == std::string::npos || end == std::string::npos) return text;
        text = text.substr(0, start) + text.substr(start + 1, middle - start - 1) +
               text.substr(end + 1);
    }
    return text;
}

// "| what | now |" is "what: now".
std::string row_text(std::string_view line) {
    const auto cells = split(line, '|');
    if (cells.size() < 4) return std::string(line);
    return fmt::format("{}: {}", cells[1], cells[2]);
}

// Paragraphs, items of lists and rows of tables, each as it is written.
std::vector<std::string> pieces_of(std::string_view page) {
    std::vector<std::string> pieces(1);
    for (const auto line : split(page, '\n')) {
        const bool item = line.starts_with("- "), row = line.starts_with("|");
        if (line.empty() || item || row) pieces.emplace_back();
        if (row) pieces.back() = row_text(line);
        else (pieces.back() += item ? line.substr(2) : line) += ' ';
    }
    return pieces;
}

bool names(std::string_view piece, std::string_view directive) {
    return piece.find(fmt::format("`{}`", directive)) != std::string_view::npos;
}

} // namespace

std::span<const Remark> remarks() { return known_remarks; }

std::string find_on_page(std::string_view page, std::string_view phrase) {
    for (const std::string& piece : pieces_of(page))
        if (std::string text = plain(without_links(piece)); text.starts_with(phrase)) return text;
    return {};
}

std::string difference_of(std::string_view directive, const std::vector<std::string>& words) {
    for (const Remark& row : known_remarks) {
        if (!iequals(row.directive, directive)) continue;
        const bool fits = row.argument.empty() ||
                          std::any_of(words.begin(), words.end(), [&](const std::string& word) {
                              return iequals(word, row.argument);
                          });
        if (!fits) continue;
        for (const auto page : {differences_page(), deferred_page()})
            if (std::string text = find_on_page(page, row.phrase); !text.empty()) return text;
    }
    return {};
}

// The rows of docs/deferred.md are "directives: what is missing".
std::string missing_of(std::string_view directive) {
    for (const auto line : split(deferred_page(), '\n')) {
        const auto cells = split(line, '|');
        if (cells.size() == 4 && names(cells[1], directive)) return plain(cells[2]);
    }
    return {};
}

} // namespace preforkd::migrate
