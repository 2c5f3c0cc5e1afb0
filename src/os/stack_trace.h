// Where a process is: addresses, taken in a signal handler by the process that dies, and their
// names, found by another that was forked from the same one.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace preforkd {

// Loads what a trace needs. Once, before the fork: a process that crashes can load nothing.
void prepare_stack_traces();

// Fills `frames` from the inside out and answers how many there are. The first is `place`, where a
// signal interrupted the process; what the handler added is left out. May run in a signal handler.
std::size_t take_stack(std::uintptr_t place, std::span<std::uintptr_t> frames);

// "/usr/sbin/preforkd(+0x1234) preforkd::serve(int)", as much of it as is known; the offset is what
// addr2line takes. Looks `address` up, and never at it.
std::string describe_code(std::uintptr_t address);

} // namespace preforkd
