// Whoever is to hear of every directive what becomes of it. With a witness a mistake is told and
// does not end the reading: what stands behind it is read as well.
#pragma once

#include "config/directive.h"

namespace preforkd::config {

class Witness {
  public:
    virtual ~Witness() = default;
    // One that an enabled module has. Sections come after what stands in them.
    virtual void saw(const Invocation& invocation, const Status& outcome) = 0;
    // One that no enabled module has. What stands in such a section is looked at as if it stood in
    // a <Directory>.
    virtual void saw_unknown(const Node& node) = 0;
};

} // namespace preforkd::config
