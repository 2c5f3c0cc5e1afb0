// A request as a module from outside sees it.
#pragma once

#include "os/unique_fd.h"
#include "pipeline/request.h"
#include "preforkd/module.h"

// While one function of one module works on it.
struct preforkd_request {
    preforkd::Request& request;
    std::string_view module;
    const void* settings;                         // the module's own, for this request
    preforkd::Responder* responder = nullptr;     // in a handler
    preforkd::http::BodySink* content = nullptr;  // once the head is on its way
    preforkd::http::BodySink* filtered = nullptr; // in a filter: where content goes on
    bool client_is_gone = false;
};

namespace preforkd {

// What a module says and asks apart from any request is about `configuration`, and is `module`'s.
void work_outside(const config::Configuration& configuration, std::string_view module);

// What modules are given, the same for all of them.
const preforkd_server& functions_for_modules();

} // namespace preforkd
