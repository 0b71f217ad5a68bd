// pad and take: a table of places for each dimension. Sources: keras/src/ops/numpy.py,
// tensorflow/core/kernels/image/mirror_pad_op.cc.
#include "layers/operation/families.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/operation/index_copy.h"
#include "layers/registry.h"

namespace fovea {

namespace {

// Longest dimension of a result.
constexpr std::int64_t kLongest = std::int64_t{1} << 24;

using Places = std::vector<std::vector<std::int32_t>>;

class PlaceOperation final : public Layer {
 public:
  /// The table of each dimension of an input of this shape.
  using Rule = std::function<Places(const PlaceOperation& self, const Shape& in)>;
  PlaceOperation(const LayerConfig& config, float fill, Rule rule)
      : Layer(config), fill_(fill), rule_(std::move(rule)) {}

  Shape infer(std::span<const Shape> in) const override {
    std::vector<std::int64_t> dims;
    for (const auto& table : rule_(*this, only_input(in))) dims.push_back(std::ssize(table));
    return Shape(dims);
  }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    return make_index_copy(name(), class_name(), rule_(*this, only_input(in)), fill_);
  }

  [[noreturn]] void fail(const std::string& reason) const { throw Error(where(reason)); }
  std::size_t place(std::int64_t axis, const Shape& shape) const {
    return axis_place(axis, shape.rank(), name(), class_name());
  }

 private:
  float fill_;
  Rule rule_;
};

Places every_place(const Shape& shape) {
  Places places;
  for (const std::int64_t dim : shape.dims()) {
    places.emplace_back();
    for (std::int64_t i = 0; i < dim; ++i) places.back().push_back(static_cast<std::int32_t>(i));
  }
  return places;
}

enum class PadMode { constant, reflect, symmetric };
struct Sides {
  std::int64_t before = 0, after = 0;
  bool operator==(const Sides&) const = default;
};

PadMode read_mode(const LayerConfig& config) {
  const std::string mode = config.text("mode", "constant");
  if (mode == "constant" || mode == "CONSTANT") return PadMode::constant;
  if (mode == "reflect" || mode == "REFLECT") return PadMode::reflect;
  if (mode == "symmetric" || mode == "SYMMETRIC") return PadMode::symmetric;
  throw UnsupportedError(config.where("padding of mode '" + mode + "' is not supported"));
}

// [before, after], or one number for both.
Sides read_padding(const LayerConfig& config, const Attribute& item) {
  const AttributeList both{item, item};
  const auto* list = std::get_if<AttributeList>(&item.value());
  if (list == nullptr) list = &both;
  Sides sides;
  const auto read = [&](const Attribute& end) {
    const auto* size = std::get_if<std::int64_t>(&end.value());
    if (size == nullptr || *size < 0 || *size > kLongest)
      throw Error(config.where("attribute 'pad_width' is no padding"));
    return *size;
  };
  if (list->size() != 2) throw Error(config.where("attribute 'pad_width' is no padding"));
  sides.before = read((*list)[0]);
  sides.after = read((*list)[1]);
  return sides;
}

// The place within a dimension that one outside of it shows. REFLECT leaves the edge out, SYMMETRIC repeats it.
std::int32_t place_of(std::int64_t at, std::int64_t size, PadMode mode) {
  if (at >= 0 && at < size) return static_cast<std::int32_t>(at);
  if (mode == PadMode::constant) return kFill;
  const std::int64_t edge = mode == PadMode::reflect ? 0 : 1;
  return static_cast<std::int32_t>(at < 0 ? -at - edge : 2 * size - 2 - at + edge);
}

std::unique_ptr<Layer> pad(const LayerConfig& config) {
  const Attribute* attribute = config.find("pad_width");
  const auto* list = attribute == nullptr ? nullptr : std::get_if<AttributeList>(&attribute->value());
  if (list == nullptr || list->empty()) throw Error(config.where("attribute 'pad_width' is not a list"));
  std::vector<Sides> sides;
  for (const Attribute& item : *list) sides.push_back(read_padding(config, item));
  if (sides.front() != Sides{}) throw UnsupportedError(config.where("padding the batch is not supported"));
  sides.erase(sides.begin());
  const PadMode mode = read_mode(config);
  const float fill = static_cast<float>(config.number("constant_values", 0));
  if (mode == PadMode::constant && fill == 0 && sides.size() == 3 && sides[2] == Sides{}) {
    AttributeMap attributes;
    attributes["padding"] = Attribute::Value(AttributeList(list->begin() + 1, list->begin() + 3));
    return make_layer(LayerConfig("ZeroPadding2D", config.name(), std::move(attributes), {}));
  }
  return std::make_unique<PlaceOperation>(config, fill, [=](const PlaceOperation& self, const Shape& in) {
    // One pair is for all dimensions.
    if (!sides.empty() && std::ssize(sides) != in.rank()) self.fail("pads other dimensions than those of " + in.str());
    Places places = every_place(in);
    for (std::size_t axis = 0; axis < sides.size(); ++axis) {
      const std::int64_t size = in.dims()[axis], most = mode == PadMode::reflect ? size - 1 : size;
      const auto [before, after] = sides[axis];
      if (mode != PadMode::constant && std::max(before, after) > most)
        self.fail("pads by more than there is of " + in.str());
      std::vector<std::int32_t> table;
      for (std::int64_t at = -before; at < size + after; ++at) table.push_back(place_of(at, size, mode));
      places[axis] = std::move(table);
    }
    return places;
  });
}

std::unique_ptr<Layer> take(const LayerConfig& config) {
  if (!config.has("axis")) throw UnsupportedError(config.where("taking of the batch is not supported"));
  const Attribute* indices = config.find("indices");
  const bool list = indices != nullptr && std::holds_alternative<AttributeList>(indices->value());
  if (!list) throw UnsupportedError(config.where("indices other than a list of constants are not supported"));
  if (config.integer("batch_dims", 0) != 0) throw UnsupportedError(config.where("batch_dims are not supported"));
  return std::make_unique<PlaceOperation>(
      config, 0.0f,
      [axis = config.integer("axis", 0), wanted = read_axes(config, "indices", 0)](const PlaceOperation& self,
                                                                                   const Shape& in) {
        Places places = every_place(in);
        std::vector<std::int32_t>& table = places[self.place(axis, in)];
        const std::int64_t size = std::ssize(table);
        table.clear();
        for (const std::int64_t index : wanted) {
          if (index < -size || index >= size) self.fail("takes a place that " + in.str() + " has not");
          table.push_back(static_cast<std::int32_t>(index < 0 ? index + size : index));
        }
        return places;
      });
}

}  // namespace

std::unique_ptr<Layer> make_place_operation(const LayerConfig& config, OperationKind kind) {
  if (kind == OperationKind::pad) return pad(config);
  if (kind == OperationKind::take) return take(config);
  return nullptr;
}

}  // namespace fovea
