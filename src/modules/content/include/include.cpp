// include: the filter INCLUDES, which obeys the elements of documents (server-side includes).
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "modules/content/include/document.h"
#include "modules/content/include/elements.h"
#include "modules/content/include/include_settings.h"
#include "modules/modules.h"
#include "modules/response/output_filters.h"
#include "pipeline/core_settings.h"

namespace preforkd {

using config::Arguments;
using config::Shape;
using http::FieldId;

namespace ssi {

namespace {

const config::Configuration* served = nullptr; // by this child

void remember_configuration(const config::Configuration& configuration) { served = &configuration; }

std::string_view tag_of(const std::optional<std::string>& said, std::string_view usual) {
    return said ? std::string_view(*said) : usual;
}

class IncludeSink final : public FilterSink {
  public:
    explicit IncludeSink(Request& request)
        : document_(request),
          start_(tag_of(request.of<IncludeServerSettings>().start_tag, "<!--#")),
          end_(tag_of(request.of<IncludeServerSettings>().end_tag, "-->")),
          held_(request.arena.resource()) {}
    Status write(std::string_view bytes) override;
    Status flush() override { return next_->flush(); }
    Status finish() override;

  private:
    std::string_view take_what_is_complete(std::string_view text);
    std::size_t size_of_text(std::string_view text) const;
    void take_element(const Element& element);

    Document document_;
    std::string_view start_, end_;
    std::pmr::string held_; // an element whose end has not come, or what may begin one
};

// Up to a start tag, or what may become one.
std::size_t IncludeSink::size_of_text(std::string_view text) const {
    const auto start = text.find(start_);
    if (start != text.npos) return start;
    const auto longest = std::min(text.size(), start_.size() - 1);
    for (auto size = longest; size > 0; --size)
        if (text.ends_with(start_.substr(0, size))) return text.size() - size;
    return text.size();
}

void IncludeSink::take_element(const Element& element) {
    const auto file = document_.request.filename;
    switch (element.outcome) {
    case Element::Outcome::nameless:
        if (document_.printing)
            document_.fail(
                fmt::format("AH01368: missing directive name in parsed document {}", file));
        return;
    case Element::Outcome::nameless_attribute:
        if (document_.printing)
            document_.fail(fmt::format("AH01370: missing argument name for value to tag {} in {}",
                                       element.name, file));
        return;
    default: obey(document_, element, *served);
    }
}

// Answers what must wait for more.
std::string_view IncludeSink::take_what_is_complete(std::string_view text) {
    for (;;) {
        const auto size = size_of_text(text);
        if (document_.printing) document_.print(text.substr(0, size));
        text.remove_prefix(size);
        if (!text.starts_with(start_)) return text;
        const auto element = read_element(text.substr(start_.size()), end_);
        if (element.outcome == Element::Outcome::incomplete) return text;
        text.remove_prefix(start_.size() + element.size);
        take_element(element);
        if (document_.is_broken) return {};
    }
}

Status IncludeSink::write(std::string_view bytes) {
    const Document::Reading reading(document_);
    document_.next = next_;
    if (held_.empty()) {
        held_ = take_what_is_complete(bytes);
    } else {
        held_.append(bytes);
        held_.erase(0, held_.size() - take_what_is_complete(held_).size());
    }
    return document_.written();
}

Status IncludeSink::finish() {
    document_.next = next_;
    if (std::string_view(held_).starts_with(start_))
        document_.fail(fmt::format("AH01372: SSI directive was not properly finished at the end of "
                                   "parsed document {}",
                                   document_.request.filename));
    else if (document_.printing) document_.print(held_);
    if (!document_.printing)
        document_.log(log::Level::warn,
                      fmt::format("AH01373: missing closing endif directive in parsed document {}",
                                  document_.request.filename));
    document_.conclude();
    if (document_.is_broken) return document_.written();
    return next_->finish();
}

bool may_include(const Request& request) {
    constexpr unsigned either = option_includes | option_includes_no_exec;
    return (request.of<CoreDirectorySettings>().effective_options() & either) != 0;
}

bool tells_when_changed(const Request& request) {
    return request.of<IncludeSettings>().execute_bit.value_or(ExecuteBit::off) ==
               ExecuteBit::full &&
           (request.storage.status.st_mode & S_IXGRP) != 0;
}

class IncludesFilter final : public OutputFilter {
  public:
    IncludesFilter() : OutputFilter(FilterKind::resource) {}

    // The file alone does not say what becomes of it: it has no ETag, and changes at any time.
    void prepare(Request& request) const override {
        if (!tells_when_changed(request)) request.response.no_local_copy = true;
        if (!request.of<IncludeSettings>().etag.value_or(false)) request.response.no_etag = true;
    }

    FilterSink* begin(Request& request) const override {
        if (!may_include(request)) {
            request.log("include", log::Level::warn,
                        request.arena.join({"AH01374: mod_include: Options +Includes (or "
                                            "IncludesNoExec) wasn't set, INCLUDES filter removed: ",
                                            request.uri}));
            return nullptr;
        }
        auto& response = request.response;
        const bool is_empty = response.length == 0U;
        if (!is_empty) withdraw_length(response);
        if (!request.of<IncludeSettings>().last_modified.value_or(tells_when_changed(request)))
            response.fields.remove(FieldId::last_modified);
        if (is_empty) return nullptr;
        return new (request.arena.bytes_for<IncludeSink>()) IncludeSink(request);
    }
};

const IncludesFilter includes_filter;

// A file that XBitHack makes a document.
bool is_executable_html(const Request& request) {
    const auto& settings = request.of<IncludeSettings>();
    return settings.execute_bit.value_or(ExecuteBit::off) != ExecuteBit::off &&
           request.storage.kind == Storage::Kind::regular &&
           (request.storage.status.st_mode & S_IXUSR) != 0 &&
           request.response.content_type.starts_with("text/html");
}

Verdict choose_documents(Request& request) {
    const bool by_handler = request.handler_name == "server-parsed";
    if (!by_handler && !is_executable_html(request)) return declined;
    auto& type = request.response.content_type;
    if (by_handler && type.empty()) type = "text/html";
    if (by_handler) request.handler_name = "default-handler";
    insert_filter<OutputFilter>(request.output_filters, includes_filter);
    return declined;
}

Status set_execute_bit(IncludeSettings& settings, Arguments arguments) {
    if (iequals(arguments[0], "off")) settings.execute_bit = ExecuteBit::off;
    else if (iequals(arguments[0], "on")) settings.execute_bit = ExecuteBit::on;
    else if (iequals(arguments[0], "full")) settings.execute_bit = ExecuteBit::full;
    else return Error{"XBitHack must be set to Off, On, or Full"};
    return {};
}

Status check_tag(const config::Invocation& invocation, const std::string& tag) {
    for (const char c : tag)
        if (is_space(c))
            return Error{
                fmt::format("{} may not contain any whitespaces", invocation.directive.name)};
    return {};
}

template <auto Field>
Status set_tag(IncludeServerSettings& settings, Arguments arguments,
               config::Invocation& invocation) {
    if (auto checked = check_tag(invocation, arguments[0]); !checked) return checked;
    settings.*Field = arguments[0];
    return {};
}

// For all directives but those of tags: a host with any of them has no tags of the main server.
template <config::Apply apply>
Status speaks_for_host(config::Invocation& invocation, Arguments arguments) {
    if (!invocation.in_htaccess)
        settings_for(invocation, config::Scope::server).edit<IncludeServerSettings>();
    return apply(invocation, arguments);
}

// The variables of the document, for v('NAME').
std::string_view document_variable(std::string_view name, expression::Scope&) {
    const Document* document = Document::current();
    return document ? document->find(name).value_or(std::string_view()) : std::string_view();
}

expression::StringFunction find_function(std::string_view name) {
    return iequals(name, "v") ? document_variable : nullptr;
}

} // namespace

} // namespace ssi

std::span<const OutputFilterRegistration> include_filters() {
    static constexpr std::array filters{
        OutputFilterRegistration{"INCLUDES", &ssi::includes_filter, "include_module"},
    };
    return filters;
}

Module include_module() {
    using namespace ssi;
    using config::anywhere;
    using config::edits;
    using config::sets_flag;
    using config::sets_text;
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    constexpr unsigned in_directories = config::directory | config::htaccess;
    Module module{.name = "include"};
    module.directives = {
        {"XBitHack", Shape::one, anywhere, config::override_options,
         speaks_for_host<edits<set_execute_bit>>, "Off, On, or Full"},
        {"SSIErrorMsg", Shape::one, anywhere, config::override_all,
         speaks_for_host<sets_text<&IncludeSettings::error_text>>, "a string"},
        {"SSITimeFormat", Shape::one, anywhere, config::override_all,
         speaks_for_host<sets_text<&IncludeSettings::time_format>>,
         "a strftime(3) formatted string"},
        {"SSIStartTag", Shape::one, in_servers, config::override_none,
         edits<set_tag<&IncludeServerSettings::start_tag>>, "SSI Start String Tag"},
        {"SSIEndTag", Shape::one, in_servers, config::override_none,
         edits<set_tag<&IncludeServerSettings::end_tag>>, "SSI End String Tag"},
        {"SSIUndefinedEcho", Shape::one, anywhere, config::override_all,
         speaks_for_host<sets_text<&IncludeSettings::undefined>>,
         "String to be displayed if an echoed variable is undefined"},
        {"SSILegacyExprParser", Shape::flag, in_directories, config::override_limit,
         speaks_for_host<sets_flag<&IncludeSettings::legacy_expressions>>,
         "Whether to use the legacy expression parser compatible with <= 2.2.x. Limited to 'on' or "
         "'off'"},
        {"SSILastModified", Shape::flag, in_directories, config::override_limit,
         speaks_for_host<sets_flag<&IncludeSettings::last_modified>>,
         "Whether to set the last modified header or respect an existing header. Limited to 'on' "
         "or "
         "'off'"},
        {"SSIEtag", Shape::flag, in_directories, config::override_limit,
         speaks_for_host<sets_flag<&IncludeSettings::etag>>,
         "Whether to allow the generation of ETags within the server. Existing ETags will be "
         "preserved. Limited to 'on' or 'off'"},
    };
    module.settings.push_back(config::settings_type<IncludeServerSettings>());
    module.settings.push_back(config::settings_type<IncludeSettings>());
    module.hooks.child_init = remember_configuration;
    module.hooks.fixups = choose_documents;
    module.expression_function = find_function;
    return module;
}

} // namespace preforkd
