// info: what the server is made of and how it is configured, as a page (server-info).
#include <algorithm>
#include <fmt/format.h>

#include "base/product.h"
#include "base/text.h"
#include "config/directive.h"
#include "config/process_settings.h"
#include "modules/content/info/configuration_html.h"
#include "modules/modules.h"
#include "pipeline/core_settings.h"
#include "pipeline/phases.h"
#include "pipeline/server_names.h"

namespace preforkd {

namespace {

struct InfoSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const InfoSettings& outer) {
        remarks.insert(remarks.end(), outer.remarks.begin(), outer.remarks.end());
    }
    // What the administrator has to say of a module, as HTML.
    struct Remark {
        std::string module, html;
    };
    std::vector<Remark> remarks;
};

Status add_remark(InfoSettings& settings, config::Arguments arguments) {
    settings.remarks.push_back({arguments[0], arguments[1]});
    return {};
}

const config::Configuration* served = nullptr; // by this child

void remember_configuration(const config::Configuration& configuration) { served = &configuration; }

std::vector<const Module*> loaded_modules() {
    std::vector<const Module*> modules;
    for (const Module& module : all_modules())
        if (is_enabled(module, *served)) modules.push_back(&module);
    std::sort(modules.begin(), modules.end(),
              [](const Module* a, const Module* b) { return source_of(*a) < source_of(*b); });
    return modules;
}

template <class... Values>
void add_row(std::string& html, std::string_view name, fmt::format_string<Values...> format,
             Values&&... values) {
    html += fmt::format("<dt><strong>{}:</strong> <tt>{}</tt></dt>\n", name,
                        escape_html(fmt::format(format, std::forward<Values>(values)...)));
}

std::string server_html(Request& request) {
    const auto& core = request.of<CoreServerSettings>();
    const auto& processes = request.of<config::ProcessSettings>();
    const auto seconds = [](const std::optional<Duration>& time, int usual) {
        return time ? std::chrono::duration_cast<std::chrono::seconds>(*time).count() : usual;
    };
    std::string html = "<h2><a name=\"server\">Server Settings</a></h2><dl>";
    add_row(html, "Server Version", "{}", core.description);
    add_row(html, "Server Built", "{}", product::built());
    add_row(html, "Reads the configuration of", "Apache {}", product::apache_version);
    add_row(html, "Hostname/port", "{}:{}", server_name_for(request), server_port_for(request));
    add_row(html, "Timeouts", "connection: {}    keep-alive: {}", seconds(core.timeout, 60),
            seconds(core.keep_alive_timeout, 5));
    add_row(html, "MPM Name", "prefork");
    add_row(html, "MPM Information", "Max Daemons: {} Threaded: no Forked: yes",
            processes.max_request_workers);
    add_row(html, "Server Architecture", "{}-bit", 8 * sizeof(void*));
    add_row(html, "Server Root", "{}", served->server_root);
    add_row(html, "Config File", "{}", served->main_file);
    return html + "</dl><hr />";
}

std::string module_list_html() {
    std::string html = "<dl><dt>Server Module List</dt>";
    for (const Module* module : loaded_modules())
        html += fmt::format("<dd>{}</dd>", source_of(*module));
    return html + "</dl><hr />";
}

std::string whole_configuration_html() {
    return "<dl><dt><strong>Configuration:</strong>" +
           configuration_html(served->tree->nodes(), [](const config::Node&) { return true; }) +
           "</dl><hr />";
}

// The phases that a module has a part in, in their order.
std::string phases_html(const Hooks& hooks) {
    const std::pair<std::string_view, bool> phases[] = {
        {"Post Read Request", hooks.read_request || hooks.post_read_request},
        {"Translate Name", hooks.translate_name != nullptr},
        {"Map to Storage", hooks.map_to_storage != nullptr},
        {"Header Parse", hooks.header_parser != nullptr},
        {"Check Access", hooks.access_checker != nullptr},
        {"Verify User ID", hooks.check_user_id != nullptr},
        {"Verify User Access", hooks.auth_checker != nullptr},
        {"Check Type", hooks.type_checker != nullptr},
        {"Fixups", hooks.fixups != nullptr},
        {"Content Handlers", hooks.handler != nullptr},
        {"Filter Response", hooks.filter_response != nullptr},
        {"Logging", hooks.log_transaction != nullptr},
    };
    std::string html;
    for (const auto& [name, takes_part] : phases)
        if (takes_part) html += fmt::format("{}<tt>{}</tt>", html.empty() ? "" : ", ", name);
    return html.empty() ? "<tt><em>none</em></tt>" : html;
}

bool is_of(const Module& module, const config::Node& node) {
    return std::any_of(module.directives.begin(), module.directives.end(),
                       [&](const config::Directive& directive) {
                           return directive.is_section() == node.section &&
                                  iequals(directive.name.substr(node.section ? 1 : 0), node.name);
                       });
}

std::string remarks_html(const Request& request, const std::string& source) {
    std::string html;
    for (const auto& remark : request.of<InfoSettings>().remarks)
        if (remark.module == source) html += fmt::format("<dd>{}</dd>", remark.html);
    return html.empty() ? html : "<dt><strong>Additional Information:</strong>\n</dt>" + html;
}

std::string module_html(const Request& request, const Module& module) {
    const std::string source = source_of(module);
    std::string html =
        fmt::format("<dl><dt><a name=\"{0}\"><strong>Module Name:</strong></a> <font "
                    "size=\"+1\"><tt><a href=\"?{0}\">{0}</a></tt></font></dt>\n"
                    "<dt><strong>Request Phase Participation:</strong>\n{1}</dt>\n"
                    "<dt><strong>Module Directives:</strong></dt>",
                    source, phases_html(module.hooks));
    if (module.directives.empty()) html += "<dd><tt><em>none</em></tt></dd>";
    for (const auto& directive : module.directives)
        html += fmt::format("<dd><tt>{}{} - <i>{}</i></tt></dd>\n", escape_html(directive.name),
                            directive.is_section() ? "&gt;" : "", escape_html(directive.usage));
    if (!module.directives.empty())
        html += "<dt><strong>Current Configuration:</strong></dt>" +
                configuration_html(served->tree->nodes(),
                                   [&](const config::Node& node) { return is_of(module, node); });
    return html + remarks_html(request, source) + "</dl><hr />\n";
}

std::string modules_html(const Request& request, std::string_view wanted) {
    std::string html;
    for (const Module* module : loaded_modules())
        if (wanted.empty() || iequals(wanted, source_of(*module)))
            html += module_html(request, *module);
    return html;
}

std::string overview_html(Request& request) {
    std::string html =
        "<dl><dt><tt>Subpages:<br />"
        "<a href=\"?config\">Configuration Files</a>, <a href=\"?server\">Server Settings</a>, "
        "<a href=\"?list\">Module List</a></tt></dt></dl><hr />\n"
        "<dl><dt><tt>Loaded Modules: <br />";
    for (const Module* module : loaded_modules())
        html += fmt::format("<a href=\"#{0}\">{0}</a>, ", source_of(*module));
    if (html.ends_with(", ")) html.resize(html.size() - 2);
    return html + "</tt></dt></dl><hr />\n" + server_html(request) + modules_html(request, {});
}

std::string page_body(Request& request) {
    const auto query = request.query;
    if (query.empty()) return overview_html(request);
    if (iequals(query, "config")) return whole_configuration_html();
    if (iequals(query, "server")) return server_html(request);
    if (iequals(query, "list")) return module_list_html();
    return modules_html(request, query);
}

Verdict answer(Request& request, Responder& responder) {
    if (request.handler_name != "server-info" || !served) return declined;
    if (request.head.method != http::Method::get && !request.header_only()) return declined;
    request.response.content_type = "text/html; charset=ISO-8859-1";
    const std::string page =
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n"
        "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
        "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
        "  <title>Server Information</title>\n</head>\n"
        "<body><h1 style=\"text-align: center\">Apache Server Information</h1>\n" +
        page_body(request) + std::string(signature(request, "\n")) + "</body></html>\n";
    if (!responder.send(request, page)) request.aborted = true;
    return done;
}

} // namespace

Module info_module() {
    return {
        .name = "info",
        .directives = {{"AddModuleInfo", config::Shape::two,
                        config::server_config | config::virtual_host, config::override_none,
                        config::edits<add_remark>,
                        "a module name and additional information on that module"}},
        .settings = {config::settings_type<InfoSettings>()},
        .hooks = {.child_init = remember_configuration, .handler = answer},
    };
}

} // namespace preforkd
