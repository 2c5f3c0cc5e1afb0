// max_execution_time and max_input_time, in seconds of CPU time. PHP would set a timer three times in
// each request, for what is hardly ever reached; here one ticks once a second of a child's CPU time,
// and a request is allowed so many ticks.
#pragma once

namespace php {

// Once PHP is started: its own timer stays unused from here on.
void take_over_time_limit();

// The two parts of a request, and its end. A script that asks for another limit has all of it from
// there on.
void limit_input();
void limit_execution();
void limit_nothing();

} // namespace php
