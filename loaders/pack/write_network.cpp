// The network's bytes, in the order of docs/pack-file.md.
#include <string_view>

#include <fovea/error.h>
#include "loaders/pack/byte_writer.h"
#include "loaders/pack/network.h"
#include "loaders/pack/values.h"

namespace fovea::pack {

namespace {

void write_value(ByteWriter& out, const Attribute& attribute, int depth);

void write_map(ByteWriter& out, const AttributeMap& map, int depth) {
  out.count(map.size());
  for (const auto& [key, value] : map) {
    out.text(key);
    write_value(out, value, depth);
  }
}

struct ValueWriter {
  ByteWriter& out;
  int depth;

  void tag(Tag tag) const { out.number(static_cast<std::uint8_t>(tag)); }
  void operator()(std::nullptr_t) const { tag(Tag::null); }
  void operator()(bool value) const {
    tag(Tag::boolean);
    out.number(static_cast<std::uint8_t>(value));
  }
  void operator()(std::int64_t value) const {
    tag(Tag::integer);
    out.number(value);
  }
  void operator()(double value) const {
    tag(Tag::real);
    out.number(value);
  }
  void operator()(const std::string& value) const {
    tag(Tag::text);
    out.text(value);
  }
  void operator()(const AttributeList& values) const {
    tag(Tag::list);
    out.count(values.size());
    for (const Attribute& value : values) write_value(out, value, depth + 1);
  }
  void operator()(const AttributeMap& values) const {
    tag(Tag::map);
    write_map(out, values, depth + 1);
  }
};

void write_value(ByteWriter& out, const Attribute& attribute, int depth) {
  if (depth > kDeepestValue) throw Error("an attribute is nested too deeply for a pack file");
  std::visit(ValueWriter{out, depth}, attribute.value());
}

void write_texts(ByteWriter& out, const std::vector<std::string>& texts) {
  out.count(texts.size());
  for (const std::string& text : texts) out.text(text);
}

}  // namespace

WeightPlaces::WeightPlaces(const ModelDesc& desc) {
  std::uint64_t end = 0;
  for (const NodeDesc& node : desc.nodes) {
    for (const Weight& weight : node.config.weights()) {
      const auto floats = static_cast<std::uint64_t>(weight.elements());
      if (floats == 0 || !offsets_.emplace(std::pair(weight.data.get(), floats), end).second) continue;
      places_.push_back({weight.data.get(), floats, end});
      end = aligned(end + floats * sizeof(float), kLine);
    }
  }
}

std::uint64_t WeightPlaces::offset_of(const Weight& weight) const {
  const auto found = offsets_.find({weight.data.get(), static_cast<std::uint64_t>(weight.elements())});
  return found == offsets_.end() ? 0 : found->second;
}

std::string network_bytes(const ModelDesc& desc, const WeightPlaces& places) {
  ByteWriter out;
  const Provenance& from = desc.provenance;
  const std::string_view format = from.format, prefix = kFormatPrefix;
  out.text(std::string(format.starts_with(prefix) ? format.substr(prefix.size()) : format));
  out.text(from.keras_version);
  out.text(from.sha256);
  out.text(from.layers);
  out.text(desc.name);
  write_texts(out, desc.inputs);
  write_texts(out, desc.outputs);
  out.count(desc.nodes.size());
  for (const NodeDesc& node : desc.nodes) {
    out.text(node.config.class_name());
    out.text(node.config.name());
    write_texts(out, node.inputs);
    write_map(out, node.config.attributes(), 0);
    out.count(node.config.weights().size());
    for (const Weight& weight : node.config.weights()) {
      out.text(weight.name);
      out.count(weight.shape.size());
      for (const std::int64_t dim : weight.shape) out.number(dim);
      out.number(places.offset_of(weight));
    }
  }
  if (out.bytes().size() > kLargestText) throw Error("the network is too large for a pack file");
  return out.bytes();
}

}  // namespace fovea::pack
