#include "time_limit.h"

#include <csignal>
#include <cstring>
#include <ctime>

#include <php.h>
#include <php_ini.h>

namespace php {

namespace {

zend_long execution_limit = 0; // max_execution_time; 0: none
zend_long input_limit = -1;    // max_input_time; -1: as above
bool is_running = false;

// What holds now, and the ticks until it is over; 0: no limit.
volatile zend_long limit = 0, ticks_left = 0;

void allow(zend_long seconds) {
    limit = seconds;
    ticks_left = seconds > 0 ? seconds + 1 : 0; // the first tick may be near
}

// What PHP would do when its own timer ends: SIGPROF's handler is its.
void tick(int) {
    if (ticks_left == 0) return;
    ticks_left = ticks_left - 1;
    if (ticks_left > 0) return;
    EG(timeout_seconds) = limit; // said in the message
    std::raise(SIGPROF);
}

int set_execution_limit(zend_ini_entry*, zend_string* new_value, void*, void*, void*, int) {
    execution_limit = ZEND_ATOL(ZSTR_VAL(new_value));
    if (is_running) allow(execution_limit);
    return SUCCESS;
}

int set_input_limit(zend_ini_entry*, zend_string* new_value, void*, void*, void*, int) {
    input_limit = ZEND_ATOL(ZSTR_VAL(new_value));
    return SUCCESS;
}

using OnModify = decltype(zend_ini_entry::on_modify);

// The setting's value, which comes to `on_modify` whenever it changes.
zend_long watch(const char* name, OnModify on_modify) {
    auto* entry = static_cast<zend_ini_entry*>(
        zend_hash_str_find_ptr(EG(ini_directives), name, std::strlen(name)));
    entry->on_modify = on_modify;
    return ZEND_ATOL(ZSTR_VAL(entry->value));
}

// Once a child, for its first script: a child that has none should not pay for it.
bool start_ticking() {
    std::signal(SIGPROF, SIG_IGN); // until PHP wants it
    struct sigaction action {};
    action.sa_handler = tick;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGVTALRM, &action, nullptr);
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGVTALRM;
    timer_t timer{};
    itimerspec each_second{};
    each_second.it_interval.tv_sec = each_second.it_value.tv_sec = 1;
    return ::timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) == 0 &&
           ::timer_settime(timer, 0, &each_second, nullptr) == 0;
}

} // namespace

void take_over_time_limit() {
    execution_limit = watch("max_execution_time", set_execution_limit);
    input_limit = watch("max_input_time", set_input_limit);
    EG(timeout_seconds) = 0;
    PG(max_input_time) = -1; // no limit of its own
}

void limit_input() {
    [[maybe_unused]] static const bool is_ticking = start_ticking();
    is_running = true;
    allow(input_limit == -1 ? execution_limit : input_limit);
}

void limit_execution() { allow(execution_limit); }

void limit_nothing() {
    is_running = false;
    ticks_left = 0;
    if (EG(timeout_seconds) != 0)
        zend_unset_timeout(); // PHP grants what was over some seconds more
    EG(timeout_seconds) = 0;
}

} // namespace php
