// data: the filter DATA makes a "data:" URL of a response (RFC 2397).
#include <array>

#include "base/base64.h"
#include "modules/modules.h"
#include "modules/response/output_filters.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

// As many bytes as become whole groups of four letters.
constexpr std::size_t group = 3;

class DataSink final : public FilterSink {
  public:
    DataSink(Request& request, std::string_view beginning)
        : beginning_(beginning), rest_(request.arena.resource()) {}
    Status write(std::string_view bytes) override {
        rest_.append(bytes);
        const auto whole = rest_.size() - rest_.size() % group;
        const auto passed = pass_on(std::string_view(rest_).substr(0, whole));
        rest_.erase(0, whole);
        return passed;
    }
    Status finish() override {
        if (auto passed = pass_on(rest_); !passed) return passed;
        return next_->finish();
    }

  private:
    Status pass_on(std::string_view bytes) {
        if (auto begun = next_->write(std::exchange(beginning_, {})); !begun) return begun;
        return bytes.empty() ? Status() : next_->write(base64(bytes));
    }

    std::string_view beginning_; // what stands before the content, once
    std::pmr::string rest_;
};

FilterSink* make_url(Request& request) {
    Response& response = request.response;
    if (request.main) return nullptr;
    const auto charset = response.charset;
    const auto beginning = request.arena.join(
        {"data:", response.content_type, charset.empty() ? "" : ";charset=", charset, ";base64,"});
    response.content_type = "text/plain";
    response.charset = {};
    withdraw_length(response);
    return new (request.arena.bytes_for<DataSink>()) DataSink(request, beginning);
}

const FilterOf<make_url> data_filter(FilterKind::resource);

} // namespace

std::span<const OutputFilterRegistration> data_filters() {
    static constexpr std::array filters{
        OutputFilterRegistration{"DATA", &data_filter, "data_module"},
    };
    return filters;
}

Module data_module() { return {.name = "data"}; }

} // namespace preforkd
