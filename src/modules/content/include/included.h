// The elements that look at other files: include, exec, fsize, flastmod.
#pragma once

#include "modules/content/include/document.h"
#include "modules/content/include/element.h"

namespace preforkd::ssi {

void obey_include(Document& document, const Element& element);
void obey_exec(Document& document, const Element& element);
void obey_fsize(Document& document, const Element& element);
void obey_flastmod(Document& document, const Element& element);

} // namespace preforkd::ssi
