// A configuration as it was read: directives and sections, each with its place.
#pragma once

#include <list>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "os/ready_pages.h"

namespace preforkd::config {

// Where a directive stands.
struct Place {
    std::shared_ptr<const std::string> file;
    int line = 0;
};

struct Node;
using Nodes = std::pmr::list<Node>;

struct Node {
    std::string_view name;      // "Alias", or "Directory" for <Directory …>, as it was written
    std::string_view arguments; // the rest of the line, variables replaced; without a section's '>'
    bool section = false;
    bool has_bracket = true; // a section's '>' is there
    Place place;
    Nodes children;

    std::string name_in_table() const; // "Alias", "<Directory"
};

// All that was read, and the memory of its nodes and texts: it is gone at once when they are.
class SyntaxTree {
  public:
    Nodes& nodes() { return nodes_; }
    const Nodes& nodes() const { return nodes_; }

    // `text` for as long as the tree lives.
    std::string_view keep(std::string_view text);
    // For Node::children.
    Nodes no_nodes() { return Nodes(&memory_); }

  private:
    ReadyPages pages_;
    std::pmr::monotonic_buffer_resource memory_{std::size_t{16} * 1024, &pages_};
    Nodes nodes_{&memory_};
};

// Said on standard error at a start, and in the error log as soon as it is open.
struct Warning {
    std::string text;
    std::string module = "core"; // whose it is, without "mod_"
    log::Level level = log::Level::warn;
    bool bare = false; // without time and level
    // Said in no server's name: LogLevel and ErrorLogFormat do not count, but the level of -e.
    bool of_no_server = false;
    bool for_the_log = true;
};

// A configuration error. `message` is what Apache prints below "Syntax error on line N of FILE:".
struct ConfigError {
    Place place; // no file: the error belongs to no line
    std::string message;
    bool while_reading = false;         // before any directive was applied
    std::vector<Warning> warnings = {}; // what was said before (Configuration::warnings)
    std::string advice = {};            // a line of its own below the message, or empty

    // "AH00526: Syntax error on line 3 of /etc/x.conf:\nInvalid command …", or, while reading,
    // "preforkd: Syntax error on line 3 of /etc/x.conf: Could not open …"
    std::string text() const;
};

} // namespace preforkd::config
