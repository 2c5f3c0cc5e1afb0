// What an application that speaks FastCGI answers: pieces are the same however the bytes are cut.
#include <string>

#include "fuzz/input.h"
#include "modules/proxy/fcgi/records.h"

namespace preforkd {

namespace {

std::string read(std::string_view bytes, std::size_t piece_size) {
    fcgi::RecordReader reader;
    std::string output;
    while (!bytes.empty() && reader.problem() == fcgi::RecordReader::Problem::none) {
        auto part = bytes.substr(0, piece_size);
        bytes.remove_prefix(part.size());
        while (!part.empty() && reader.problem() == fcgi::RecordReader::Problem::none) {
            const auto piece = reader.take(part);
            if (piece.kind == fcgi::RecordReader::Kind::end) return output + "|";
            output += piece.content;
        }
    }
    return output;
}

} // namespace

} // namespace preforkd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    const auto bytes = fuzz::text_of(data, size);
    fuzz::must(read(bytes, 1) == read(bytes, bytes.size() + 1));
    return 0;
}
