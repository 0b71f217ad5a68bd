// Shape's arithmetic.
#include <fovea/shape.h>

#include <functional>
#include <numeric>

namespace fovea {

std::int64_t Shape::elements() const {
  return std::accumulate(dims_.begin(), dims_.end(), std::int64_t{1}, std::multiplies<>());
}

std::string Shape::str() const {
  std::string text;
  for (const std::int64_t dim : dims_) text += (text.empty() ? "" : "x") + std::to_string(dim);
  return is_number_ ? "one number" : text;
}

}  // namespace fovea
