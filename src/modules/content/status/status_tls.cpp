// The cache of TLS sessions, as Apache's mod_ssl and mod_socache_shmcb show theirs.
#include <fmt/format.h>

#include "modules/content/status/status_text.h"

namespace preforkd::status {

std::string tls_page_text(const net::SharedCache::Figures& cache) {
    std::string text =
        fmt::format("<hr>\n<table cellspacing=0 cellpadding=0>\n<tr><td bgcolor=\"#000000\">\n"
                    "<b><font color=\"#ffffff\" face=\"Arial,Helvetica\">SSL/TLS Session Cache "
                    "Status:</font></b></td></tr>\n<tr><td bgcolor=\"#ffffff\">\n"
                    "cache type: <b>SHMCB</b>, shared memory: <b>{}</b> bytes, current entries: "
                    "<b>{}</b><br>subcaches: <b>{}</b>, indexes per subcache: <b>{}</b><br>",
                    cache.bytes, cache.entries, cache.parts, cache.entries_per_part);
    if (cache.entries > 0)
        text += fmt::format("time left on oldest entries' objects: avg: <b>{}</b> seconds, "
                            "(range: {}...{})<br>",
                            cache.left_average, cache.left_least, cache.left_most);
    const auto& counts = cache.counters;
    return text + fmt::format("index usage: <b>{}%</b>, cache usage: <b>{}%</b><br>"
                              "total entries stored since starting: <b>{}</b><br>"
                              "total entries replaced since starting: <b>{}</b><br>"
                              "total entries expired since starting: <b>{}</b><br>"
                              "total (pre-expiry) entries scrolled out of the cache: <b>{}</b><br>"
                              "total retrieves since starting: <b>{}</b> hit, <b>{}</b> miss<br>"
                              "total removes since starting: <b>{}</b> hit, <b>{}</b> miss<br>"
                              "</td></tr>\n</table>\n",
                              cache.entries_percent, cache.bytes_percent, counts.stored,
                              counts.replaced, counts.expired, counts.discarded, counts.hits,
                              counts.misses, counts.removed, counts.removed_in_vain);
}

std::string tls_auto_text(const net::SharedCache::Figures& cache) {
    std::string text = fmt::format("TLSSessionCacheStatus\nCacheType: SHMCB\n"
                                   "CacheSharedMemory: {}\nCacheCurrentEntries: {}\n"
                                   "CacheSubcaches: {}\nCacheIndexesPerSubcaches: {}\n",
                                   cache.bytes, cache.entries, cache.parts, cache.entries_per_part);
    if (cache.entries > 0)
        text += fmt::format("CacheTimeLeftOldestAvg: {}\nCacheTimeLeftOldestMin: {}\n"
                            "CacheTimeLeftOldestMax: {}\n",
                            cache.left_average, cache.left_least, cache.left_most);
    const auto& counts = cache.counters;
    return text + fmt::format("CacheIndexUsage: {}%\nCacheUsage: {}%\nCacheStoreCount: {}\n"
                              "CacheReplaceCount: {}\nCacheExpireCount: {}\n"
                              "CacheDiscardCount: {}\nCacheRetrieveHitCount: {}\n"
                              "CacheRetrieveMissCount: {}\nCacheRemoveHitCount: {}\n"
                              "CacheRemoveMissCount: {}\n",
                              cache.entries_percent, cache.bytes_percent, counts.stored,
                              counts.replaced, counts.expired, counts.discarded, counts.hits,
                              counts.misses, counts.removed, counts.removed_in_vain);
}

} // namespace preforkd::status
