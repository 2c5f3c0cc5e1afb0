// proxy_fcgi: asks an application that speaks FastCGI, as php-fpm does.
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/modules.h"
#include "modules/proxy/backends.h"
#include "modules/proxy/destination.h"
#include "modules/proxy/fcgi/application_response.h"
#include "modules/proxy/fcgi/fcgi_settings.h"
#include "modules/proxy/fcgi/records.h"
#include "modules/proxy/request_content.h"
#include "pipeline/script_variables.h"

namespace preforkd {

namespace fcgi {

namespace {

constexpr std::size_t piece_size = 32 * 1024;

// php-fpm knows "proxy:fcgi://localhost/path" for what it is; others want the path.
void name_script(Request& request) {
    if (!request.of<Settings>().is_generic.value_or(false)) return;
    const auto host = request.filename.find("://");
    const auto path = host == request.filename.npos ? host : request.filename.find('/', host + 3);
    if (path != request.filename.npos) request.filename = request.filename.substr(path);
}

void change_variables(Request& request) {
    for (const auto* change : request.of<Settings>().changes) {
        const auto holds = change->condition.holds(request);
        if (!holds) {
            request.log("proxy_fcgi", log::Level::warn,
                        fmt::format("AH10241: fix_cgivars: Condition eval returned 1: {}",
                                    holds.error().what));
            continue;
        }
        if (!*holds) continue;
        if (change->value)
            request.set_variable(change->name, change->value->text_or_logs(request, "proxy_fcgi"));
        else request.remove_variable(change->name);
    }
}

// Everything up to the content.
std::string opening_of(Request& request, const proxy::Worker& worker) {
    name_script(request);
    add_script_variables(request);
    change_variables(request);
    std::string text;
    append_begin(text, worker.keeps_connections());
    Parameters parameters;
    for (const auto& variable : request.variables) parameters.add(variable.name, variable.value);
    parameters.append_to(text);
    return text;
}

class Exchange {
  public:
    Exchange(Request& request, Responder& responder, const proxy::Destination& destination)
        : request_(request), worker_(*destination.worker), content_(request),
          response_(request, responder), deadline_(Deadline::at({})) {}

    Verdict run() {
        if (const auto begun = content_.begin(); !begun)
            return refuse(proxy::status_of_content_error(begun.error().code));
        auto connected = proxy::connect_to(request_, worker_);
        if (const auto* failed = std::get_if<proxy::NotConnected>(&connected))
            return refuse_backend(*failed);
        connection_ = &std::get<proxy::Connected>(connected).connection;
        opening_ = opening_of(request_, worker_);
        transfer();
        if (has_ended_ && content_.at_end() && worker_.keeps_connections())
            proxy::keep(worker_, std::move(*connection_));
        return conclude();
    }

  private:
    void renew_deadline() { deadline_ = Deadline::after(proxy::patience_of(request_, worker_)); }

    void transfer() {
        outgoing_ = opening_;
        content_.let_go();
        renew_deadline();
        while (!has_ended_ && !gave_up_) {
            if (outgoing_.empty() && following_.empty()) fetch_content();
            if (!outgoing_.empty() || !following_.empty()) send();
            receive();
        }
    }

    // The next piece of the request's content, or the end of it, as a record.
    void fetch_content() {
        if (sent_end_) return;
        auto piece = content_.at_end() ? Result<std::string_view>(std::string_view())
                                       : content_.next_unframed();
        if (!piece) {
            failure_ = piece.error().code;
            gave_up_ = client_failed_ = true;
            return;
        }
        sent_end_ = piece->empty();
        record_ = stdin_head(piece->size());
        outgoing_ = record_;
        following_ = *piece;
    }

    void send() {
        const auto sent = connection_->send(outgoing_, following_, !sent_end_);
        if (!sent) {
            // It may have answered before it hung up.
            outgoing_ = following_ = {};
            sent_end_ = true;
            return;
        }
        if (*sent > 0) renew_deadline();
        const auto first = std::min(*sent, outgoing_.size());
        outgoing_.remove_prefix(first);
        following_.remove_prefix(*sent - first);
    }

    void receive() {
        const bool idle = sent_end_ && outgoing_.empty() && following_.empty();
        auto count = idle && !response_.has_head() ? connection_->receive(buffer_)
                                                   : connection_->receive_at_once(buffer_);
        if (idle && response_.has_head() && !count && count.error().code == EAGAIN) {
            if (!response_.pass_on()) gave_up_ = client_failed_ = true;
            count = connection_->receive(buffer_);
        }
        if (count && *count > 0) {
            renew_deadline();
            take({buffer_.data(), *count});
        } else if (!count && count.error().code == EAGAIN) {
            look_around();
        } else {
            gave_up_ = true;
            failure_ = count ? static_cast<int>(log::cause_end_of_file) : count.error().code;
        }
    }

    void take(std::string_view received) {
        while (!received.empty() && !has_ended_ && !gave_up_ &&
               reader_.problem() == RecordReader::Problem::none) {
            const auto piece = reader_.take(received);
            if (piece.kind == RecordReader::Kind::end) has_ended_ = true;
            if (piece.kind == RecordReader::Kind::errors) log_errors(piece.content);
            if (piece.kind == RecordReader::Kind::unknown)
                request_.log("proxy_fcgi", log::Level::error,
                             fmt::format("AH01072: Got bogus record {}", reader_.culprit()));
            if (piece.kind != RecordReader::Kind::output) continue;
            if (!response_.take(piece.content)) gave_up_ = client_failed_ = true;
            else if (response_.is_broken()) refuse_head();
        }
        if (reader_.problem() != RecordReader::Problem::none) refuse_record();
        else if (worker_.flushes.value_or(false) && !response_.pass_on())
            gave_up_ = client_failed_ = true;
    }

    void look_around() {
        if (deadline_.passed()) {
            gave_up_ = true;
            failure_ = log::cause_timeout;
            return;
        }
        const auto news = connection_->wait({}, request_.connection.stream->descriptor(), {});
        if (news && departure_.is_certain(news->client_is_gone, news->client_sends_no_more))
            gave_up_ = client_failed_ = true;
    }

    void log_errors(std::string_view text) {
        request_.log("proxy_fcgi", log::Level::error,
                     request_.arena.join({"AH01071: Got error '", text, "'"}));
    }

    void refuse_head() {
        gave_up_ = true;
        failure_ = EINVAL;
        request_.log("proxy_fcgi", log::Level::error, "AH01070: Error parsing script headers");
    }

    void refuse_record() {
        gave_up_ = true;
        failure_ = EINVAL;
        const int culprit = reader_.culprit();
        request_.log(
            "proxy_fcgi", log::Level::error,
            reader_.problem() == RecordReader::Problem::version
                ? fmt::format("AH01068: Got bogus version {}", culprit)
                : fmt::format("AH01069: Got bogus rid {}, expected {}", culprit, request_id));
    }

    Verdict refuse_backend(proxy::NotConnected why) {
        const auto& host = worker_.url.host;
        if (why == proxy::NotConnected::unknown_host)
            return proxy::refuse_with_reason(request_, 500, "DNS lookup failure for: " + host);
        if (why == proxy::NotConnected::refused)
            request_.log("proxy_fcgi", log::Level::error,
                         "AH01079: failed to make connection to backend: " + host);
        return refuse(503);
    }

    Verdict conclude() {
        if (client_failed_) {
            request_.ends_connection = request_.aborted = true;
            return done;
        }
        if (!content_.at_end()) request_.ends_connection = true;
        if (has_ended_ && response_.has_head() && !response_.is_broken())
            return response_.conclude(true);
        if (failure_ == log::cause_end_of_file || failure_ == ECONNRESET)
            request_.log("proxy_fcgi", log::Level::error, "AH01067: Failed to read FastCGI header");
        const std::string_view where = failure_ == log::cause_timeout ? "(polling)" : "";
        request_.log("proxy_fcgi", log::Level::error,
                     request_.arena.join({"AH01075: Error dispatching request to : ", where}),
                     failure_);
        if (response_.has_head() && !response_.is_broken()) return response_.conclude(false);
        return refuse(response_.is_broken() ? 500 : failure_ == log::cause_timeout ? 504 : 503);
    }

    Request& request_;
    const proxy::Worker& worker_;
    proxy::RequestContent content_;
    ApplicationResponse response_;
    RecordReader reader_;
    net::BackendConnection* connection_ = nullptr;
    std::string opening_, record_;
    std::string_view outgoing_, following_; // what is to be sent
    Deadline deadline_;
    proxy::Departure departure_; // of the client
    bool sent_end_ = false;      // nothing more is to be sent
    bool has_ended_ = false, gave_up_ = false, client_failed_ = false;
    int failure_ = 0;
    std::array<char, piece_size> buffer_;
};

} // namespace

} // namespace fcgi

namespace proxy {

Verdict exchange_fcgi(Request& request, Responder& responder, const Destination& destination) {
    return fcgi::Exchange(request, responder, destination).run();
}

} // namespace proxy

Module proxy_fcgi_module() {
    Module module{.name = "proxy_fcgi"};
    module.directives = fcgi::directives();
    module.settings.push_back(config::settings_type<fcgi::Settings>());
    return module;
}

} // namespace preforkd
