#include "app/migrate/comparison.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <set>

#include "app/migrate/answer_differences.h"
#include "app/migrate/http_exchange.h"
#include "os/host_names.h"

namespace preforkd::migrate {

namespace {

constexpr Duration patience = std::chrono::seconds(30);
constexpr std::size_t column = 38;

std::string fitting(std::string text) {
    if (text.empty()) return "-";
    for (char& c : text)
        if (c < ' ' || c > '~') c = '?';
    if (text.size() > column) text.replace(column - 3, std::string::npos, "...");
    return text;
}

std::string row(std::string_view what, std::string_view apache, std::string_view preforkd) {
    return fmt::format("    {:<18}  {:<38}  {}\n", what, apache, preforkd);
}

// A name that somebody gave is one that he wants to see; an address is not.
std::string host_field(const LoggedRequest& request, const PageAddress& apache) {
    const bool named = !net::Address::parse(apache.host, 0) && apache.host != "localhost";
    const std::string host = !request.host.empty() && !named ? request.host : apache.host;
    const std::string bracketed = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return apache.port == 80 ? bracketed : fmt::format("{}:{}", bracketed, apache.port);
}

// The first of its addresses that answers.
Result<net::Address> find_apache(const PageAddress& apache) {
    const auto addresses = resolve_host(apache.host);
    if (!addresses) return addresses.error();
    LoggedRequest first;
    first.target = "/";
    std::string reason = "it has no address";
    for (const std::string& host : *addresses) {
        const auto address = net::Address::parse(host, apache.port);
        if (!address) continue;
        const auto reached = get(*address, host_field(first, apache), first, patience);
        if (reached) return *address;
        reason = reached.error().what;
    }
    return Error{fmt::format("Apache does not answer at {}: {}", apache.text(), reason)};
}

class Comparer {
  public:
    Comparer(const PageAddress& apache, const net::Address& theirs, const net::Address& ours,
             const PreviewPorts& ports, const PageStyle& style)
        : apache_(apache), theirs_(theirs), ours_(ours), ports_(ports), style_(style) {}

    void take(const LoggedRequest& request) {
        if (request.port != 0 && request.port != apache_.port) {
            ++result.left_out;
            return;
        }
        const std::string host = host_field(request, apache_);
        const auto theirs = get(theirs_, host, request, patience);
        const auto ours = get(ours_, host, request, patience);
        if (!theirs || !ours) {
            ++result.unanswered;
            show(host, request,
                 {{"answer", theirs ? "came" : theirs.error().what,
                   ours ? "came" : ours.error().what}});
            return;
        }
        auto differences = differences_between(*theirs, *ours, ports_);
        if (!differences.empty())
            differences = lasting(std::move(differences), *theirs, host, request);
        if (differences.empty()) return;
        ++result.differing;
        for (const auto& one : differences) ++result.by_kind[one.what];
        show(host, request, differences);
    }

    Comparison result;

  private:
    // What Apache's own second answer has otherwise, too, tells nothing.
    std::vector<Difference> lasting(std::vector<Difference> differences, const Answer& first,
                                    const std::string& host, const LoggedRequest& request) {
        const auto second = get(theirs_, host, request, patience);
        if (!second) return differences;
        std::set<std::string> own;
        for (const auto& one : differences_between(first, *second, ports_)) own.insert(one.what);
        std::erase_if(differences, [&](const Difference& one) { return own.contains(one.what); });
        if (differences.empty()) ++result.changing;
        return differences;
    }

    void show(const std::string& host, const LoggedRequest& request,
              const std::vector<Difference>& differences) {
        if (!titled_) fmt::print("{}", style_.quiet(row("", "Apache", "preforkd")));
        titled_ = true;
        fmt::print("  {} {}\n", style_.title(fmt::format("GET {}", request.target)),
                   style_.quiet(host));
        for (const auto& one : differences)
            fmt::print("{}", row(one.what, fitting(one.apache), fitting(one.preforkd)));
        std::fflush(stdout);
    }

    const PageAddress& apache_;
    net::Address theirs_, ours_;
    const PreviewPorts& ports_;
    const PageStyle& style_;
    bool titled_ = false;
};

} // namespace

std::string Comparison::summary() const {
    std::string text;
    const auto line = [&](std::size_t count, std::string_view what) {
        if (count > 0) text += fmt::format("  {:>7}  {}\n", count, what);
    };
    line(alike, "are answered alike");
    line(changing, "of them change with every answer of Apache's own");
    line(differing, "are answered otherwise, by");
    for (const auto& [kind, count] : by_kind)
        text += fmt::format("               {:<24}{:>7}\n", kind, count);
    line(unanswered, "are not answered by one of the two");
    line(left_out, "are left out: their hosts are at other ports");
    return text;
}

Result<Comparison> compare(const LoggedRequests& requests, const PageAddress& apache,
                           const PreviewPorts& ports, const PageStyle& style,
                           const std::function<bool()>& is_over) {
    const auto theirs = find_apache(apache);
    if (!theirs) return theirs.error();
    const auto ours = net::Address::parse(theirs->ip(), ports.moved(apache.port));
    if (!ours || ours->port() == apache.port)
        return Error{fmt::format("the configuration has no Listen for port {}", apache.port)};
    Comparer comparer(apache, *theirs, *ours, ports, style);
    for (const auto& request : requests.different) {
        if (is_over()) return Error{"ended before all was compared"};
        comparer.take(request);
    }
    auto& result = comparer.result;
    result.alike =
        requests.different.size() - result.differing - result.unanswered - result.left_out;
    return result;
}

} // namespace preforkd::migrate
