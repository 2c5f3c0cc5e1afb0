// PHP as a module of the server, in the place of Apache's mod_php.
#include <preforkd/module.hpp>

#include "engine.h"
#include "ini_entries.h"

namespace {

using php::Request;
using php::Settings;

int start(const void* main, const char*) {
    const auto* settings = static_cast<const Settings*>(main);
    return php::start_engine(settings ? settings->ini_folder : std::string()) ? 0 : -1;
}

int refuse(const Request& request, int status, std::string_view before, std::string_view after) {
    request.log(PREFORKD_ERROR,
                std::string(before) + std::string(request.filename()) + std::string(after));
    return status;
}

// PREFORKD_OK where there is a script to run.
int check(const Request& request) {
    const bool has_rest = !request.fact(PREFORKD_PATH_INFO).empty();
    if (has_rest && request.number(PREFORKD_ACCEPTS_PATH_INFO) == 0) return 404;
    if (!request.number(PREFORKD_FILE_EXISTS))
        return refuse(request, 404, "script '", "' not found or unable to stat");
    if (!request.number(PREFORKD_FILE_IS_REGULAR))
        return refuse(request, 403, "attempt to invoke directory '", "' as script");
    return PREFORKD_OK;
}

int handle(preforkd_request* native) {
    const Request request(native);
    const auto handler = request.handler();
    const bool shows_source = handler == "application/x-httpd-php-source";
    if (!shows_source && handler != "application/x-httpd-php" && handler != "php-script")
        return PREFORKD_DECLINED;
    const auto& settings = request.settings<Settings>();
    php::apply(settings);
    const int answer = php::is_engine_on() ? check(request) : PREFORKD_DECLINED;
    if (answer == PREFORKD_OK)
        return php::run_script(request, shows_source ? php::Show::source : php::Show::result);
    php::take_back(settings);
    return answer;
}

const preforkd_module module = [] {
    preforkd_module made{};
    made.abi = PREFORKD_ABI;
    made.size = sizeof made;
    made.name = "php";
    made.directives = php::directives().data();
    made.directive_count = php::directives().size();
    made.create_settings = preforkd::sdk::SettingsOf<Settings>::create;
    made.merge_settings = preforkd::sdk::SettingsOf<Settings>::merge;
    made.destroy_settings = preforkd::sdk::SettingsOf<Settings>::destroy;
    made.start = start;
    made.handler = handle;
    return made;
}();

} // namespace

extern "C" const preforkd_module* preforkd_module_open(const preforkd_server* server) {
    preforkd::sdk::server = server;
    return server->abi == PREFORKD_ABI ? &module : nullptr;
}
