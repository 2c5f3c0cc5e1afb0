// <!--#exec -->: a command of the shell, or a script.
#include <fmt/format.h>

#include "base/text.h"
#include "modules/content/include/codings.h"
#include "modules/content/include/included.h"
#include "os/script_program.h"
#include "pipeline/core_settings.h"
#include "pipeline/script_settings.h"
#include "pipeline/subrequest.h"

namespace preforkd::ssi {

namespace {

std::vector<std::string> environment_of(const Document& document) {
    std::vector<std::string> environment;
    for (const auto& variable : document.request.variables)
        environment.push_back(
            fmt::format("{}={}", variable.name, document.find(variable.name).value_or("")));
    return environment;
}

// What the command writes goes to the client as it comes.
Status run_command(Document& document, const std::string& command) {
    const auto& filename = document.request.filename;
    auto program =
        ScriptProgram::start({.words = {"/bin/sh", "-c", command},
                              .environment = environment_of(document),
                              .folder = std::string(filename.substr(0, filename.rfind('/') + 1)),
                              .limits = document.request.of<ScriptSettings>().limits()});
    if (!program) return program.error();
    return program->finish({.output = [&](std::string_view text) {
        document.print(text);
        return document.written();
    }});
}

// A script that leads elsewhere is a link there.
void print_link(Document& document, std::string_view url) {
    const auto escaped = escape_html(url);
    document.print(fmt::format("<a href=\"{0}\">{0}</a>", escaped));
}

// A script is run whatever its name, with what followed the document's. Answers whether there is
// one.
bool run_script(Document& document, const std::string& path) {
    Request& found = look_up_uri(document.request, path);
    if (found.response.status != 200 || found.storage.kind != Storage::Kind::regular ||
        !found.path_info.empty() || found.has_query)
        return false;
    found.path_info = document.request.path_info;
    found.query = document.request.query;
    found.has_query = document.request.has_query;
    found.handler_name = "cgi-script";
    const auto verdict = run_subrequest(found, *document.next);
    if (verdict.is_refusal() && verdict.status() / 100 == 3)
        print_link(document, found.response.fields.value_or_empty(http::FieldId::location));
    return true;
}

// Scripts are mod_cgi's, and so are the messages about them.
void fail(Document& document, std::string_view why, int code = 0) {
    document.request.log("cgi", log::Level::error, why, code);
    document.print(document.error_text);
}

} // namespace

void obey_exec(Document& document, const Element& element) {
    const auto file = document.request.filename;
    const bool some = !element.attributes.empty();
    const auto nothing = fmt::format("AH03195: missing argument for exec element in {}", file);
    if (!document.printing) {
        if (!some) document.request.log("cgi", log::Level::warn, nothing);
        return;
    }
    if (!some) return fail(document, nothing);
    const unsigned options = document.request.of<CoreDirectorySettings>().effective_options();
    if (!(options & option_includes))
        return fail(document, fmt::format("AH01228: exec used but not allowed in {}", file));
    for (const auto& attribute : element.attributes) {
        if (!attribute.value) return;
        const bool command = attribute.name == "cmd";
        if (!command && attribute.name != "cgi")
            return fail(document, fmt::format("AH01231: unknown parameter \"{}\" to tag exec in {}",
                                              attribute.name, file));
        const auto text = document.expand(decode_entities(*attribute.value));
        if (!command) {
            if (run_script(document, text)) continue;
            return fail(document, fmt::format("AH01230: invalid CGI ref \"{}\" in {}", text, file));
        }
        if (const auto run = run_command(document, text); !run)
            return fail(
                document,
                fmt::format("AH01229: execution failure for parameter \"{}\" to tag exec in "
                            "file {}",
                            attribute.name, file),
                run.error().code);
    }
}

} // namespace preforkd::ssi
