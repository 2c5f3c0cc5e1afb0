// buffer: the filter BUFFER holds a response back until there is enough of it to be worth sending.
#include <array>
#include <cerrno>

#include "config/directive.h"
#include "modules/modules.h"
#include "modules/response/output_filters.h"
#include "modules/server/arguments.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

constexpr std::size_t usual_size = 128 * 1024;

struct BufferSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const BufferSettings& outer) { config::inherit(size, outer.size); }
    std::optional<std::size_t> size; // bytes
};

Status set_size(BufferSettings& settings, config::Arguments arguments) {
    const auto size = parse_size(arguments[0]);
    if (!size || *size == 0)
        return Error{"BufferSize must be a size in bytes, and greater than zero"};
    settings.size = *size;
    return {};
}

class BufferSink final : public FilterSink {
  public:
    explicit BufferSink(Request& request)
        : size_(request.of<BufferSettings>().size.value_or(usual_size)),
          held_(request.arena.resource()) {}
    Status write(std::string_view bytes) override {
        if (held_.size() + bytes.size() > size_)
            if (auto passed = pass_on(); !passed) return passed;
        if (bytes.size() > size_) return next_->write(bytes);
        held_.append(bytes);
        return {};
    }
    // That somebody wants to see the beginning early is what this filter is against.
    Status flush() override { return {}; }
    Status finish() override {
        if (auto passed = pass_on(); !passed) return passed;
        return next_->finish();
    }

  private:
    Status pass_on() {
        if (held_.empty()) return {};
        const auto passed = next_->write(held_);
        held_.clear();
        return passed;
    }

    std::size_t size_;
    std::pmr::string held_;
};

FilterSink* hold_back(Request& request) {
    if (request.main) return nullptr;
    return new (request.arena.bytes_for<BufferSink>()) BufferSink(request);
}

const FilterOf<hold_back> buffer_filter(FilterKind::content_set);

} // namespace

std::span<const OutputFilterRegistration> buffer_filters() {
    static constexpr std::array filters{
        OutputFilterRegistration{"BUFFER", &buffer_filter, "buffer_module"},
    };
    return filters;
}

Module buffer_module() {
    Module module{.name = "buffer"};
    module.directives = {{"BufferSize", config::Shape::one, config::directory,
                          config::override_none, config::edits<set_size>,
                          "Maximum size of the buffer used by the buffer filter"}};
    module.settings.push_back(config::settings_type<BufferSettings>());
    return module;
}

} // namespace preforkd
