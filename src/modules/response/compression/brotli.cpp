// brotli: the filter BROTLI_COMPRESS compresses responses for clients that accept br.
#include <array>
#include <fmt/format.h>

#include "config/directive.h"
#include "modules/modules.h"
#include "modules/response/compression/brotli_sink.h"
#include "modules/response/compression/coding_rules.h"
#include "modules/response/output_filters.h"
#include "modules/server/arguments.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

constexpr ContentCoding brotli{"br", "no-brotli", "-br"};

struct BrotliSettings {
    static constexpr config::Scope scope = config::Scope::server;
    // A virtual host has what it says itself, as in Apache.
    void inherit_from(const BrotliSettings&) {}
    std::optional<int> quality, window, input_block;
    std::optional<TagChange> tag_change;
    SizeNotes notes;
};

template <auto Field, int least, int most>
Status set_number(BrotliSettings& settings, Arguments arguments, Invocation& invocation) {
    const int value = leading_integer(arguments[0]);
    if (value < least || value > most)
        return Error{
            fmt::format("{} must be between {} and {}", invocation.directive.name, least, most)};
    settings.*Field = value;
    return {};
}

Status set_tag_change(BrotliSettings& settings, Arguments arguments) {
    settings.tag_change = parse_tag_change(arguments[0]);
    if (settings.tag_change) return {};
    return Error{"BrotliAlterETag accepts only 'AddSuffix', 'NoChange' and 'Remove'"};
}

Status add_note(BrotliSettings& settings, Arguments arguments) {
    if (set_note(settings.notes, arguments)) return {};
    return Error{fmt::format("Unknown BrotliFilterNote type '{}'", arguments[0])};
}

FilterSink* compress(Request& request) {
    if (!may_be_coded(request, brotli)) return nullptr;
    vary_by_encoding(request);
    if (!accepts(request, brotli)) return nullptr;
    const auto& settings = request.of<BrotliSettings>();
    BrotliParameters parameters;
    if (settings.quality) parameters.quality = *settings.quality;
    if (settings.window) parameters.window = *settings.window;
    if (settings.input_block) parameters.input_block = *settings.input_block;
    if (!settings.notes.empty()) parameters.notes = &settings.notes;
    auto* sink = begin_brotli(request, parameters);
    if (sink) say_coded(request, brotli, settings.tag_change.value_or(TagChange::add_suffix));
    return sink;
}

const FilterOf<compress> brotli_filter(FilterKind::content_set);

} // namespace

std::span<const OutputFilterRegistration> brotli_filters() {
    static constexpr std::array filters{
        OutputFilterRegistration{"BROTLI_COMPRESS", &brotli_filter, "brotli_module"},
    };
    return filters;
}

Module brotli_module() {
    using config::edits;
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    constexpr unsigned nowhere_else = config::override_none;
    Module module{.name = "brotli"};
    module.directives = {
        {"BrotliFilterNote", Shape::one_or_two, in_servers, nowhere_else, edits<add_note>,
         "Set a note to report on compression ratio"},
        {"BrotliCompressionQuality", Shape::one, in_servers, nowhere_else,
         edits<set_number<&BrotliSettings::quality, 0, 11>>,
         "Compression quality between 0 and 11 (higher quality means slower compression)"},
        {"BrotliCompressionWindow", Shape::one, in_servers, nowhere_else,
         edits<set_number<&BrotliSettings::window, 10, 24>>,
         "Sliding window size between 10 and 24 (larger windows can improve compression, but "
         "require more memory)"},
        {"BrotliCompressionMaxInputBlock", Shape::one, in_servers, nowhere_else,
         edits<set_number<&BrotliSettings::input_block, 16, 24>>,
         "Maximum input block size between 16 and 24 (larger block sizes require more memory)"},
        {"BrotliAlterETag", Shape::one, in_servers, nowhere_else, edits<set_tag_change>,
         "Set how mod_brotli should modify ETag response headers: 'AddSuffix' (default), "
         "'NoChange', 'Remove'"},
    };
    module.settings.push_back(config::settings_type<BrotliSettings>());
    return module;
}

} // namespace preforkd
