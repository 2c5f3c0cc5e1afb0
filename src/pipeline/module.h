// A module: its directives, its settings and its place in the life of a request.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "config/directive.h"
#include "config/reader.h"
#include "config/settings.h"
#include "http/response_writer.h"
#include "os/piped_program.h"
#include "pipeline/expression/functions.h"
#include "pipeline/verdict.h"

namespace preforkd {

class Request;
class Responder;
struct ConnectionOpening;

// Called in this order; a module fills what it needs. Functions are free functions without state:
// what they know stands in settings (configuration) or in the request.
struct Hooks {
    // Once everything is read, also for -t. Fails with what is wrong, for the terminal.
    Status (*check_config)(const config::Configuration&) = nullptr;
    // In the control process, as the user who started it: opens what children inherit. A program
    // that a log is piped to is added to the list, which sees to it that it runs.
    Status (*open_logs)(config::Configuration&, LogPrograms&) = nullptr;
    // In the control process, after that. Fails with a sentence for the error log.
    Status (*post_config)(config::Configuration&) = nullptr;
    // In the control process, about once a second while it serves.
    void (*monitor)() = nullptr;
    // In a child, as the ordinary user, before its first connection.
    void (*child_init)(const config::Configuration&) = nullptr;

    // In a child, before it ends. Also called by a signal handler, whatever that interrupts.
    void (*child_exit)() = nullptr;

    // A connection was accepted, and nothing was read from it.
    void (*pre_connection)(ConnectionOpening&) = nullptr;

    // One request. Each phase runs every module's function (translate_name, map_to_storage,
    // check_user_id, type_checker and handler stop at the first that does not decline).
    Verdict (*read_request)(Request&) = nullptr;        // the head was read, the host is chosen
    Verdict (*post_read_request)(Request&) = nullptr;   // after every read_request
    Verdict (*translate_name)(Request&) = nullptr;      // path → filename
    Verdict (*map_to_storage)(Request&) = nullptr;      // filename → what there is in storage
    Verdict (*header_parser)(Request&) = nullptr;       // all settings are merged now
    Verdict (*access_checker)(Request&) = nullptr;      // by where the client is; done: let in
    Verdict (*check_user_id)(Request&) = nullptr;       // who the client is
    Verdict (*auth_checker)(Request&) = nullptr;        // whether that user may
    Verdict (*type_checker)(Request&) = nullptr;        // content type, handler name, language…
    Verdict (*fixups)(Request&) = nullptr;              // last changes before content
    Verdict (*handler)(Request&, Responder&) = nullptr; // makes the content

    // When the head of a response is about to be sent: may edit request.response and answer a sink
    // around `next` (allocated in the request's arena), or `next` itself.
    http::BodySink* (*filter_response)(Request&, http::BodySink* next) = nullptr;

    // The response is complete, or the client went away.
    void (*log_transaction)(Request&) = nullptr;
};

struct Module {
    std::string_view name; // Apache's without "mod_": "alias"
    bool built_in = false; // there without LoadModule
    std::vector<config::Directive> directives = {};
    std::vector<config::SettingsType> settings = {};
    Hooks hooks = {};
    // Where Apache's file name or identifier is not mod_NAME.c and NAME_module ("core.c").
    std::string_view source = {};
    std::string_view identifier = {};
    // What it offers to expressions: a variable, whose name comes in capitals, a function that
    // answers a text, and one that answers a list. Each answers nothing for a name that it does not
    // have.
    expression::VariableReader (*expression_variable)(std::string_view name) = nullptr;
    expression::StringFunction (*expression_function)(std::string_view name) = nullptr;
    expression::ListFunction (*expression_list)(std::string_view name) = nullptr;
};

// All compiled-in modules in hook order, defined by modules/all_modules.cpp.
const std::vector<Module>& all_modules();

} // namespace preforkd
