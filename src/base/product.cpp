#include "base/product.h"

namespace preforkd::product {

std::string_view built() { return __DATE__ " " __TIME__; }

} // namespace preforkd::product
