// What the elements of a document do.
#pragma once

#include "config/configuration.h"
#include "modules/content/include/document.h"
#include "modules/content/include/element.h"

namespace preforkd::ssi {

// `configuration` says which names there are in expressions.
void obey(Document& document, const Element& element, const config::Configuration& configuration);

} // namespace preforkd::ssi
