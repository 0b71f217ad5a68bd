// Header messages.
#include "loaders/hdf5/messages/messages.h"

#include <algorithm>

#include "loaders/hdf5/io/address.h"
#include "loaders/io/cursor.h"

namespace fovea::hdf5 {
namespace {

constexpr std::uint64_t kMostSpaceDimensions = 32;
constexpr std::uint64_t kMostFilters = 8;
constexpr const char* kBadSpace = "the file is damaged: bad data space";
constexpr const char* kBadType = "the file is damaged: bad data type";
constexpr const char* kBadAttribute = "the file is damaged: bad attribute";
constexpr const char* kBadMessage = "the file is damaged: bad header message";

std::uint64_t padded(std::uint64_t size) { return (size + 7) / 8 * 8; }

std::string text_of(MessageBytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

DataSpace take_space(Cursor& cursor) {
  const std::uint64_t version = cursor.number(1);
  const std::uint64_t rank = cursor.number(1);
  const std::uint64_t flags = cursor.number(1);
  const std::uint64_t kind = cursor.number(1);
  cursor.require(version >= 1 && version <= 2 && rank <= kMostSpaceDimensions);
  if (version == 1) cursor.take(4);
  DataSpace space;
  space.is_null = version == 2 && kind == 2;
  for (std::uint64_t i = 0; i < rank; ++i) space.sides.push_back(cursor.number(8));
  space.most_sides = space.sides;
  if ((flags & 1) == 0) return space;
  for (std::uint64_t& side : space.most_sides) side = cursor.number(8);
  cursor.require(std::equal(space.sides.begin(), space.sides.end(), space.most_sides.begin(), std::less_equal<>()));
  return space;
}

std::string name_of_filter(std::uint64_t filter) {
  const std::string number = std::to_string(filter);
  switch (filter) {
    case 4:
      return number + " (szip)";
    case 5:
      return number + " (nbit)";
    case 6:
      return number + " (scaleoffset)";
    case 32000:
      return number + " (lzf)";
    default:
      return number;
  }
}

std::optional<DenseStorage> read_info(MessageBytes bytes, std::size_t index_bytes) {
  Cursor cursor(bytes, kBadMessage);
  cursor.require(cursor.number(1) == 0);
  if ((cursor.number(1) & 1) != 0) cursor.take(index_bytes);  // how many there were
  const DenseStorage storage{cursor.number(8), cursor.number(8)};
  if (storage.heap == kNoAddress) return std::nullopt;
  return storage;
}

}  // namespace

std::uint64_t DataSpace::elements() const {
  std::uint64_t count = is_null ? 0 : 1;
  for (const std::uint64_t side : sides) {
    if (__builtin_mul_overflow(count, side, &count)) throw Refusal("declares an impossible size");
  }
  return count;
}

DataSpace read_space(MessageBytes bytes) {
  Cursor cursor(bytes, kBadSpace);
  return take_space(cursor);
}

DataType read_type(MessageBytes bytes) {
  Cursor cursor(bytes, kBadType);
  return read_data_type(cursor);
}

Link read_link(MessageBytes bytes) {
  Cursor cursor(bytes, kBadMessage);
  cursor.require(cursor.number(1) == 1);
  const std::uint64_t flags = cursor.number(1);
  const std::uint64_t kind = (flags & 8) != 0 ? cursor.number(1) : 0;
  if ((flags & 4) != 0) cursor.take(8);   // when it was made
  if ((flags & 16) != 0) cursor.take(1);  // the name's character set
  Link link;
  link.name = text_of(cursor.take(cursor.number(std::size_t{1} << (flags & 3))));
  cursor.require(!link.name.empty());
  if (kind == 0) {
    link.address = cursor.number(8);
    return link;
  }
  cursor.take(cursor.number(2));
  link.kind = kind == 1 ? Link::Kind::soft : kind == 64 ? Link::Kind::external : Link::Kind::unknown;
  return link;
}

Attribute read_attribute(MessageBytes bytes) {
  Cursor cursor(bytes, kBadAttribute);
  const std::uint64_t version = cursor.number(1);
  const std::uint64_t flags = cursor.number(1);
  const std::uint64_t name_bytes = cursor.number(2);
  const std::uint64_t type_bytes = cursor.number(2);
  const std::uint64_t space_bytes = cursor.number(2);
  cursor.require(version >= 1 && version <= 3);
  if (version == 3) cursor.take(1);  // the name's character set
  const auto stored = [&](std::uint64_t size) { return version == 1 ? padded(size) : size; };
  const auto name = cursor.take(stored(name_bytes)).first(name_bytes);
  cursor.require(name_bytes > 1 && name.back() == 0);
  Attribute attribute;
  attribute.name = text_of(name.first(static_cast<std::size_t>(std::find(name.begin(), name.end(), 0) - name.begin())));
  Cursor type(cursor.take(stored(type_bytes)), kBadAttribute);
  Cursor space(cursor.take(stored(space_bytes)), kBadAttribute);
  if (version > 1 && (flags & 3) != 0) {
    attribute.refusal = "shares its type with other objects, which is not supported";
    return attribute;
  }
  attribute.type = read_data_type(type);
  attribute.elements = take_space(space).elements();
  std::uint64_t size = 0;
  cursor.require(!__builtin_mul_overflow(attribute.elements, attribute.type.size, &size));
  const auto value = cursor.take(size);
  attribute.value.assign(value.begin(), value.end());
  return attribute;
}

FillValue read_fill(unsigned type, MessageBytes bytes) {
  Cursor cursor(bytes, kBadMessage);
  bool has_value = true;
  if (type == kFill) {
    const std::uint64_t version = cursor.number(1);
    cursor.require(version >= 1 && version <= 3);
    if (version == 3) {
      has_value = (cursor.number(1) & 32) != 0;
    } else {
      cursor.take(2);
      has_value = cursor.number(1) != 0 || version == 1;
    }
  }
  const auto value = cursor.take(has_value ? cursor.number(4) : 0);
  return {{value.begin(), value.end()}};
}

Pipeline read_pipeline(MessageBytes bytes) {
  Cursor cursor(bytes, kBadMessage);
  const std::uint64_t version = cursor.number(1);
  const std::uint64_t count = cursor.number(1);
  cursor.require(version >= 1 && version <= 2);
  if (version == 1) cursor.take(6);
  Pipeline pipeline;
  if (count > kMostFilters) pipeline.refusal = "it went through " + std::to_string(count) + " filters";
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t filter = cursor.number(2);
    const std::uint64_t name = version == 1 || filter >= 256 ? cursor.number(2) : 0;
    cursor.take(2);
    const std::uint64_t values = cursor.number(2);
    cursor.take(version == 1 ? padded(name) : name);
    auto parameters = Cursor(cursor.take(4 * values + (version == 1 && values % 2 != 0 ? 4 : 0)), kBadMessage);
    if (filter == 1) {
      pipeline.filters.push_back({Filter::Kind::deflate});
    } else if (filter == 2) {
      const std::uint64_t element = values > 0 ? parameters.number(4) : 1;
      pipeline.filters.push_back({Filter::Kind::shuffle, std::max<std::size_t>(element, 1)});
    } else if (filter == 3) {
      pipeline.filters.push_back({Filter::Kind::fletcher32});
    } else if (pipeline.refusal.empty()) {
      pipeline.refusal = "it is compressed with the unsupported filter " + name_of_filter(filter);
    }
  }
  return pipeline;
}

std::optional<DenseStorage> read_link_info(MessageBytes bytes) { return read_info(bytes, 8); }

std::optional<DenseStorage> read_attribute_info(MessageBytes bytes) { return read_info(bytes, 2); }

}  // namespace fovea::hdf5
