#include "functions.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <strings.h>
#include <utility>
#include <vector>

#include <SAPI.h>
#include <ext/standard/info.h>
#include <php_ini.h>
#include <preforkd/module.hpp>
extern "C" {
#include <ext/standard/head.h> // says nothing of C++ itself
}

namespace php {

namespace {

using preforkd::sdk::List;
using preforkd::sdk::Request;

Request current() { return Request(static_cast<preforkd_request*>(SG(server_context))); }

std::string_view view(const zend_string* text) { return {ZSTR_VAL(text), ZSTR_LEN(text)}; }

void fill(zval* array, const List& list) {
    array_init(array);
    list.each([&](std::string_view name, std::string_view value) {
        zval text;
        ZVAL_STRINGL(&text, value.data(), value.size());
        zend_symtable_str_update(Z_ARRVAL_P(array), name.data(), name.size(), &text);
    });
}

bool is_same_name(const std::string& one, std::string_view other) {
    return one.size() == other.size() && strncasecmp(one.data(), other.data(), one.size()) == 0;
}

// Fields of one name are one, as in Apache's table of them.
PHP_FUNCTION(apache_request_headers) {
    ZEND_PARSE_PARAMETERS_NONE();
    std::vector<std::pair<std::string, std::string>> fields;
    current().fields().each([&](std::string_view name, std::string_view value) {
        const auto known = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
            return is_same_name(field.first, name);
        });
        if (known == fields.end()) fields.emplace_back(name, value);
        else known->second.append(", ").append(value);
    });
    array_init(return_value);
    for (const auto& [name, value] : fields) {
        zval text;
        ZVAL_STRINGL(&text, value.data(), value.size());
        zend_symtable_str_update(Z_ARRVAL_P(return_value), name.data(), name.size(), &text);
    }
}

PHP_FUNCTION(apache_response_headers) {
    ZEND_PARSE_PARAMETERS_NONE();
    fill(return_value, current().response_fields());
}

void return_text(zval* return_value, std::optional<std::string_view> text) {
    if (!text) RETURN_FALSE;
    RETURN_STRINGL(text->data(), text->size());
}

PHP_FUNCTION(apache_note) {
    zend_string *name = nullptr, *value = nullptr;
    ZEND_PARSE_PARAMETERS_START(1, 2)
    Z_PARAM_STR(name)
    Z_PARAM_OPTIONAL
    Z_PARAM_STR_OR_NULL(value)
    ZEND_PARSE_PARAMETERS_END();
    return_text(return_value, current().notes().find(view(name)));
    if (value) current().notes().set(view(name), view(value));
}

PHP_FUNCTION(apache_setenv) {
    zend_string *name = nullptr, *value = nullptr;
    bool walks_to_top = false;
    ZEND_PARSE_PARAMETERS_START(2, 3)
    Z_PARAM_STR(name)
    Z_PARAM_STR(value)
    Z_PARAM_OPTIONAL
    Z_PARAM_BOOL(walks_to_top)
    ZEND_PARSE_PARAMETERS_END();
    current().variables().set(view(name), view(value));
    RETURN_TRUE;
}

PHP_FUNCTION(apache_getenv) {
    zend_string* name = nullptr;
    bool walks_to_top = false;
    ZEND_PARSE_PARAMETERS_START(1, 2)
    Z_PARAM_STR(name)
    Z_PARAM_OPTIONAL
    Z_PARAM_BOOL(walks_to_top)
    ZEND_PARSE_PARAMETERS_END();
    return_text(return_value, current().variables().find(view(name)));
}

PHP_FUNCTION(apache_get_version) {
    ZEND_PARSE_PARAMETERS_NONE();
    return_text(return_value, current().variables().find("SERVER_SOFTWARE"));
}

PHP_FUNCTION(apache_get_modules) {
    ZEND_PARSE_PARAMETERS_NONE();
    array_init(return_value);
    preforkd::sdk::server->each_module(
        [](void* modules, preforkd_text name, preforkd_text) {
            add_next_index_stringl(static_cast<zval*>(modules), name.data, name.size);
        },
        return_value);
}

void refuse_path(zend_string* path, zval* return_value) {
    php_error_docref(nullptr, E_WARNING, "Unable to include '%s' - error finding URI",
                     ZSTR_VAL(path));
    RETURN_FALSE;
}

PHP_FUNCTION(virtual) {
    zend_string* path = nullptr;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(path)
    ZEND_PARSE_PARAMETERS_END();
    php_output_end_all();
    php_header();
    const int status =
        preforkd::sdk::server->include(current().native(), preforkd::sdk::text(view(path)));
    if (status == PREFORKD_OK) RETURN_TRUE;
    refuse_path(path, return_value);
}

// What is to be known of a path, as an object.
struct Found {
    zval* object;
    long status = 0;
};

void add_fact(void* into, preforkd_text name, preforkd_text value) {
    if (!value.data) return;
    auto& found = *static_cast<Found*>(into);
    if (preforkd::sdk::view(name) == "status") {
        found.status = atol(value.data);
        add_property_long_ex(found.object, name.data, name.size, found.status);
    } else {
        add_property_stringl_ex(found.object, name.data, name.size, value.data, value.size);
    }
}

PHP_FUNCTION(apache_lookup_uri) {
    zend_string* path = nullptr;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(path)
    ZEND_PARSE_PARAMETERS_END();
    Found found{return_value};
    object_init(found.object);
    preforkd::sdk::server->look_up(current().native(), preforkd::sdk::text(view(path)), add_fact,
                                   &found);
    if (found.status == 200) return;
    zval_ptr_dtor(return_value);
    refuse_path(path, return_value);
}

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(takes_nothing, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(takes_one, 0, 0, 1)
ZEND_ARG_TYPE_INFO(0, uri, IS_STRING, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(takes_note, 0, 0, 1)
ZEND_ARG_TYPE_INFO(0, note_name, IS_STRING, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, note_value, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(takes_setting, 0, 0, 2)
ZEND_ARG_TYPE_INFO(0, variable, IS_STRING, 0)
ZEND_ARG_TYPE_INFO(0, value, IS_STRING, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, walk_to_top, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(takes_variable, 0, 0, 1)
ZEND_ARG_TYPE_INFO(0, variable, IS_STRING, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, walk_to_top, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(takes_nothing_answers_text, 0, 0, 0)
ZEND_END_ARG_INFO()

// clang-format off: one a line
const zend_function_entry functions[] = {
    PHP_FE(apache_lookup_uri, takes_one) PHP_FE(virtual, takes_one)
        PHP_FE(apache_request_headers, takes_nothing)
            PHP_FALIAS(getallheaders, apache_request_headers, takes_nothing)
                PHP_FE(apache_response_headers, takes_nothing) PHP_FE(apache_note, takes_note)
                    PHP_FE(apache_setenv, takes_setting) PHP_FE(apache_getenv, takes_variable)
                        PHP_FE(apache_get_version, takes_nothing_answers_text)
                            PHP_FE(apache_get_modules, takes_nothing) PHP_FE_END};

PHP_INI_BEGIN()
ZEND_INI_ENTRY3_EX("xbithack", "0", PHP_INI_ALL, nullptr, nullptr, nullptr, nullptr,
                   zend_ini_boolean_displayer_cb)
ZEND_INI_ENTRY3_EX("engine", "1", PHP_INI_ALL, nullptr, nullptr, nullptr, nullptr,
                   zend_ini_boolean_displayer_cb)
ZEND_INI_ENTRY3_EX("last_modified", "0", PHP_INI_ALL, nullptr, nullptr, nullptr, nullptr,
                   zend_ini_boolean_displayer_cb)
PHP_INI_END()
// clang-format on

PHP_MINIT_FUNCTION(apache_functions) {
    static_cast<void>(type);
    REGISTER_INI_ENTRIES();
    return SUCCESS;
}

PHP_MSHUTDOWN_FUNCTION(apache_functions) {
    static_cast<void>(type);
    UNREGISTER_INI_ENTRIES();
    return SUCCESS;
}

// A table of names and values on the page of phpinfo().
void print_table(const char* title, const char* first, const char* second, const List& list) {
    php_info_print_table_start();
    if (title) php_info_print_table_colspan_header(2, title);
    php_info_print_table_header(2, first, second);
    list.each([](std::string_view name, std::string_view value) {
        php_info_print_table_row(2, std::string(name).c_str(), std::string(value).c_str());
    });
    php_info_print_table_end();
}

PHP_MINFO_FUNCTION(apache_functions) {
    php_info_print_table_start();
    php_info_print_table_row(2, "Server Version", preforkd::sdk::server->version);
    php_info_print_table_end();
    display_ini_entries(zend_module);
    if (!SG(server_context)) return;
    print_table("Apache Environment", "Variable", "Value", current().variables());
    print_table("HTTP Headers Information", "HTTP Request Headers", "", current().fields());
    print_table(nullptr, "HTTP Response Headers", "", current().response_fields());
}

} // namespace

zend_module_entry apache_functions = {STANDARD_MODULE_HEADER,
                                      "apache2handler",
                                      functions,
                                      PHP_MINIT(apache_functions),
                                      PHP_MSHUTDOWN(apache_functions),
                                      nullptr,
                                      nullptr,
                                      PHP_MINFO(apache_functions),
                                      nullptr,
                                      STANDARD_MODULE_PROPERTIES};

} // namespace php
