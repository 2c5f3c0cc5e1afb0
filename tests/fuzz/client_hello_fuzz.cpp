// What a TLS client says first. The bytes are a server_name extension, and the beginning of a
// connection.
#include "fuzz/input.h"
#include "net/tls_client_hello.h"
#include "net/tls_stream.h"
#include "support/scripted_stream.h"

namespace {

using namespace preforkd;

// No certificate is needed to read a ClientHello.
const net::TlsContext& context() {
    static const auto made = net::TlsContext::create({}, {});
    return **made;
}

const net::TlsContext* choose(std::string_view name) {
    fuzz::must(!name.empty() && name.size() <= 255 && name.find('\0') == std::string_view::npos);
    return name.starts_with('a') ? &context() : nullptr;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (const auto name = net::requested_host({data, size})) choose(*name);
    testing::ScriptedStream client;
    client.say(fuzz::text_of(data, size));
    net::TlsStream stream(client, context(), choose);
    const auto outcome = stream.shake_hands([](std::size_t received) {
        fuzz::must(received < (1 << 20));
        return Deadline::after(std::chrono::seconds(1));
    });
    fuzz::must(outcome != net::TlsStream::Opening::done);
    stream.conclude();
    return 0;
}
