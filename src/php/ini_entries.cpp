// The rows of the directive table, and what they do to PHP's own table of settings.
#include "ini_entries.h"

#include <algorithm>
#include <php.h>
#include <strings.h>

namespace php {

namespace {

using preforkd::sdk::view;

constexpr unsigned in_servers = PREFORKD_IN_SERVER | PREFORKD_IN_VIRTUAL_HOST;
constexpr unsigned anywhere = in_servers | PREFORKD_IN_DIRECTORY | PREFORKD_IN_HTACCESS;

IniEntry* find(std::vector<IniEntry>& entries, const std::string& name) {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const IniEntry& entry) { return entry.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

// In one section the last word counts, whatever its kind.
void say(std::vector<IniEntry>& entries, IniEntry entry) {
    if (auto* known = find(entries, entry.name)) *known = std::move(entry);
    else entries.push_back(std::move(entry));
}

// What the administrator says of what is around it stays.
void overrule(std::vector<IniEntry>& outer, const IniEntry& entry) {
    const auto* known = find(outer, entry.name);
    if (!known || entry.is_admin >= known->is_admin) say(outer, entry);
}

bool is(const std::string& text, const char* word) { return strcasecmp(text.c_str(), word) == 0; }

template <bool IsAdmin, bool IsFlag>
const char* set_entry(void* settings, const preforkd_invocation* said) {
    std::string value(view(said->arguments[1]));
    if (IsFlag) value.assign(1, is(value, "on") || value == "1" ? '1' : '0');
    else if (is(value, "none")) value.clear();
    say(static_cast<Settings*>(settings)->entries, {.name = std::string(view(said->arguments[0])),
                                                    .value = value,
                                                    .is_admin = IsAdmin,
                                                    .in_htaccess = said->in_htaccess != 0});
    return nullptr;
}

const char* set_folder(void* settings, const preforkd_invocation* said) {
    const auto path = view(said->arguments[0]);
    auto& folder = static_cast<Settings*>(settings)->ini_folder;
    folder = path.starts_with('/') ? "" : std::string(said->server_root) + "/";
    folder += path;
    return nullptr;
}

const preforkd_directive rows[] = {
    {"php_value", PREFORKD_TWO, anywhere, PREFORKD_OVERRIDE_OPTIONS, "PHP Value Modifier",
     set_entry<false, false>},
    {"php_flag", PREFORKD_TWO, anywhere, PREFORKD_OVERRIDE_OPTIONS, "PHP Flag Modifier",
     set_entry<false, true>},
    {"php_admin_value", PREFORKD_TWO, in_servers | PREFORKD_IN_DIRECTORY, 0,
     "PHP Value Modifier (Admin)", set_entry<true, false>},
    {"php_admin_flag", PREFORKD_TWO, in_servers | PREFORKD_IN_DIRECTORY, 0,
     "PHP Flag Modifier (Admin)", set_entry<true, true>},
    {"PHPINIDir", PREFORKD_ONE, in_servers, 0, "Directory containing the php.ini file", set_folder},
};

} // namespace

void Settings::inherit_from(const Settings& outer) {
    std::vector<IniEntry> merged = outer.entries;
    for (const auto& entry : entries) overrule(merged, entry);
    entries = std::move(merged);
    if (ini_folder.empty()) ini_folder = outer.ini_folder;
}

std::span<const preforkd_directive> directives() { return rows; }

void apply(const Settings& settings) {
    for (const auto& [name, value, is_admin, in_htaccess] : settings.entries) {
        zend_string* key = zend_string_init(name.data(), name.size(), 0);
        zend_alter_ini_entry_chars(key, value.data(), value.size(),
                                   is_admin ? PHP_INI_SYSTEM : PHP_INI_PERDIR,
                                   in_htaccess ? PHP_INI_STAGE_HTACCESS : PHP_INI_STAGE_ACTIVATE);
        zend_string_release(key);
    }
}

void take_back(const Settings& settings) {
    for (const auto& entry : settings.entries) {
        zend_string* key = zend_string_init(entry.name.data(), entry.name.size(), 0);
        zend_restore_ini_entry(key, PHP_INI_STAGE_SHUTDOWN);
        zend_string_release(key);
    }
}

} // namespace php
