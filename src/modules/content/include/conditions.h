// The elements that leave text out: if, elif, else, endif.
#pragma once

#include "config/configuration.h"
#include "modules/content/include/document.h"
#include "modules/content/include/element.h"

namespace preforkd::ssi {

// Answers false for an element that is none of them.
bool obey_condition(Document& document, const Element& element,
                    const config::Configuration& configuration);

} // namespace preforkd::ssi
