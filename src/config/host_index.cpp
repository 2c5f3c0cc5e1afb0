// Which server speaks for an address, a port and a name (Apache: vhost.c, "An In-Depth Discussion
// of Virtual Host Matching").
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/host_address.h"

namespace preforkd::config {

namespace {

// Whether `text` fits `pattern` (* and ?), in any letter case.
bool matches_wildcard(std::string_view pattern, std::string_view text) {
    std::size_t star = std::string_view::npos, resume = 0, p = 0, t = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() &&
                   (pattern[p] == '?' || to_lower(pattern[p]) == to_lower(text[t]))) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

} // namespace

bool goes_by(const Server& server, std::string_view host) {
    if (iequals(server.name, host)) return true;
    for (const auto& alias : server.aliases)
        if (iequals(alias, host)) return true;
    for (const auto& pattern : server.wildcard_aliases)
        if (matches_wildcard(pattern, host)) return true;
    return false;
}

namespace {

std::string place_of(const Server& server) {
    return fmt::format("({}:{})", server.place.file ? *server.place.file : std::string(),
                       server.place.line);
}

// The host of a <VirtualHost host:port>, by which it can be found, too.
std::string_view host_part(std::string_view text) {
    const auto colon = text.rfind(':');
    const bool has_port =
        colon != std::string_view::npos &&
        text.find_first_not_of("0123456789*", colon + 1) == std::string_view::npos;
    return has_port ? text.substr(0, colon) : text;
}

} // namespace

// The servers of one address and port, in order.
struct HostIndex::Candidates {
    struct Name {
        const Server* server;
        std::string_view host; // as <VirtualHost> says it; in Server::addresses
    };
    HostAddress address;
    std::vector<Name> names;

    void add(const Server& server, const HostAddress& said) {
        const auto host = said.any_address ? std::string_view() : host_part(said.text);
        names.push_back({&server, host});
    }
};

// Apache's table: addresses fall into 256 buckets, which sets the order in which -S lists them.
struct HostIndex::Index {
    using List = std::vector<std::unique_ptr<Candidates>>;
    std::array<List, 256> buckets;
    List any_address;
    Candidates main;

    // The XOR of an address's last four bytes.
    static std::size_t bucket_of(std::string_view packed) {
        unsigned char hash = 0;
        for (char byte : packed.substr(packed.size() - 4))
            hash = static_cast<unsigned char>(hash ^ static_cast<unsigned char>(byte));
        return hash;
    }
    List& list_for(const HostAddress& address) {
        return address.any_address ? any_address : buckets[bucket_of(address.address)];
    }

    void add(const Server& server, const HostAddress& address) {
        List& list = list_for(address);
        for (auto& known : list) {
            if (known->address.port != address.port || known->address.address != address.address)
                continue;
            // The same host twice for "*" is one; for an address it is listed again.
            if (!address.any_address || known->names.back().server != &server)
                known->add(server, address);
            return;
        }
        list.push_back(std::make_unique<Candidates>(Candidates{address, {}}));
        list.back()->add(server, address);
    }

    // The port itself comes before any port.
    static const Candidates* find(const List& list, std::string_view packed, unsigned short port) {
        const Candidates* any_port = nullptr;
        for (const auto& known : list) {
            if (known->address.address != packed) continue;
            if (known->address.port == port) return known.get();
            if (known->address.port == 0 && !any_port) any_port = known.get();
        }
        return any_port;
    }
};

HostIndex::HostIndex(const Configuration& configuration) : index_(std::make_unique<Index>()) {
    index_->main.names.push_back({&configuration.main_server(), {}});
    for (const auto& server : configuration.servers)
        for (const auto& address : server->addresses) index_->add(*server, address);
}

HostIndex::~HostIndex() = default;
HostIndex::HostIndex(HostIndex&&) noexcept = default;

const HostIndex::Candidates& HostIndex::for_address(std::string_view packed,
                                                    unsigned short port) const {
    if (packed.size() >= 4)
        if (auto* found = Index::find(index_->buckets[Index::bucket_of(packed)], packed, port))
            return *found;
    if (auto* found = Index::find(index_->any_address, {}, port)) return *found;
    return index_->main;
}

const Server& HostIndex::first_of(const Candidates& candidates) {
    return *candidates.names.front().server;
}

bool HostIndex::has_names(const Candidates& candidates) {
    const auto& names = candidates.names;
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& name) { return name.server != names.front().server; });
}

const Server& HostIndex::by_name(const Candidates& candidates, std::string_view host,
                                 unsigned short port) {
    const Server* found = find_by_name(candidates, host, port);
    return found ? *found : first_of(candidates);
}

const Server* HostIndex::find_by_name(const Candidates& candidates, std::string_view host,
                                      unsigned short port) {
    const auto said = candidates.address.port;
    if (said != 0 && said != port) return nullptr;
    if (host.ends_with('.')) host.remove_suffix(1);
    const Server* last = nullptr;
    for (const auto& name : candidates.names) {
        if (!name.host.empty() && iequals(name.host, host)) return name.server;
        if (name.server == last) continue;
        last = name.server;
        if (goes_by(*last, host)) return last;
    }
    return nullptr;
}

const Server& HostIndex::by_path(const Candidates& candidates, std::string_view path) {
    for (const auto& name : candidates.names) {
        const std::string& own = name.server->path;
        if (own.empty() || !path.starts_with(own)) continue;
        if (own.ends_with('/') || path.size() == own.size() || path[own.size()] == '/')
            return *name.server;
    }
    return first_of(candidates);
}

namespace {

void describe_names(const Server& server, std::string& text) {
    for (const auto& alias : server.aliases) text += fmt::format("{:16} alias {}\n", "", alias);
    for (const auto& pattern : server.wildcard_aliases)
        text += fmt::format("{:16} wild alias {}\n", "", pattern);
}

} // namespace

std::string HostIndex::describe() const {
    std::string text;
    const auto describe_one = [&text](const Candidates& one) {
        const Server& first = first_of(one);
        const std::string address = numeric_text(one.address);
        if (one.names.size() == 1) {
            text += fmt::format("{:22} {} {}\n", address, first.name, place_of(first));
            return;
        }
        text += fmt::format("{:22} is a NameVirtualHost\n", address);
        text += fmt::format("{:8} default server {} {}\n", "", first.name, place_of(first));
        const std::string port = one.address.port == 0 ? "*" : std::to_string(one.address.port);
        for (const auto& name : one.names) {
            text += fmt::format("{:8} port {} namevhost {} {}\n", "", port, name.server->name,
                                place_of(*name.server));
            describe_names(*name.server, text);
        }
    };
    for (const auto& bucket : index_->buckets)
        for (const auto& one : bucket) describe_one(*one);
    for (const auto& one : index_->any_address) describe_one(*one);
    return text;
}

} // namespace preforkd::config
