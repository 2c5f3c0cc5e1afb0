// How a report looks on a terminal: colours where they are shown, and lines of a width that one can
// read.
#pragma once

#include <string>
#include <string_view>

namespace preforkd::migrate {

class PageStyle {
  public:
    explicit PageStyle(bool coloured) : coloured_(coloured) {}

    std::string title(std::string_view text) const { return painted("1", text); }
    std::string good(std::string_view text) const { return painted("32", text); }
    std::string notable(std::string_view text) const { return painted("33", text); }
    std::string bad(std::string_view text) const { return painted("31", text); }
    std::string quiet(std::string_view text) const { return painted("2", text); }

  private:
    std::string painted(std::string_view colour, std::string_view text) const;
    bool coloured_;
};

// Lines of at most `width` characters, each behind `indent`; each ends in a newline. A newline of
// the text stays one.
std::string wrapped(std::string_view text, std::string_view indent, std::size_t width = 96);

// "1 file", "3 files"
std::string counted(std::size_t number, std::string_view one, std::string_view many);

} // namespace preforkd::migrate
