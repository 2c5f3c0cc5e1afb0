// proxy_fcgi: asks an application that speaks FastCGI, as php-fpm does.
#include <cerrno>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/modules.h"
#include "modules/proxy/backends.h"
#include "modules/proxy/dialog.h"
#include "modules/proxy/fcgi/application_response.h"
#include "modules/proxy/fcgi/fcgi_settings.h"
#include "modules/proxy/fcgi/records.h"
#include "modules/proxy/request_content.h"
#include "pipeline/script_variables.h"

namespace preforkd {

namespace fcgi {

namespace {

// php-fpm knows "proxy:fcgi://localhost/path" for what it is; others want the path.
void name_script(Request& request) {
    if (!request.of<Settings>().is_generic.value_or(false)) return;
    if (const auto path = proxy::path_of(request.filename); !path.empty()) request.filename = path;
}

void change_variables(Request& request) {
    for (const auto* change : request.of<Settings>().changes) {
        MatchGroups groups{};
        const auto holds = change->condition.holds(request, groups);
        const auto value = holds && *holds && change->value
                               ? change->value->text_for(request, groups)
                               : Result<std::string_view>(std::string_view());
        if (!holds || !value)
            request.log("proxy_fcgi", log::Level::warn,
                        fmt::format("AH10241: fix_cgivars: Condition eval returned 1: {}",
                                    holds ? value.error().what : holds.error().what));
        else if (!*holds) continue;
        else if (change->value) request.set_variable(change->name, *value);
        else request.remove_variable(change->name);
    }
}

// An application knows where the content ends by CONTENT_LENGTH, and nothing of chunks.
void tell_length(Request& request, const proxy::ContentFraming& framing) {
    if (framing.kind == proxy::ContentFraming::Kind::none) return;
    auto& fields = request.head.fields;
    fields.set(http::FieldId::content_length, request.arena.copy(std::to_string(framing.length)));
    fields.remove(http::FieldId::transfer_encoding);
}

// Everything up to the content.
std::string opening_of(Request& request, const proxy::Worker& worker) {
    const auto file = request.filename;
    name_script(request);
    add_script_variables(request);
    request.filename = file; // as the log has it
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
        : request_(request), worker_(destination.worker), content_(destination.content),
          response_(request, responder), dialog_(request, worker_) {}

    Verdict run() {
        if (const auto begun = content_.begin(proxy::Length::always); !begun)
            return proxy::refuse_content(request_, worker_, begun.error().code);
        tell_length(request_, content_.framing());
        auto connected = proxy::connect_to(request_, worker_);
        if (const auto* failed = std::get_if<proxy::NotConnected>(&connected))
            return refuse_backend(*failed);
        dialog_.begin(std::move(std::get<proxy::Connected>(connected).connection));
        opening_ = opening_of(request_, worker_);
        transfer();
        const bool has_said_all =
            said_end_ && !dialog_.has_something_to_say() && !dialog_.is_deaf();
        if (has_answered_ && has_said_all && worker_.keeps_connections())
            proxy::keep(worker_, dialog_.take_connection());
        return conclude();
    }

  private:
    void transfer() {
        dialog_.say(opening_);
        content_.let_go();
        while (!has_answered_ && !dialog_.has_ended() && !dialog_.has_client_failed()) {
            if (!dialog_.has_something_to_say() && has_content_to_send()) fetch_content();
            if (dialog_.has_something_to_say()) dialog_.send(has_content_to_send());
            receive();
        }
    }

    bool has_content_to_send() const { return !said_end_ && !dialog_.is_deaf(); }

    // The next piece of the request's content, or the end of it, as a record.
    void fetch_content() {
        if (!content_.at_end() && !content_.has_more_at_hand() && !dialog_.wait_for_client())
            return;
        const auto piece =
            content_.at_end() ? Result<std::string_view>(std::string_view()) : content_.next();
        if (!piece) {
            content_failure_ = piece.error().code;
            dialog_.client_has_failed();
            return;
        }
        said_end_ = piece->empty();
        record_ = stdin_head(piece->size());
        dialog_.say(record_, *piece);
    }

    void receive() {
        const bool is_idle = !dialog_.has_something_to_say() && !has_content_to_send();
        if (const auto received = dialog_.receive(is_idle, response_.sink()); !received.empty())
            take(received);
    }

    void take(std::string_view received) {
        while (!received.empty() && !has_answered_ && !dialog_.has_ended() &&
               !dialog_.has_client_failed()) {
            const auto piece = reader_.take(received);
            if (reader_.problem() != RecordReader::Problem::none) refuse_record();
            else take(piece);
        }
        if (!dialog_.has_ended() && worker_.flushes.value_or(false) && !response_.pass_on())
            dialog_.client_has_failed();
    }

    void take(const RecordReader::Piece& piece) {
        switch (piece.kind) {
        case RecordReader::Kind::end: has_answered_ = true; break;
        case RecordReader::Kind::errors: log_errors(piece.content); break;
        case RecordReader::Kind::unknown:
            request_.log("proxy_fcgi", log::Level::error,
                         fmt::format("AH01072: Got bogus record {}", reader_.culprit()));
            break;
        case RecordReader::Kind::output:
            if (!response_.take(piece.content)) dialog_.client_has_failed();
            else if (response_.is_broken()) refuse_head();
            break;
        default: break;
        }
    }

    void log_errors(std::string_view text) {
        request_.log("proxy_fcgi", log::Level::error,
                     request_.arena.join({"AH01071: Got error '", text, "'"}));
    }

    void refuse_head() {
        dialog_.end(EINVAL);
        request_.log("proxy_fcgi", log::Level::error, "AH01070: Error parsing script headers");
    }

    void refuse_record() {
        dialog_.end(EINVAL);
        const int culprit = reader_.culprit();
        request_.log(
            "proxy_fcgi", log::Level::error,
            reader_.problem() == RecordReader::Problem::version
                ? fmt::format("AH01068: Got bogus version {}", culprit)
                : fmt::format("AH01069: Got bogus rid {}, expected {}", culprit, request_id));
    }

    Verdict refuse_backend(proxy::NotConnected failed) {
        const auto& host = worker_.url.host;
        if (failed.why == proxy::Obstacle::unknown_host)
            return proxy::refuse_with_reason(request_, 500, "DNS lookup failure for: " + host,
                                             failed.code);
        if (failed.why == proxy::Obstacle::refused)
            request_.log("proxy_fcgi", log::Level::error,
                         "AH01079: failed to make connection to backend: " + host);
        return refuse(503);
    }

    Verdict conclude() {
        if (content_failure_ != 0 && !response_.has_head())
            return proxy::refuse_content(request_, worker_, content_failure_);
        if (dialog_.has_client_failed()) {
            request_.ends_connection = request_.aborted = true;
            return done;
        }
        if (!content_.is_received()) request_.ends_connection = true;
        if (has_answered_ && response_.has_head() && !response_.is_broken())
            return response_.conclude(true);
        log_failure();
        if (response_.has_head() && !response_.is_broken()) return response_.conclude(false);
        if (response_.is_broken()) return refuse(500);
        request_.other_server.has_timed_out = dialog_.failure() == log::cause_timeout;
        return refuse(request_.other_server.has_timed_out ? 504 : 503);
    }

    void log_failure() {
        int code = dialog_.failure();
        if (code == 0 && dialog_.has_ended()) code = log::cause_end_of_file;
        if (code == log::cause_end_of_file || code == ECONNRESET)
            request_.log("proxy_fcgi", log::Level::error, "AH01067: Failed to read FastCGI header");
        const std::string_view where = code == log::cause_timeout ? "(polling)" : "";
        request_.log("proxy_fcgi", log::Level::error,
                     request_.arena.join({"AH01075: Error dispatching request to : ", where}),
                     code);
    }

    Request& request_;
    const proxy::Worker& worker_;
    proxy::RequestContent& content_;
    ApplicationResponse response_;
    proxy::Dialog dialog_;
    RecordReader reader_;
    std::string opening_, record_;
    bool said_end_ = false; // of the request's content
    bool has_answered_ = false;
    int content_failure_ = 0;
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
