// PHP in the process: started once in the control process, so that its children share what it keeps
// (opcache), and asked for one script after the other in each child.
#pragma once

#include <string>

#include <preforkd/module.hpp>

namespace php {

using preforkd::sdk::Request;

// Reads php.ini of `folder` (Apache: PHPINIDir), or Debian's for Apache where it is empty. A second
// call ends what the first has started. False after a line in the log.
bool start_engine(const std::string& folder);

// Runs the script of the request, or shows its source. Answers as a handler does.
enum class Show : unsigned char { result, source };
int run_script(const Request& request, Show show);

// Whether PHP is switched on for the request, whose settings are in force (php_flag engine).
bool is_engine_on();

} // namespace php
