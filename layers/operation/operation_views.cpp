// Indexing, flip, tile, repeat, swapaxes, split, depth_to_space: each is sizes and strides. Sources:
// keras/src/ops/{numpy,nn}.py, tensorflow/python/ops/array_ops.py.
#include "layers/operation/families.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/operation/index_key.h"
#include "layers/strided_copy.h"

namespace fovea {

namespace {

// Most times that values are repeated, and most parts or pixels that one is split into.
constexpr std::int64_t kMostRepeats = 65536;

// What a result consists of, and its shape.
using Taken = std::pair<View, Shape>;

class ViewOperation final : public Layer {
 public:
  using Rule = std::function<Taken(const ViewOperation& self, const Shape& in)>;
  ViewOperation(const LayerConfig& config, Rule rule) : Layer(config), rule_(std::move(rule)) {}

  Shape infer(std::span<const Shape> in) const override { return taken(in).second; }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    auto [view, out] = taken(in);
    return make_strided_copy(name(), class_name(), std::move(view), std::move(out));
  }

  [[noreturn]] void fail(const std::string& reason) const { throw Error(where(reason)); }
  // The place of an axis that counts the batch.
  std::size_t place(std::int64_t axis, const Shape& shape) const {
    return axis_place(axis, shape.rank(), name(), class_name());
  }

 private:
  Taken taken(std::span<const Shape> in) const {
    Taken result = rule_(*this, only_input(in));
    const std::vector<std::int64_t>& dims = result.second.dims();
    if (std::ssize(dims) > kMostDimensions)
      throw UnsupportedError(where("a result of " + std::to_string(dims.size()) + " dimensions is not supported"));
    if (std::ranges::find(dims, 0) != dims.end()) fail("nothing is left of " + in[0].str());
    if (result.first.sizes.empty()) result.first = {{1}, {0}, result.first.first};
    return result;
  }

  Rule rule_;
};

std::int64_t read_count(const LayerConfig& config, const char* key) {
  const std::int64_t count = config.integer(key, 0);
  if (count < 1 || count > kMostRepeats)
    throw Error(config.where(std::string("attribute '") + key + "' is out of range"));
  return count;
}

Taken as_it_is(View view) {
  Shape shape(view.sizes);
  return {std::move(view), std::move(shape)};
}

ViewOperation::Rule indexing(const LayerConfig& config) {
  // Keras 3 calls GetItem with the key, Keras 2 has a keyword.
  const Attribute* key =
      config.find(config.has(operation_key::kSlice) ? operation_key::kSlice : operation_key::kSecondArgument);
  if (key == nullptr) throw Error(config.where("has no key"));
  return [parts = read_key(config, *key)](const ViewOperation& self, const Shape& in) {
    auto view = take(in, parts);
    if (!view) self.fail("the index does not fit its input " + in.str());
    return as_it_is(std::move(*view));
  };
}

ViewOperation::Rule flip(const LayerConfig& config) {
  if (!config.has("axis")) throw UnsupportedError(config.where("flipping the batch is not supported"));
  return [axes = read_axes(config, "axis", -1)](const ViewOperation& self, const Shape& in) {
    View view = View::of(in);
    const std::vector<bool> turned = marked_axes(axes, in.rank(), self.name(), self.class_name());
    for (std::size_t place = 0; place < turned.size(); ++place) {
      if (!turned[place]) continue;
      view.first += (view.sizes[place] - 1) * view.strides[place];
      view.strides[place] = -view.strides[place];
    }
    return as_it_is(std::move(view));
  };
}

ViewOperation::Rule swap_axes(const LayerConfig& config) {
  return [a = config.integer("axis1", 0), b = config.integer("axis2", 0)](const ViewOperation& self, const Shape& in) {
    View view = View::of(in);
    const std::size_t one = self.place(a, in), other = self.place(b, in);
    std::swap(view.sizes[one], view.sizes[other]);
    std::swap(view.strides[one], view.strides[other]);
    return as_it_is(std::move(view));
  };
}

// Every value of an axis `count` times before the next.
ViewOperation::Rule repeat(const LayerConfig& config) {
  if (!config.has("axis")) throw UnsupportedError(config.where("repeating without an axis is not supported"));
  return [count = read_count(config, "repeats"), axis = config.integer("axis", 0)](const ViewOperation& self,
                                                                                   const Shape& in) {
    View view = View::of(in);
    const std::size_t place = self.place(axis, in);
    std::vector<std::int64_t> dims = in.dims();
    dims[place] *= count;
    view.sizes.insert(view.sizes.begin() + static_cast<std::ptrdiff_t>(place) + 1, count);
    view.strides.insert(view.strides.begin() + static_cast<std::ptrdiff_t>(place) + 1, 0);
    return Taken{std::move(view), Shape(dims)};
  };
}

// The whole, so many times along each axis.
ViewOperation::Rule tile(const LayerConfig& config) {
  const std::vector<std::int64_t> repeats = read_axes(config, "repeats", 1);
  const bool good = std::ranges::all_of(repeats, [](std::int64_t n) { return n >= 1 && n <= kMostRepeats; });
  if (!good || repeats.front() != 1) throw UnsupportedError(config.where("repeating this way is not supported"));
  return [repeats](const ViewOperation& self, const Shape& in) {
    if (std::ssize(repeats) != in.rank() + 1) self.fail("repeats other axes than those of its input " + in.str());
    const View whole = View::of(in);
    View view;
    std::vector<std::int64_t> dims = in.dims();
    for (std::size_t i = 0; i < dims.size(); ++i) {
      dims[i] *= repeats[i + 1];
      view.sizes.insert(view.sizes.end(), {repeats[i + 1], whole.sizes[i]});
      view.strides.insert(view.strides.end(), {0, whole.strides[i]});
    }
    return Taken{std::move(view), Shape(dims)};
  };
}

// Which of so many parts.
std::int64_t read_part(const LayerConfig& config, std::int64_t parts) {
  const std::int64_t part = config.integer(operation_key::kPart, 0);
  if (part < 0 || part >= parts) throw Error(config.where("has no part of number " + std::to_string(part)));
  return part;
}

// One of parts of these sizes, of which one may be -1: the rest.
ViewOperation::Rule sized_part(const LayerConfig& config) {
  const std::vector<std::int64_t> sizes = read_axes(config, operation_key::kSizes, 0);
  const std::int64_t part = read_part(config, std::ssize(sizes)), axis = config.integer("axis", 0);
  return [=](const ViewOperation& self, const Shape& in) {
    const std::size_t place = self.place(axis, in);
    std::int64_t rest = in.dims()[place], first = 0;
    const std::int64_t open = std::ranges::count(sizes, -1);
    for (const std::int64_t size : sizes) {
      if (size < -1 || size > in.dims()[place]) self.fail("cannot split " + in.str() + " this way");
      rest -= std::max<std::int64_t>(size, 0);
    }
    if (open > 1 || rest < 0 || (open == 0 && rest != 0)) self.fail("cannot split " + in.str() + " this way");
    const auto size_of = [&](std::int64_t i) {
      const std::int64_t size = sizes[static_cast<std::size_t>(i)];
      return size < 0 ? rest : size;
    };
    for (std::int64_t i = 0; i < part; ++i) first += size_of(i);
    View view = View::of(in);
    view.first = first * view.strides[place];
    view.sizes[place] = size_of(part);
    return as_it_is(std::move(view));
  };
}

// One of equal parts, or what lies between two indices.
ViewOperation::Rule split_part(const LayerConfig& config) {
  if (config.has(operation_key::kSizes)) return sized_part(config);
  const std::int64_t axis = config.integer("axis", 0);
  const auto* list = config.find(operation_key::kSections) == nullptr
                         ? nullptr
                         : std::get_if<AttributeList>(&config.find(operation_key::kSections)->value());
  std::vector<std::int64_t> ends;
  if (list != nullptr) ends = read_axes(config, operation_key::kSections, 0);
  const std::int64_t sections = list != nullptr ? std::ssize(ends) + 1 : read_count(config, operation_key::kSections);
  const std::int64_t part = read_part(config, sections);
  return [=](const ViewOperation& self, const Shape& in) {
    const std::size_t place = self.place(axis, in);
    const std::int64_t size = in.dims()[place];
    if (ends.empty() && size % sections != 0) self.fail("cannot split " + in.str() + " into equal parts");
    const auto end = [&](std::int64_t i) {
      if (ends.empty()) return (i + 1) * (size / sections);
      return i < std::ssize(ends) ? ends[static_cast<std::size_t>(i)] : size;
    };
    const std::int64_t first = part == 0 ? 0 : end(part - 1), last = end(part);
    if (first < 0 || last > size || first >= last) self.fail("cannot split " + in.str() + " this way");
    View view = View::of(in);
    view.first = first * view.strides[place];
    view.sizes[place] = last - first;
    return as_it_is(std::move(view));
  };
}

// Channel (y * block + x) * channels + c of a pixel becomes channel c of the pixel at y, x within a block; and back.
ViewOperation::Rule blocks(const LayerConfig& config, bool to_space) {
  const std::string format = config.text("data_format", "NHWC");
  if (format != "NHWC" && format != "channels_last")
    throw UnsupportedError(config.where("data_format '" + format + "' is not supported"));
  return [=, block = read_count(config, "block_size")](const ViewOperation& self, const Shape& in) {
    if (in.rank() != 3) self.fail("takes a map, its input is " + in.str());
    const std::int64_t h = in.h(), w = in.w(), c = in.c(), area = block * block;
    if (to_space) {
      if (c % area != 0) self.fail("cannot make blocks of the channels of " + in.str());
      const std::int64_t out = c / area;
      View view{{h, block, w, block, out}, {w * c, block * out, c, out, 1}};
      return Taken{std::move(view), Shape{h * block, w * block, out}};
    }
    if (h % block != 0 || w % block != 0) self.fail("cannot make blocks of the pixels of " + in.str());
    View view{{h / block, w / block, block, block, c}, {block * w * c, block * c, w * c, c, 1}};
    return Taken{std::move(view), Shape{h / block, w / block, area * c}};
  };
}

}  // namespace

std::unique_ptr<Layer> make_view_operation(const LayerConfig& config, OperationKind kind) {
  const auto make = [&](ViewOperation::Rule rule) { return std::make_unique<ViewOperation>(config, std::move(rule)); };
  switch (kind) {
    case OperationKind::get_item:
      return make(indexing(config));
    case OperationKind::flip:
      return make(flip(config));
    case OperationKind::swapaxes:
      return make(swap_axes(config));
    case OperationKind::repeat:
      return make(repeat(config));
    case OperationKind::tile:
      return make(tile(config));
    case OperationKind::split_part:
      return make(split_part(config));
    case OperationKind::depth_to_space:
      return make(blocks(config, true));
    case OperationKind::space_to_depth:
      return make(blocks(config, false));
    default:
      return nullptr;
  }
}

}  // namespace fovea
