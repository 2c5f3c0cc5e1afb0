// Lines of a configuration file as Apache counts and joins them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/syntax_tree.h"

namespace preforkd::config {

class LineReader {
  public:
    // `name` is what errors call the text: a path, or whose macro it is.
    LineReader(std::string name, std::string text)
        : name_(std::make_shared<const std::string>(std::move(name))), text_(std::move(text)) {}

    // Goes on to the next line; false at the end. A line that ends in a backslash goes on in the
    // next one; white space around the result is gone.
    Result<bool> next();

    const std::string& line() const { return line_; }
    // A joined line stands where its last part stands.
    Place place() const { return {name_, number_}; }
    const std::string& name() const { return *name_; }

  private:
    std::string_view take_physical_line();

    std::shared_ptr<const std::string> name_;
    std::string text_;
    std::size_t next_ = 0;
    int number_ = 0;
    std::string line_;
};

} // namespace preforkd::config
