#include "app/system_checks/socket_owners.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "app/process_table.h"
#include "base/text.h"
#include "os/file.h"

namespace preforkd {

namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
    auto fields = split(line, ' ');
    std::erase_if(fields, [](std::string_view field) { return field.empty(); });
    return fields;
}

// "0100007F" is 127.0.0.1: each group of four bytes stands as this machine's number. Every machine
// that preforkd is built for has its lowest byte first.
std::string packed_address(std::string_view hexadecimal) {
    std::string packed;
    for (std::size_t group = 0; group + 8 <= hexadecimal.size(); group += 8)
        for (std::size_t byte = 4; byte-- > 0;) {
            const auto digits = hexadecimal.substr(group + 2 * byte, 2);
            packed += static_cast<char>(hex_value(digits[0]) * 16 + hex_value(digits[1]));
        }
    return packed;
}

unsigned short port_number(std::string_view hexadecimal) {
    int number = 0;
    for (const char digit : hexadecimal) number = number * 16 + hex_value(digit);
    return static_cast<unsigned short>(number);
}

bool is_any(std::string_view packed) {
    return std::all_of(packed.begin(), packed.end(), [](char byte) { return byte == 0; });
}

bool holds(pid_t pid, const std::set<std::string>& links) {
    const std::string folder = fmt::format("/proc/{}/fd", pid);
    const auto descriptors = names_in_directory(folder);
    if (!descriptors) return false;
    return std::any_of(descriptors->begin(), descriptors->end(), [&](const std::string& name) {
        const auto target = read_link(folder + "/" + name);
        return target && links.contains(*target);
    });
}

} // namespace

std::vector<ListeningSocket> parse_listening_sockets(std::string_view table) {
    constexpr std::string_view listening = "0A";
    std::vector<ListeningSocket> sockets;
    for (const auto line : split(table, '\n')) {
        const auto fields = fields_of(line);
        if (fields.size() < 10 || fields[3] != listening) continue;
        const auto colon = fields[1].find(':');
        if (colon == std::string_view::npos) continue;
        sockets.push_back({packed_address(fields[1].substr(0, colon)),
                           port_number(fields[1].substr(colon + 1)), std::string(fields[9])});
    }
    return sockets;
}

bool overlap(std::string_view packed_a, std::string_view packed_b) {
    return packed_a == packed_b || is_any(packed_a) || is_any(packed_b);
}

std::vector<pid_t> owners_of(std::string_view packed_address, unsigned short port) {
    std::set<std::string> links;
    for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        const auto table = read_whole_file(path);
        if (!table) continue;
        for (const auto& socket : parse_listening_sockets(*table))
            if (socket.port == port && overlap(socket.address, packed_address))
                links.insert("socket:[" + socket.inode + "]");
    }
    std::vector<pid_t> owners;
    if (links.empty()) return owners;
    for (const pid_t pid : all_processes())
        if (holds(pid, links)) owners.push_back(pid);
    return owners;
}

} // namespace preforkd
