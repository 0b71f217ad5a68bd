// The checks that layers share.
#include "layers/layer.h"

#include <fovea/error.h>

namespace fovea {

Layer::~Layer() = default;
Op::~Op() = default;

std::unique_ptr<Op> Layer::prepare(const PrepareContext&) { throw Error(where("is never run")); }

std::string Layer::where(const std::string& message) const {
  return "layer '" + name_ + "' (" + class_name_ + "): " + message;
}

const Shape& Layer::only_input(std::span<const Shape> in) const {
  if (in.size() != 1) throw Error(where("takes one input, has " + std::to_string(in.size())));
  return in.front();
}

const Shape& Layer::feature_map(std::span<const Shape> in) const {
  const Shape& shape = only_input(in);
  if (shape.rank() != 3)
    throw Error(where("takes a feature map (height, width, channels), its input is " + shape.str()));
  return shape;
}

}  // namespace fovea
