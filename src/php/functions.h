// Functions that PHP's applications know from Apache's module: apache_request_headers and the like.
#pragma once

#include <php.h>

namespace php {

// The extension "apache2handler": these functions, the settings that mod_php has, its part of
// phpinfo().
extern zend_module_entry apache_functions;

} // namespace php
