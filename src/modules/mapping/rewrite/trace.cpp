#include "modules/mapping/rewrite/trace.h"

#include "pipeline/server_names.h"

namespace preforkd::rewrite {

void Trace::write(int level, std::string_view text) const {
    int redirects = 0;
    for (const Request* one = request_.previous; one; one = one->previous) ++redirects;
    const std::string redirected = redirects > 0 ? fmt::format("/redir#{}", redirects) : "";
    const std::string where =
        directory_.empty() ? std::string() : fmt::format("[perdir {}] ", directory_);
    request_.log("rewrite", static_cast<log::Level>(static_cast<int>(log::Level::debug) + level),
                 fmt::format("{} - - [{}/sid#{:x}][rid#{:x}/{}{}] {}{}", request_.client.ip,
                             server_name_for(request_),
                             reinterpret_cast<std::uintptr_t>(request_.server),
                             reinterpret_cast<std::uintptr_t>(&request_),
                             request_.main ? "subreq" : "initial", redirected, where, text));
}

} // namespace preforkd::rewrite
