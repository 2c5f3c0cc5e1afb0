#include "modules/proxy/dialog.h"

#include <cerrno>
#include <utility>

namespace preforkd::proxy {

using Client = net::BackendConnection::Client;

Dialog::Dialog(Request& request, const Worker& worker)
    : request_(request), worker_(worker), deadline_(Deadline::at({})) {}

Dialog::~Dialog() {
    if (!worker_.state) return;
    worker_.state->sent += sent_;
    worker_.state->received += received_;
}

void Dialog::begin(net::BackendConnection connection) {
    connection_ = std::move(connection);
    is_deaf_ = ended_ = false;
    failure_ = 0;
    renew_deadline();
}

void Dialog::renew_deadline() { deadline_ = Deadline::after(patience_of(request_, worker_)); }

void Dialog::say(std::string_view first, std::string_view second) {
    first_ = first;
    second_ = second;
    if (first_.empty()) first_ = std::exchange(second_, {});
}

void Dialog::send(bool more) {
    const auto sent = connection_->send(first_, second_, more);
    if (!sent) {
        is_deaf_ = true;
        first_ = second_ = {};
        return;
    }
    if (*sent > 0) renew_deadline();
    sent_ += *sent;
    const auto of_first = std::min(*sent, first_.size());
    say(first_.substr(of_first), second_.substr(*sent - of_first));
}

bool Dialog::wait_for_client() {
    const auto& client = *request_.connection.stream;
    if (client.has_buffered_input()) return true;
    const auto news =
        connection_->wait(client.descriptor(), Client::what_it_sends, deadline_.remaining());
    if (news && news->client_readable) return true;
    if (!deadline_.passed()) return false;
    renew_deadline();
    return true;
}

std::string_view Dialog::receive(bool waits, http::BodySink* sink) {
    auto count =
        waits && !sink ? connection_->receive(buffer_) : connection_->receive_at_once(buffer_);
    if (waits && sink && !count && count.error().code == EAGAIN) {
        if (!sink->flush()) client_failed_ = true;
        count = connection_->receive(buffer_);
    }
    if (!count && count.error().code == EAGAIN) {
        look_around();
        return {};
    }
    if (!count || *count == 0) {
        end(count ? 0 : count.error().code);
        return {};
    }
    renew_deadline();
    received_ += *count;
    return {buffer_.data(), *count};
}

void Dialog::end(int code) {
    ended_ = true;
    failure_ = code;
}

// Nothing came for a moment.
void Dialog::look_around() {
    if (deadline_.passed()) {
        end(log::cause_timeout);
        return;
    }
    const auto news =
        connection_->wait(request_.connection.stream->descriptor(), Client::its_end, {});
    if (news && departure_.is_certain(news->client_is_gone, news->client_sends_no_more))
        client_failed_ = true;
}

void Dialog::tunnel(http::BodySink& sink) {
    auto& client = *request_.connection.stream;
    while (true) {
        net::BackendConnection::News news{.client_readable = client.has_buffered_input()};
        if (!news.client_readable) {
            const auto told = connection_->wait(client.descriptor(), Client::what_it_sends,
                                                deadline_.remaining());
            if (told) news = *told;
        }
        if (news.client_is_gone || (!news.readable && !news.client_readable)) return;
        renew_deadline();
        if (news.client_readable && !pass_to_backend()) return;
        if (news.readable && !pass_to_client(sink)) return;
    }
}

bool Dialog::pass_to_backend() {
    const auto count = request_.connection.stream->read(buffer_, deadline_);
    if (!count || *count == 0) return false;
    say({buffer_.data(), *count});
    while (has_something_to_say() && !deadline_.passed()) send(false);
    return !is_deaf_ && !has_something_to_say();
}

bool Dialog::pass_to_client(http::BodySink& sink) {
    const auto received = receive(false, nullptr);
    if (received.empty()) return !ended_;
    return sink.write(received) && sink.flush();
}

} // namespace preforkd::proxy
