// The network's bytes, none of them trusted.
#include <algorithm>
#include <utility>

#include "loaders/pack/byte_reader.h"
#include "loaders/pack/network.h"
#include "loaders/pack/values.h"

namespace fovea::pack {

namespace {

// Of a text, a value with its key, a layer, a weight.
constexpr std::size_t kLeastText = 4, kLeastValue = 1, kLeastEntry = 5, kLeastNode = 20, kLeastWeight = 16;
constexpr std::size_t kMostDims = 16;
// Layers may share a tensor, and each packs its own: so many times what the file has, and a little more.
constexpr std::uint64_t kMostShared = 256, kSmallWeights = std::uint64_t{8} << 20;

class NetworkReader {
 public:
  NetworkReader(std::span<const std::byte> bytes, const Storage& storage, const Section& weights,
                const std::string& path)
      : in_(bytes, path + ": network"), storage_(storage), weights_(weights) {}

  ModelDesc read() {
    ModelDesc desc;
    desc.provenance.format = in_.text();
    desc.provenance.keras_version = in_.text();
    desc.provenance.sha256 = read_sha256();
    desc.provenance.layers = in_.text();
    desc.name = in_.text();
    desc.inputs = read_texts();
    desc.outputs = read_texts();
    const std::size_t nodes = in_.count(kLeastNode);
    for (std::size_t i = 0; i < nodes; ++i) desc.nodes.push_back(read_node());
    in_.expect_end();
    return desc;
  }

 private:
  std::string read_sha256() {
    std::string sum = in_.text();
    const bool digits =
        std::ranges::all_of(sum, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (!digits || (!sum.empty() && sum.size() != 64)) in_.fail("the source's SHA-256 is none");
    return sum;
  }

  std::vector<std::string> read_texts() {
    std::vector<std::string> texts(in_.count(kLeastText));
    for (std::string& text : texts) text = in_.text();
    return texts;
  }

  NodeDesc read_node() {
    std::string class_name = in_.text(), name = in_.text();
    std::vector<std::string> inputs = read_texts();
    AttributeMap attributes = read_map(0);
    const std::size_t count = in_.count(kLeastWeight);
    std::vector<Weight> weights;
    for (std::size_t i = 0; i < count; ++i) weights.push_back(read_weight());
    return {LayerConfig(std::move(class_name), std::move(name), std::move(attributes), std::move(weights)),
            std::move(inputs)};
  }

  AttributeMap read_map(int depth) {
    AttributeMap map;
    const std::size_t count = in_.count(kLeastEntry);
    for (std::size_t i = 0; i < count; ++i) {
      std::string key = in_.text();
      if (!map.empty() && key <= map.rbegin()->first) in_.fail("keys are out of order");
      map.emplace_hint(map.end(), std::move(key), read_value(depth));
    }
    return map;
  }

  Attribute read_value(int depth) {
    if (depth > kDeepestValue) in_.fail("values are nested too deeply");
    const auto tag = in_.number<std::uint8_t>();
    switch (static_cast<Tag>(tag)) {
      case Tag::null:
        return {};
      case Tag::boolean:
        return Attribute::Value(in_.boolean());
      case Tag::integer:
        return Attribute::Value(in_.number<std::int64_t>());
      case Tag::real:
        return Attribute::Value(in_.number<double>());
      case Tag::text:
        return Attribute::Value(in_.text());
      case Tag::list: {
        AttributeList list;
        for (std::size_t left = in_.count(kLeastValue); left > 0; --left) list.push_back(read_value(depth + 1));
        return Attribute::Value(std::move(list));
      }
      case Tag::map:
        return Attribute::Value(read_map(depth + 1));
    }
    in_.fail("a value of the unknown kind " + std::to_string(tag));
  }

  Weight read_weight() {
    Weight weight;
    weight.name = in_.text();
    const std::size_t dims = in_.number<std::uint32_t>();
    if (dims > kMostDims) in_.fail("a weight of " + std::to_string(dims) + " dimensions");
    std::uint64_t floats = 1;
    for (std::size_t i = 0; i < dims; ++i) {
      const auto dim = in_.number<std::int64_t>();
      if (dim < 0 || __builtin_mul_overflow(floats, static_cast<std::uint64_t>(dim), &floats)) {
        in_.fail("a weight of an impossible size");
      }
      weight.shape.push_back(dim);
    }
    const auto offset = in_.number<std::uint64_t>();
    if (offset % kLine != 0 || offset > weights_.size || floats > (weights_.size - offset) / sizeof(float)) {
      in_.fail("a weight of " + std::to_string(floats) + " values at " + std::to_string(offset) +
               " does not lie within the section of weights");
    }
    used_ += floats * sizeof(float);
    if (used_ > weights_.size * kMostShared + kSmallWeights) in_.fail("layers share weights too often");
    weight.data = storage_.floats(weights_.offset + offset);
    return weight;
  }

  ByteReader in_;
  const Storage& storage_;
  const Section& weights_;
  std::uint64_t used_ = 0;  // bytes of all weights
};

}  // namespace

ModelDesc read_network(std::span<const std::byte> bytes, const Storage& storage, const Section& weights,
                       const std::string& path) {
  return NetworkReader(bytes, storage, weights, path).read();
}

}  // namespace fovea::pack
