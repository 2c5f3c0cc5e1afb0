// request: how much of a request's content is kept for what the request leads to.
#include <cerrno>
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"
#include "pipeline/input_filter.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

struct KeptSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const KeptSettings& outer) { config::inherit(most, outer.most); }
    std::optional<std::uint64_t> most; // bytes
};

Status set_size(KeptSettings& settings, config::Arguments arguments) {
    settings.most = parse_decimal(arguments[0]);
    if (settings.most) return {};
    return Error{"KeptBodySize must be a valid size in bytes, or zero."};
}

// Passes on what it reads, and remembers it. Lives in the request's arena, which destroys nothing.
class KeepingSource final : public http::BodySource {
  public:
    KeepingSource(Request& request, http::BodySource& content, std::uint64_t most)
        : request_(request), content_(content), most_(most), kept_(request.arena.resource()) {}

    Result<std::size_t> read(std::span<char> into) override {
        const auto& announced = request_.head.content_length;
        if (kept_.empty() && announced && *announced > most_) return refuse("AH01412", *announced);
        const auto count = content_.read(into);
        if (!count) return count;
        if (kept_.size() + *count > most_) return refuse("AH01413", kept_.size() + *count);
        kept_.append(into.data(), *count);
        request_.kept_content = kept_;
        return count;
    }
    bool at_end() const override { return content_.at_end(); }
    bool has_more_at_hand() const override { return content_.has_more_at_hand(); }

  private:
    Error refuse(std::string_view tag, std::uint64_t length) const {
        request_.log("request", log::Level::error,
                     fmt::format("{}: Requested content-length of {} is larger than the configured "
                                 "limit of {}",
                                 tag, length, most_));
        return Error{"more content than is kept", ENOSPC};
    }

    Request& request_;
    http::BodySource& content_;
    std::uint64_t most_;
    std::pmr::string kept_;
};

class KeepFilter final : public InputFilter {
  public:
    using InputFilter::InputFilter;
    http::BodySource& begin(Request& request, http::BodySource& content) const override {
        return *new (request.arena.bytes_for<KeepingSource>())
            KeepingSource(request, content, *request.of<KeptSettings>().most);
    }
};

const KeepFilter keep_filter(FilterKind::resource);

// Before those that a directive names: what they have made is kept.
Verdict keep_content(Request& request) {
    const bool is_kept = request.kept_content.data() != nullptr;
    if (!is_kept && request.of<KeptSettings>().most.value_or(0) > 0)
        request.input_filters.insert(request.input_filters.begin(), &keep_filter);
    return declined;
}

} // namespace

Module request_module() {
    Module module{.name = "request"};
    module.directives = {{"KeptBodySize", config::Shape::one, config::directory,
                          config::override_none, config::edits<set_size>,
                          "Maximum size of request bodies kept aside for use by filters"}};
    module.settings.push_back(config::settings_type<KeptSettings>());
    module.hooks.fixups = keep_content;
    return module;
}

} // namespace preforkd
