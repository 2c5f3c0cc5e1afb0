// php_value and its kin: settings of PHP that the server's configuration makes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <preforkd/module.hpp>

namespace php {

// One of them, in one section.
struct IniEntry {
    std::string name, value;
    bool is_admin = false;    // php_admin_…: neither .htaccess nor a script may change it
    bool in_htaccess = false; // where it stands
};

struct Settings {
    std::vector<IniEntry> entries;
    std::string ini_folder; // PHPINIDir

    void inherit_from(const Settings& outer);
};

std::span<const preforkd_directive> directives();

// Puts the entries in force, until the request of PHP ends.
void apply(const Settings& settings);
// Takes them back where no request of PHP was begun.
void take_back(const Settings& settings);

} // namespace php
