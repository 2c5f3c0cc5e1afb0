// The bridge between PHP and a request: what PHP calls a server API. PHP leaves functions by
// longjmp, so that nothing in here that is called while it runs may own anything.
#include "engine.h"

#include <cstdlib>
#include <cstring>
#include <strings.h>
#include <syslog.h>
#include <unistd.h>

#include <SAPI.h>
#include <php.h>
#include <php_ini.h>
#include <php_main.h>
#include <php_output.h>
#include <php_variables.h>
#include <zend_highlight.h>
#include <zend_signal.h>

#include "functions.h"
#include "time_limit.h"
#include "working_folder.h"

extern "C" {
#include <ext/standard/basic_functions.h> // says nothing of C++ itself
}

namespace php {

namespace {

bool has_request() { return SG(server_context) != nullptr; }
Request current() { return Request(static_cast<preforkd_request*>(SG(server_context))); }

// With a zero byte behind it, as long as the request; nullptr for no text.
char* c_string(const Request& request, std::string_view text) {
    if (!text.data()) return nullptr;
    auto* copy =
        static_cast<char*>(preforkd::sdk::server->allocate(request.native(), text.size() + 1));
    std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
    return copy;
}

// The status that tells the client why its content could not be read, or 0.
int content_failure = 0;

// A script that has seen half of the content has no answer to the whole.
bool drops_output() { return content_failure != 0 && current().number(PREFORKD_HEAD_IS_SENT) == 0; }

std::size_t write_output(const char* bytes, std::size_t size) {
    if (drops_output()) return size;
    if (!current().write({bytes, size})) php_handle_aborted_connection();
    return size;
}

void flush_output(void* context) {
    if (!context || drops_output()) return;
    sapi_send_headers();
    if (!current().flush()) php_handle_aborted_connection();
}

char* find_variable(const char* name, std::size_t size) {
    return c_string(current(),
                    current().variables().find({name, size}).value_or(std::string_view()));
}

// "Name: value" without spaces around the value.
struct HeaderLine {
    std::string_view name, value;
    explicit HeaderLine(std::string_view line) : name(line.substr(0, line.find(':'))) {
        value = name.size() < line.size() ? line.substr(name.size() + 1) : std::string_view();
        while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    }
};

void clear_fields() {
    const auto fields = current().response_fields();
    fields.each([&](std::string_view name, std::string_view) { fields.remove(name); });
}

int change_header(sapi_header_struct* header, sapi_header_op_enum operation, sapi_headers_struct*) {
    const auto fields = current().response_fields();
    if (operation == SAPI_HEADER_DELETE_ALL) clear_fields();
    if (operation == SAPI_HEADER_DELETE_ALL || operation == SAPI_HEADER_SET_STATUS) return 0;
    const HeaderLine line({header->header, header->header_len});
    if (operation == SAPI_HEADER_DELETE) {
        fields.remove(line.name);
        return 0;
    }
    if (line.name.size() == header->header_len) return 0; // no colon
    if (operation == SAPI_HEADER_ADD) fields.add(line.name, line.value);
    else fields.set(line.name, line.value);
    return SAPI_HEADER_ADD;
}

// "HTTP/1.1 404 Not Here" → "Not Here". A line about another status was overruled.
std::string_view reason_of(const char* status_line, int status) {
    constexpr std::size_t number_at = sizeof "HTTP/1.1";
    const std::string_view line(status_line ? status_line : "");
    if (!line.starts_with("HTTP/1.") || line.size() < number_at) return {};
    const auto number = std::to_string(status) + ' ';
    const auto rest = line.substr(number_at);
    return rest.starts_with(number) ? rest.substr(number.size()) : std::string_view();
}

int send_headers(sapi_headers_struct* headers) {
    const Request request = current();
    const int status = headers->http_response_code;
    request.set_status(status, reason_of(headers->http_status_line, status));
    if (headers->send_default_content_type) {
        char* usual = sapi_get_default_content_type();
        request.set_content_type(usual);
        efree(usual);
    }
    return SAPI_HEADER_SENT_SUCCESSFULLY;
}

std::size_t read_content(char* into, std::size_t size) {
    std::size_t so_far = 0;
    while (so_far < size) {
        const auto count = current().read(into + so_far, size - so_far);
        if (count < 0) content_failure = static_cast<int>(-count);
        if (count <= 0) break;
        so_far += static_cast<std::size_t>(count);
    }
    return so_far;
}

char* read_cookies() {
    const auto cookies = current().fields().find("Cookie");
    return cookies ? c_string(current(), *cookies) : nullptr;
}

void register_variable(const Request& request, std::string_view name, std::string_view value,
                       zval* into) {
    char* text = c_string(request, value);
    std::size_t size = value.size();
    char* copy = estrndup(text ? text : "", size); // a filter may put another in its place
    if (sapi_module.input_filter(PARSE_SERVER, c_string(request, name), &copy, size, &size))
        php_register_variable_safe(c_string(request, name), copy, size, into);
    efree(copy);
}

void register_server_variables(zval* into) {
    const Request request = current();
    request.variables().each([&](std::string_view name, std::string_view value) {
        register_variable(request, name, value, into);
    });
    register_variable(request, "PHP_SELF", request.path(), into);
}

preforkd_level level_of(int priority) {
    switch (priority) {
    case LOG_EMERG: return PREFORKD_EMERGENCY;
    case LOG_ALERT: return PREFORKD_ALERT;
    case LOG_CRIT: return PREFORKD_CRITICAL;
    case LOG_WARNING: return PREFORKD_WARNING;
    case LOG_NOTICE: return PREFORKD_NOTICE;
    case LOG_INFO: return PREFORKD_INFO;
    case LOG_DEBUG: return PREFORKD_DEBUG;
    default: return PREFORKD_ERROR;
    }
}

void log_message(const char* message, int priority) {
    if (has_request()) current().log(level_of(priority), message);
    else preforkd::sdk::log(level_of(priority), message);
}

zend_result request_time(double* seconds) {
    *seconds = static_cast<double>(current().number(PREFORKD_RECEIVED_AT)) / 1e6;
    return SUCCESS;
}

int begin_module(sapi_module_struct* self) { return php_module_startup(self, &apache_functions); }

// Its name is that of Apache's: applications ask for it, and opcache works with names it knows.
sapi_module_struct server_api = [] {
    sapi_module_struct made{};
    made.name = const_cast<char*>("apache2handler");
    made.pretty_name = const_cast<char*>("Apache 2.0 Handler");
    made.startup = begin_module;
    made.shutdown = php_module_shutdown_wrapper;
    made.ub_write = write_output;
    made.flush = flush_output;
    made.getenv = find_variable;
    made.sapi_error = php_error;
    made.header_handler = change_header;
    made.send_headers = send_headers;
    made.read_post = read_content;
    made.read_cookies = read_cookies;
    made.register_server_variables = register_server_variables;
    made.log_message = log_message;
    made.get_request_time = request_time;
    return made;
}();

bool is_started = false;

// Debian keeps the settings of each server API in a folder of its own; these were made for Apache's
// module, and are its successor's.
#define PREFORKD_PHP_TEXT_OF(number) #number
#define PREFORKD_PHP_TEXT(number) PREFORKD_PHP_TEXT_OF(number)
constexpr const char* debians_folder = "/etc/php/" PREFORKD_PHP_TEXT(
    PHP_MAJOR_VERSION) "." PREFORKD_PHP_TEXT(PHP_MINOR_VERSION) "/apache2";

void choose_ini_files(const std::string& folder) {
    static std::string chosen; // PHP keeps a pointer to it
    const bool has_debians = ::access(debians_folder, X_OK) == 0;
    chosen = !folder.empty() ? folder : has_debians ? debians_folder : "";
    server_api.php_ini_path_override = chosen.empty() ? nullptr : chosen.data();
    if (has_debians)
        ::setenv("PHP_INI_SCAN_DIR", (std::string(debians_folder) + "/conf.d").c_str(), 0);
}

void fill_request_info(const Request& request) {
    auto& info = SG(request_info);
    SG(server_context) = request.native();
    SG(sapi_headers).http_response_code = static_cast<int>(request.number(PREFORKD_STATUS));
    info.request_method = c_string(request, request.method());
    info.query_string = c_string(request, request.query());
    info.request_uri = c_string(request, request.path());
    info.path_translated = c_string(request, request.filename());
    info.content_type =
        c_string(request, request.fields().find("Content-Type").value_or(std::string_view()));
    info.content_length = std::max<std::int64_t>(0, request.number(PREFORKD_CONTENT_LENGTH));
    info.proto_num = request.fact(PREFORKD_PROTOCOL) == "HTTP/1.0" ? 1000 : 1001;
    info.headers_only = request.number(PREFORKD_HEADER_ONLY) != 0;
}

void tell_user(const Request& request) {
    auto& info = SG(request_info);
    php_handle_auth_data(
        c_string(request, request.fields().find("Authorization").value_or(std::string_view())));
    if (!info.auth_user && request.has(PREFORKD_USER))
        info.auth_user = estrdup(c_string(request, request.fact(PREFORKD_USER)));
    if (info.auth_user) request.set_fact(PREFORKD_USER, info.auth_user);
}

void show(const Request& request, Show what) {
    if (what == Show::source) {
        zend_syntax_highlighter_ini colours;
        php_get_highlight_struct(&colours);
        highlight_file(c_string(request, request.filename()), &colours);
        return;
    }
    zend_file_handle file;
    zend_stream_init_filename(&file, c_string(request, request.filename()));
    file.primary_script = true;
    php_execute_script(&file);
    zend_destroy_file_handle(&file);
}

// A script that another includes by virtual(): in the other's request.
int run_within(const Request& request, Show what) {
    void* outer = SG(server_context);
    const int options = SG(options);
    SG(server_context) = request.native();
    SG(options) &= ~SAPI_OPTION_NO_CHDIR; // the other goes on in its own folder
    zend_try { show(request, what); }
    zend_end_try();
    SG(options) = options;
    SG(server_context) = outer;
    return PREFORKD_OK;
}

} // namespace

bool start_engine(const std::string& folder) {
    if (is_started) {
        server_api.shutdown(&server_api);
        sapi_shutdown();
    }
    choose_ini_files(folder);
    zend_signal_startup();
    sapi_startup(&server_api);
    is_started = server_api.startup(&server_api) == SUCCESS;
    // The signals of a child are the server's; PHP takes but the one of its time limit.
    SIGG(reset) = 0;
    if (is_started) take_over_time_limit();
    else preforkd::sdk::log(PREFORKD_ERROR, "PHP could not be started");
    return is_started;
}

bool is_engine_on() { return zend_ini_long(const_cast<char*>("engine"), strlen("engine"), 0) != 0; }

int run_script(const Request& request, Show what) {
    preforkd::sdk::server->add_script_variables(request.native());
    if (has_request()) return run_within(request, what);
    for (const auto* name : {"Content-Length", "Last-Modified", "Expires", "ETag"})
        request.response_fields().remove(name);
    fill_request_info(request);
    content_failure = 0;
    SG(options) = stay_beside(SG(request_info).path_translated) ? SAPI_OPTION_NO_CHDIR : 0;
    limit_input();
    zend_first_try {
        tell_user(request);
        // What a form has sent is read here: a script must not take half of it for all.
        if (php_request_startup() == SUCCESS && content_failure == 0) {
            limit_execution();
            show(request, what);
        }
    }
    zend_end_try();
    php_request_shutdown(nullptr);
    limit_nothing();
    SG(server_context) = nullptr;
    return content_failure != 0 ? content_failure : PREFORKD_OK;
}

} // namespace php
