#include "modules/proxy/balancing.h"

#include <fmt/format.h>
#include <new>

#include "base/text.h"
#include "modules/proxy/destination.h"
#include "modules/proxy/proxy_settings.h"
#include "modules/proxy/sticky_session.h"
#include "os/shared_memory.h"
#include "pipeline/proxied_name.h"

namespace preforkd::proxy {

namespace {

using Members = std::vector<std::unique_ptr<Worker>>;
using Chosen = std::pmr::vector<const Worker*>; // in the request's memory

// Every worker of the configuration, wherever it is said.
template <class Visit>
void for_each_worker(config::Configuration& configuration, Visit visit) {
    for (auto& server : configuration.servers) {
        const auto* settings = server->server_settings.find<ServerSettings>();
        if (!settings) continue;
        for (const auto& worker : settings->workers.own()) visit(*worker);
        for (const auto& balancer : settings->balancers.own())
            for (const auto& member : balancer->members) visit(*member);
    }
}

// A spare takes the place of one that is gone; a standby waits until nobody else is left.
enum class Rank : unsigned char { ordinary, spare, standby };

Rank rank_of(const Worker& worker) {
    const unsigned status = worker.state->status;
    if (status & worker_hot_standby) return Rank::standby;
    return status & worker_hot_spare ? Rank::spare : Rank::ordinary;
}

bool takes_new_sessions(const Worker& worker) {
    return is_usable(worker) && !(worker.state->status & worker_drains);
}

// What has gone to and from it, in proportion to its share; in whole numbers, as in Apache.
std::uint64_t burden(const Worker& worker) {
    const auto& state = *worker.state;
    const auto share = static_cast<std::uint64_t>(worker.load_factor);
    return state.sent / share + state.received / share;
}

const Worker* choose_by_traffic(const Chosen& candidates) {
    const Worker* best = nullptr;
    for (const auto* worker : candidates) {
        if (!best) {
            best = worker;
            continue;
        }
        const auto mine = burden(*worker), least = burden(*best);
        // Among those that have had as much, who was asked least.
        if (mine < least || (mine == least && worker->state->elected < best->state->elected))
            best = worker;
    }
    return best;
}

// Each gets its share added, and the one that is owed most is taken, which then owes the shares of
// all (Apache: lbstatus). By busyness that is asked of those alone that have the least to do now.
const Worker* choose_by_shares(const Chosen& candidates, bool by_busyness) {
    const Worker* best = nullptr;
    unsigned least = 0; // requests that it has now
    std::int64_t all = 0;
    for (const auto* worker : candidates) {
        all += worker->load_factor;
        worker->state->load += worker->load_factor;
        const unsigned busy = by_busyness ? worker->state->busy.load() : 0;
        if (best && busy > least) continue;
        if (best && busy == least && worker->state->load <= best->state->load) continue;
        best = worker;
        least = busy;
    }
    if (best) best->state->load -= all;
    return best;
}

// What its session has sent to a member counts as given to it.
void count_bound(const Balancer& balancer, const Worker& taken) {
    std::int64_t all = 0;
    for (const auto& member : balancer.members) {
        if (!is_usable(*member)) continue;
        all += member->load_factor;
        member->state->load += member->load_factor;
    }
    taken.state->load -= all;
}

const Worker* choose(const Chosen& candidates, Method method) {
    if (method == Method::traffic) return choose_by_traffic(candidates);
    return choose_by_shares(candidates, method == Method::busyness);
}

bool was_tried(const Chosen& tried, const Worker& worker) {
    return std::find(tried.begin(), tried.end(), &worker) != tried.end();
}

// Those of a set that may be asked, the ordinary ones first.
Chosen candidates_in(const Members& members, int set, const Chosen& tried) {
    const auto memory = tried.get_allocator();
    Chosen found(memory), spares(memory), standby(memory);
    std::size_t gone = 0;
    for (const auto& member : members) {
        if (member->set != set) continue;
        if (was_tried(tried, *member) || !takes_new_sessions(*member)) {
            gone += rank_of(*member) == Rank::ordinary;
            continue;
        }
        auto& list = rank_of(*member) == Rank::standby ? standby
                     : rank_of(*member) == Rank::spare ? spares
                                                       : found;
        list.push_back(member.get());
    }
    spares.resize(std::min(spares.size(), gone));
    found.insert(found.end(), spares.begin(), spares.end());
    return found.empty() ? standby : found;
}

constexpr int largest_set = 99;

// The smallest number of a set from `least` on; more than the largest where there is none.
int smallest_set(const Members& members, int least) {
    int smallest = largest_set + 1;
    for (const auto& member : members)
        if (member->set >= least) smallest = std::min(smallest, member->set);
    return smallest;
}

// From the set with the smallest number that can serve (Apache: lbset).
const Worker* choose_member(const Balancer& balancer, const Chosen& tried) {
    for (int set = smallest_set(balancer.members, 0); set <= largest_set;
         set = smallest_set(balancer.members, set + 1)) {
        const auto candidates = candidates_in(balancer.members, set, tried);
        if (!candidates.empty()) return choose(candidates, balancer.method);
    }
    return nullptr;
}

// Where all have failed, waiting would help nobody (Apache: forcerecovery).
void recover(const Balancer& balancer) {
    for (const auto& member : balancer.members)
        if (!(member->state->status & worker_failed)) return;
    for (const auto& member : balancer.members)
        member->state->status &= ~static_cast<unsigned>(worker_failed);
}

// The one that a session belongs to, as far as it can be asked.
const Worker* member_of_session(const Balancer& balancer, std::string_view route) {
    if (route.empty()) return nullptr;
    for (const auto& member : balancer.members)
        if (member->route == route && is_usable(*member)) return member.get();
    for (const auto& member : balancer.members) {
        if (member->route != route || member->redirect.empty()) continue;
        for (const auto& other : balancer.members)
            if (other->route == member->redirect && is_usable(*other)) return other.get();
    }
    return nullptr;
}

// Whether a session may go to no other member than its own, which is gone (Apache: nofailover).
bool is_bound(const Balancer& balancer, std::string_view route) {
    if (!balancer.never_fails_over || route.empty()) return false;
    return std::any_of(balancer.members.begin(), balancer.members.end(),
                       [&](const auto& member) { return member->route == route; });
}

void note_choice(Request& request, const Balancer& balancer, const Worker& member,
                 const Session& session) {
    ++member.state->elected;
    request.set_variable("BALANCER_NAME", balancer.name);
    request.set_variable("BALANCER_WORKER_NAME", member.name);
    request.set_variable("BALANCER_WORKER_ROUTE", member.route);
    if (balancer.sticky_cookie.empty()) return;
    if (session.route.empty() || member.route != session.route)
        request.set_variable("BALANCER_ROUTE_CHANGED", "1");
    if (session.route.empty()) return;
    request.set_variable("BALANCER_SESSION_STICKY", session.name);
    request.set_variable("BALANCER_SESSION_ROUTE", session.route);
}

Verdict refuse_session(const Request& request, const Balancer& balancer, std::string_view route) {
    request.log("proxy_balancer", log::Level::error,
                fmt::format("AH01167: {}: All workers are in error state for route ({})",
                            balancer.name, route));
    return refuse(503);
}

Verdict refuse_all(const Request& request, const Balancer& balancer) {
    request.log("proxy_balancer", log::Level::error,
                balancer.members.empty()
                    ? fmt::format("AH01171: {}: No workers in balancer", balancer.name)
                    : fmt::format("AH01170: {}: All workers are in error state", balancer.name));
    return refuse(503);
}

// What an answer means for whoever gave it (Apache: failonstatus and failontimeout).
void note_outcome(const Request& request, const Balancer& balancer, const Worker& member,
                  Verdict verdict) {
    const int status = verdict.is_refusal() ? verdict.status() : request.response.status;
    if (status >= 0 && status <= 999 && balancer.failing.test(static_cast<std::size_t>(status))) {
        request.log("proxy_balancer", log::Level::error,
                    fmt::format("AH01174: {}: Forcing worker ({}) into error state due to status "
                                "code {} matching 'failonstatus' balancer parameter",
                                balancer.name, member.name, status));
        note_failure(member);
    }
    if (balancer.fails_on_timeout && request.other_server.has_timed_out) {
        request.log("proxy_balancer", log::Level::error,
                    fmt::format("AH02460: {}: Forcing worker ({}) into error state due to timeout "
                                "and 'failontimeout' parameter being set",
                                balancer.name, member.name));
        note_failure(member);
    }
}

// An application that speaks FastCGI is told of a file, and of the query elsewhere.
std::string_view path_for(const Worker& member, std::string_view path) {
    return member.url.scheme == Scheme::fcgi ? path.substr(0, path.find('?')) : path;
}

// A connection could not be made: another may do.
bool may_go_elsewhere(Verdict verdict, const Worker& member, const RequestContent& content) {
    return !content.has_left() && verdict.is_refusal() && verdict.status() == 503 &&
           (member.state->status & worker_failed) != 0;
}

} // namespace

Status share_states(config::Configuration& configuration) {
    std::size_t count = 0;
    for_each_worker(configuration, [&](Worker&) { ++count; });
    if (count == 0) return {};
    auto memory = SharedMemory::create(count * sizeof(WorkerState));
    if (!memory) return memory.error();
    auto* next = static_cast<WorkerState*>(memory->address());
    for_each_worker(configuration, [&](Worker& worker) {
        worker.state = new (next++) WorkerState{};
        worker.state->status = worker.status;
    });
    configuration.servers.front()->server_settings.edit<ServerSettings>().states =
        std::make_shared<SharedMemory>(std::move(*memory));
    return {};
}

Verdict balance(Request& request, Responder& responder, RequestContent& content,
                std::string_view url, PassOn pass_on) {
    const auto* balancer = find_balancer(request.of<ServerSettings>(), url);
    if (!balancer) return refuse_unserved(request, "balancer");
    const auto path = url.substr(std::min(balancer->name.size(), url.size()));
    const auto session = find_session(request, *balancer, url);
    const int most = attempts_of(*balancer);
    if (balancer->forces_recovery) recover(*balancer);
    Chosen tried(request.arena.resource());
    for (int attempt = 0; attempt <= most; ++attempt) {
        const Worker* member =
            tried.empty() ? member_of_session(*balancer, session.route) : nullptr;
        if (!member && is_bound(*balancer, session.route))
            return refuse_session(request, *balancer, session.route);
        if (member) count_bound(*balancer, *member);
        else member = choose_member(*balancer, tried);
        if (!member) return refuse_all(request, *balancer);
        tried.push_back(member);
        note_choice(request, *balancer, *member, session);
        ++member->state->busy;
        const auto member_url = url_at(*member, path_for(*member, path), request.arena);
        // Logs, and FastCGI's SCRIPT_FILENAME, name the member.
        request.filename = request.arena.join({proxied_prefix, member_url});
        const auto verdict = pass_on(request, responder, content, *member, member_url);
        --member->state->busy;
        if (may_go_elsewhere(verdict, *member, content)) continue;
        note_outcome(request, *balancer, *member, verdict);
        return verdict;
    }
    return refuse(503);
}

} // namespace preforkd::proxy
