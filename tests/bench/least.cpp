// The least that one process a connection can do: system calls that no such server can leave out,
// and nothing else. What it takes is the kernel's, and the floor of what a server of that kind can
// reach.
//
//   least PORT LOG FILE           receive, look for the file, send a 404 page, log
//   least PORT LOG to OTHER_PORT  receive, send on, receive the answer, send it back, log
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr int children = 40;
constexpr std::string_view log_line =
    "127.0.0.1 - - [01/Jan/2026:00:00:00 +0000] \"GET /missing HTTP/1.1\" 404 434 \"-\" \"-\"\n";

const std::string& not_found() {
    static const std::string page(280, 'x');
    static const std::string text =
        "HTTP/1.1 404 Not Found\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nServer: least\r\n"
        "Content-Length: " +
        std::to_string(page.size()) + "\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n" +
        page;
    return text;
}

sockaddr_in local(const char* port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<unsigned short>(std::atoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

int make_socket() {
    const int made = ::socket(AF_INET, SOCK_STREAM, 0), on = 1;
    ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return made;
}

void set_options(int connection) {
    const int on = 1;
    const timeval patience{60, 0};
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

struct Task {
    int log;
    const char* file = nullptr;       // that is not there
    const char* other_port = nullptr; // or a server behind this one
};

int open_other(const char* port) {
    const int other = make_socket();
    const auto address = local(port);
    if (::connect(other, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail("connect");
    set_options(other);
    return other;
}

// One request; false at the connection's end.
bool answer(int connection, int other, const Task& task) {
    static char buffer[16384];
    ssize_t size = ::recv(connection, buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    std::string_view response = not_found();
    if (task.file) {
        struct stat facts;
        ::stat(task.file, &facts);
    } else {
        ::send(other, buffer, static_cast<std::size_t>(size), MSG_NOSIGNAL);
        size = ::recv(other, buffer, sizeof buffer, 0);
        if (size <= 0) return false;
        response = {buffer, static_cast<std::size_t>(size)};
    }
    return ::send(connection, response.data(), response.size(), MSG_NOSIGNAL) >= 0 &&
           ::write(task.log, log_line.data(), log_line.size()) >= 0;
}

[[noreturn]] void serve(int listener, const Task& task) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true) {
        const int connection = ::accept(listener, nullptr, nullptr);
        if (connection < 0) continue;
        set_options(connection);
        const int other = task.other_port ? open_other(task.other_port) : -1;
        while (answer(connection, other, task)) {
        }
        ::close(connection);
        ::close(other);
    }
}

} // namespace

int main(int count, char** words) {
    if (count < 4) return 2;
    const int listener = make_socket();
    const auto address = local(words[1]);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener, 511) != 0)
        fail("listen");
    Task task{::open(words[2], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644)};
    if (task.log < 0) fail(words[2]);
    (count > 4 ? task.other_port : task.file) = words[count - 1];
    for (int i = 0; i < children; ++i)
        if (::fork() == 0) serve(listener, task);
    while (::wait(nullptr) > 0) {
    }
}
