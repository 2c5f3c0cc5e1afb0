// Expressions: whatever they say, they are refused in words, or answer for a request.
#include <optional>

#include "fuzz/input.h"
#include "modules/modules.h"
#include "pipeline/core_settings.h"
#include "pipeline/expression/expression.h"
#include "pipeline/request.h"

namespace preforkd {

namespace {

using fuzz::must;

const config::Configuration& configuration() {
    static const config::Configuration made = [] {
        config::Configuration empty;
        auto& registry = config::SettingsRegistry::instance();
        for (const Module& module : all_modules())
            for (const auto& type : module.settings) registry.add(type);
        expression::offer_names_of(all_modules());
        empty.servers.push_back(std::make_unique<config::Server>());
        empty.enabled_modules = {"ssl_module"};
        return empty;
    }();
    return made;
}

// Whether evaluating would look at files, ask for other paths, or tell of this process.
bool reaches_out(std::string_view text) {
    for (const std::string_view word : {"file", "env", "-"})
        if (std::search(text.begin(), text.end(), word.begin(), word.end(),
                        [](char a, char b) { return (a | 0x20) == (b | 0x20); }) != text.end())
            return true;
    return false;
}

void evaluate(const Expression& expression, bool is_condition) {
    Arena arena;
    ConnectionFacts connection;
    Request request(connection, arena);
    request.server = configuration().servers.front().get();
    request.settings = &request.server->directory_merged;
    request.uri = request.raw_path = "/a/b";
    request.head.fields.add("User-Agent", "fuzzer");
    if (!is_condition) {
        static_cast<void>(expression.text_for(request));
        return;
    }
    const auto first = expression.holds(request);
    const auto second = expression.holds(request);
    must(first.has_value() == second.has_value());
}

} // namespace

} // namespace preforkd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    const auto text = fuzz::text_of(data, size);
    for (const bool is_condition : {true, false}) {
        const auto made = is_condition ? Expression::condition(text, configuration())
                                       : Expression::text(text, configuration());
        if (!made) must(!made.error().what.empty());
        else if (!reaches_out(text)) evaluate(*made, is_condition);
    }
    return 0;
}
