#include "os/stack_trace.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <execinfo.h>
#include <fmt/format.h>
#include <link.h>
#include <memory>

namespace preforkd {

namespace {

std::string demangle(const char* name) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> plain(
        abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
    return plain ? plain.get() : name;
}

// The linker answers with the nearest symbol below, which need not be the one meant: functions that
// are not exported have none.
bool lies_in(std::uintptr_t address, const Dl_info& found, const ElfW(Sym) * symbol) {
    const auto begin = reinterpret_cast<std::uintptr_t>(found.dli_saddr);
    return found.dli_sname && symbol && address >= begin && address - begin < symbol->st_size;
}

} // namespace

void prepare_stack_traces() {
    std::array<void*, 1> nowhere;
    ::backtrace(nowhere.data(), static_cast<int>(nowhere.size()));
}

std::size_t take_stack(std::uintptr_t place, std::span<std::uintptr_t> frames) {
    constexpr std::size_t handler_frames = 8; // more than there ever are
    std::array<void*, 64 + handler_frames> found;
    const int depth = ::backtrace(found.data(), static_cast<int>(found.size()));
    void** const end = found.data() + std::max(depth, 0);
    void** begin = std::find(found.data(), end, reinterpret_cast<void*>(place));
    if (frames.empty()) return 0;
    std::size_t count = 0;
    frames[count++] = place;
    // A jump to nowhere leaves nothing to find the way back by.
    if (begin != end) ++begin;
    for (; begin != end && count < frames.size(); ++begin)
        frames[count++] = reinterpret_cast<std::uintptr_t>(*begin);
    return count;
}

std::string describe_code(std::uintptr_t address) {
    Dl_info found{};
    void* symbol = nullptr;
    const int known = ::dladdr1(reinterpret_cast<void*>(address), &found, &symbol, RTLD_DL_SYMENT);
    if (known == 0 || !found.dli_fname) return fmt::format("[{:#x}]", address);
    std::string text = fmt::format("{}(+{:#x})", found.dli_fname,
                                   address - reinterpret_cast<std::uintptr_t>(found.dli_fbase));
    if (lies_in(address, found, static_cast<const ElfW(Sym)*>(symbol)))
        text += " " + demangle(found.dli_sname);
    return text;
}

} // namespace preforkd
