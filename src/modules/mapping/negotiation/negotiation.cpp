// negotiation: the variant of a file that suits the client best, by MultiViews and type maps.
#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "http/uri.h"
#include "modules/mapping/negotiation/announcement.h"
#include "modules/mapping/negotiation/choice.h"
#include "modules/mapping/negotiation/multiviews.h"
#include "modules/mapping/negotiation/type_map.h"
#include "modules/modules.h"
#include "os/file.h"
#include "pipeline/core_settings.h"
#include "pipeline/script_head.h"
#include "pipeline/static_file.h"
#include "pipeline/subrequest.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;
using negotiation::NegotiationSettings;
using negotiation::Variant;
using negotiation::Variants;

namespace {

// nullptr with what to answer where no variant was chosen.
struct Outcome {
    const Variant* chosen = nullptr;
    Verdict verdict = ok;
};

bool is_plain_get(const Request& request) {
    return request.head.method == http::Method::get || request.head.method == http::Method::head;
}

// Scripts are better than files for what only they can answer.
bool prefers_scripts(const Request& request) {
    return !is_plain_get(request) || request.has_query || !request.path_info.empty();
}

bool is_transparent(const Request& request, const Variants& variants) {
    return is_plain_get(request) && request.path_info.empty() &&
           std::none_of(variants.begin(), variants.end(), [](const Variant& variant) {
               return variant.body || variant.name.find('/') != std::string_view::npos;
           });
}

// no-gzip and gzip-only-text/html, as SetEnvIf sets them for old clients.
void discard_encoded(const Request& request, Variants& variants) {
    const bool all = request.find_variable("no-gzip") != nullptr;
    if (!all && !request.find_variable("gzip-only-text/html")) return;
    for (auto& variant : variants)
        if (!negotiation::is_identity(variant.encoding) && (all || variant.type != "text/html"))
            variant.encoding_quality = 0;
}

Outcome answer_with_list(Request& request, const Variants& variants, bool understands_lists) {
    request.error_notes = negotiation::list_page(request.arena, variants);
    if (request.main) request.main->error_notes = request.error_notes;
    if (understands_lists) return {nullptr, refuse(300)};
    request.log("negotiation", log::Level::error,
                request.arena.join({"AH00690: no acceptable variant: ", request.filename}));
    return {nullptr, refuse(406)};
}

const Variant* judge_and_choose(const Request& request, Variants& variants,
                                const negotiation::Judgement& judgement,
                                const negotiation::NegotiateField& asked) {
    negotiation::judge(variants, judgement);
    discard_encoded(request, variants);
    return asked.lets_server_choose ? negotiation::choose(variants, asked.wants_standard_choice)
                                    : nullptr;
}

Outcome negotiate(Request& request, Variants& variants) {
    const bool transparent = is_transparent(request, variants);
    const auto asked = transparent ? negotiation::NegotiateField(request.head)
                                   : negotiation::NegotiateField(http::RequestHead(request.arena));
    const negotiation::AcceptFields accepted(request.head, request.arena);
    negotiation::Judgement judgement{.accepted = accepted,
                                     .settings = request.of<NegotiationSettings>(),
                                     .is_kind = !asked.means_its_fields};
    if (asked.wants_standard_choice) judgement.script_quality = 0;
    else if (prefers_scripts(request)) judgement.script_quality = 2;
    const Variant* chosen = nullptr;
    if (const auto* language = request.find_variable("prefer-language")) {
        judgement.only_language = *language;
        chosen = judge_and_choose(request, variants, judgement, asked);
        judgement.only_language = {};
    }
    if (!chosen) chosen = judge_and_choose(request, variants, judgement, asked);

    if (chosen && transparent)
        request.response.error_fields.set(http::FieldId::content_location,
                                          request.arena.copy(http::escape_link(chosen->name)));
    negotiation::announce(request, variants,
                          {.is_transparent = transparent,
                           .lists_alternates = asked.wants_alternates || !chosen,
                           .chosen = chosen != nullptr});
    if (chosen) return {chosen};
    return answer_with_list(request, variants, asked.understands_lists);
}

// For the ETag: a response of the same variant differs when the list does (RFC 2295 §10).
std::int64_t micros_of(const struct stat& status) {
    return std::int64_t{status.st_mtim.tv_sec} * 1'000'000 + status.st_mtim.tv_nsec / 1000;
}

std::string_view list_tag(Request& request, const struct stat& status) {
    return request.arena.copy(fmt::format("{:x}-{:x}", status.st_size, micros_of(status)));
}

// Of files, where the map says nothing of their lengths.
void find_lengths(Request& request, std::string_view map, Variants& variants) {
    const auto folder = map.substr(0, map.rfind('/') + 1);
    for (auto& variant : variants) {
        if (variant.length || variant.body) continue;
        struct stat status {};
        if (stat_path(request.arena.c_string(request.arena.join({folder, variant.name})), status) ==
            0)
            variant.length = static_cast<std::uint64_t>(status.st_size);
    }
}

Result<Variants> read_map(Request& request, std::string_view path) {
    const auto text = read_whole_file(std::string(path));
    if (!text)
        return Error{fmt::format("AH00683: cannot access type map file: {}", path),
                     text.error().code};
    auto map = negotiation::parse_type_map(request.arena.copy(*text), path, request.arena);
    if (!map) return map.error();
    if (!map->fault.empty()) request.log("negotiation", log::Level::error, map->fault);
    find_lengths(request, path, map->variants);
    return std::move(map->variants);
}

Verdict refuse_map(Request& request, const Error& error) {
    request.log("negotiation", log::Level::error, error.what, error.code);
    return refuse(error.code != 0 ? 403 : 500);
}

void look_up_folder(Request& request) {
    const auto folder = request.filename.substr(0, request.filename.rfind('/') + 1);
    struct stat status {};
    if (stat_path(request.arena.c_string(folder), status) != 0) return;
    request.response.variant_list_tag = request.arena.copy(fmt::format("{:x}", micros_of(status)));
}

Verdict take_variant(Request& request, const Variant& variant) {
    Request& found = variant.found ? *variant.found : look_up_file(request, variant.name);
    if (found.response.status != 200) return refuse(found.response.status);
    found.query = request.query;
    found.has_query = request.has_query;
    if (!request.path_info.empty()) {
        found.path_info = request.path_info;
        found.uri = request.arena.join({found.uri, request.path_info});
    }
    become(request, found);
    return ok;
}

// A name that is no file, where MultiViews is on.
Verdict find_view(Request& request) {
    if (request.storage.kind != Storage::Kind::missing ||
        !(request.of<CoreDirectorySettings>().effective_options() & option_multiviews))
        return declined;
    auto gathered = negotiation::gather_variants(request);
    if (gathered.verdict.is_refusal()) return gathered.verdict;
    if (gathered.map) {
        auto map = read_map(request, gathered.map->filename);
        if (!map) return refuse_map(request, map.error());
        gathered.variants = std::move(*map);
        request.response.variant_list_tag = list_tag(request, gathered.map->storage.status);
    } else {
        look_up_folder(request);
    }
    if (gathered.variants.empty()) return declined;
    const auto outcome = negotiate(request, gathered.variants);
    return outcome.chosen ? take_variant(request, *outcome.chosen) : outcome.verdict;
}

// Some clients know only x-gzip and others only gzip: the word that the client used is sent.
Verdict name_encoding_as_client(Request& request) {
    const auto plain = [](std::string_view name) {
        return name.starts_with("x-") ? name.substr(2) : name;
    };
    if (request.content_encoding.empty()) return declined;
    const auto sent = request.head.fields.combined(http::FieldId::accept_encoding, request.arena);
    for (const auto& accepted : negotiation::parse_accept(sent, request.arena)) {
        if (plain(accepted.name) != plain(request.content_encoding)) continue;
        request.content_encoding = accepted.name;
        break;
    }
    return declined;
}

Verdict fixups(Request& request) {
    if (auto verdict = find_view(request); verdict.is_refusal()) return verdict;
    return name_encoding_as_client(request);
}

Verdict send_body(Request& request, Responder& responder, const Variant& variant) {
    using http::Method;
    auto& response = request.response;
    const auto method = request.head.method;
    if (method != Method::get && method != Method::head && method != Method::post)
        return refuse(405);
    // The map is what changes.
    const int answer = check_conditions(request, request.storage.status);
    if (answer != 0 && answer != 304) return refuse(answer);
    response.content_type = variant.type;
    response.charset = variant.charset;
    response.fields.set(http::FieldId::accept_ranges, "bytes");
    request.languages = variant.languages;
    request.content_encoding = variant.encoding;
    if (answer == 304) return answer_not_modified(request, responder);
    // A failed write is known to the connection; nobody else needs it.
    static_cast<void>(responder.send(request, *variant.body));
    return done;
}

Verdict serve_map(Request& request, Responder& responder) {
    if (request.handler_name != "type-map" &&
        !(request.handler_name.empty() &&
          request.response.content_type == "application/x-type-map"))
        return declined;
    if (request.storage.kind != Storage::Kind::regular) return declined;
    auto map = read_map(request, request.filename);
    if (!map) return refuse_map(request, map.error());
    request.response.variant_list_tag = list_tag(request, request.storage.status);
    const auto outcome = negotiate(request, *map);
    if (!outcome.chosen) return outcome.verdict;
    if (outcome.chosen->body) return send_body(request, responder, *outcome.chosen);
    auto path = request.uri;
    if (path.ends_with(request.path_info)) path.remove_suffix(request.path_info.size());
    const auto folder = http::escape_path(path.substr(0, path.rfind('/') + 1));
    const auto target =
        request.arena.join({folder, outcome.chosen->name, request.path_info,
                            request.has_query ? "?" : std::string_view(), request.query});
    return internal_redirect(request, target, responder);
}

Status add_language(NegotiationSettings& settings, Arguments arguments) {
    settings.languages.push_back(lower(arguments[0]));
    return {};
}

Status add_force(NegotiationSettings& settings, Arguments arguments) {
    auto force = settings.force.value_or(NegotiationSettings::Force{});
    const bool said_none = settings.force && !force.prefer && !force.fallback;
    if (iequals(arguments[0], "None")) {
        if (force.prefer || force.fallback)
            return Error{"Cannot combine ForceLanguagePriority options with None"};
    } else if (iequals(arguments[0], "Prefer")) {
        if (said_none) return Error{"Cannot combine ForceLanguagePriority options None and Prefer"};
        force.prefer = true;
    } else if (iequals(arguments[0], "Fallback")) {
        if (said_none)
            return Error{"Cannot combine ForceLanguagePriority options None and Fallback"};
        force.fallback = true;
    } else return Error{"Invalid ForceLanguagePriority option " + arguments[0]};
    settings.force = force;
    return {};
}

} // namespace

Module negotiation_module() {
    using config::anywhere;
    using config::edits;
    using config::override_file_info;
    Module module{.name = "negotiation"};
    module.directives = {
        {"CacheNegotiatedDocs", Shape::flag, config::server_config | config::virtual_host, 0,
         config::accepted_for_later, "Either 'on' or 'off' (default)"},
        {"LanguagePriority", Shape::each, anywhere, override_file_info, edits<add_language>,
         "space-delimited list of MIME language abbreviations"},
        {"ForceLanguagePriority", Shape::each, anywhere, override_file_info, edits<add_force>,
         "Force LanguagePriority elections, either None, or Fallback and/or Prefer"},
    };
    module.settings.push_back(config::settings_type<NegotiationSettings>());
    module.hooks.fixups = fixups;
    module.hooks.handler = serve_map;
    return module;
}

} // namespace preforkd
