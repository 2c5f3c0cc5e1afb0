// Dates: what is read can be written, and is read again as the same.
#include "fuzz/input.h"
#include "http/date.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace preforkd;
    constexpr std::time_t end_of_year_9999 = 253'402'300'800;
    const auto date = http::parse_date(fuzz::text_of(data, size));
    if (!date || *date >= end_of_year_9999) return 0;
    const auto written = http::format_date(*date);
    fuzz::must(http::parse_date({written.data(), written.size()}) == date);
    return 0;
}
