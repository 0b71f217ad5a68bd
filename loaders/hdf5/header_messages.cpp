// Sizes inside header messages, for files with 8-byte addresses.
#include "loaders/hdf5/header_messages.h"

#include "loaders/hdf5/raw_file.h"

namespace fovea::hdf5 {
namespace {

constexpr unsigned kMostSpaceDimensions = 32;
constexpr int kDeepestType = 4;
// Types of messages that more than one place looks at.
constexpr unsigned kSpace = 0x01, kType = 0x03, kOldFill = 0x04, kFill = 0x05, kLayout = 0x08, kSymbolTable = 0x11,
                   kTreeSizes = 0x13;

/// Takes parts off the front of a message; once one does not fit, `good` stays false and every number is 0.
class Reader {
 public:
  explicit Reader(std::span<const unsigned char> bytes) : left_(bytes) {}

  bool good() const { return good_; }
  std::size_t left() const { return left_.size(); }
  std::uint64_t number(std::size_t size) {
    const auto bytes = take(size);
    return bytes.empty() ? 0 : little_endian(bytes.data(), static_cast<int>(size));
  }
  std::span<const unsigned char> take(std::uint64_t size) {
    if (size > left_.size()) good_ = false;
    if (!good_) return {};
    const auto front = left_.first(static_cast<std::size_t>(size));
    left_ = left_.subspan(static_cast<std::size_t>(size));
    return front;
  }

 private:
  std::span<const unsigned char> left_;
  bool good_ = true;
};

std::uint64_t padded(std::uint64_t size) { return (size + 7) / 8 * 8; }

/// A type's size in the file, 0 if its description does not fit or is of a kind that no Keras file has.
std::uint64_t type_size(Reader& reader, int depth = 0) {
  const auto kind = static_cast<unsigned>(reader.number(1) & 15);
  const std::uint64_t bits = reader.number(3);
  const std::uint64_t size = reader.number(4);
  switch (kind) {
    case 0:  // whole number
    case 4:  // bit field
      reader.take(4);
      break;
    case 1:  // real number
      reader.take(12);
      break;
    case 2:  // time
      reader.take(2);
      break;
    case 3:  // fixed-length text
      break;
    case 5:  // opaque, with a tag
      reader.take(bits & 255);
      break;
    case 9:  // of variable length
      if (depth >= kDeepestType || type_size(reader, depth + 1) == 0) return 0;
      // Length, address and number; HDF5 reads as many bytes as the size says, whatever the kind.
      return reader.good() && size == 16 ? size : 0;
    default:
      return 0;
  }
  return reader.good() ? size : 0;
}

/// Number of elements of a data space; false if it does not fit.
bool space_elements(Reader& reader, std::uint64_t& count) {
  const std::uint64_t version = reader.number(1);
  const std::uint64_t rank = reader.number(1);
  const std::uint64_t flags = reader.number(1);
  const std::uint64_t kind = reader.number(1);
  if (version == 1) reader.take(4);
  if (version < 1 || version > 2 || rank > kMostSpaceDimensions) return false;
  count = version == 2 && kind == 2 ? 0 : 1;  // 2: no elements at all
  for (std::uint64_t i = 0; i < rank; ++i) {
    if (__builtin_mul_overflow(count, reader.number(8), &count)) return false;
  }
  if ((flags & 1) != 0) reader.take(8 * rank);
  return reader.good();
}

bool attribute_fits(Reader reader) {
  const std::uint64_t version = reader.number(1);
  const std::uint64_t flags = reader.number(1);
  const std::uint64_t name_size = reader.number(2);
  const std::uint64_t type_bytes = reader.number(2);
  const std::uint64_t space_bytes = reader.number(2);
  if (version < 1 || version > 3 || (version > 1 && (flags & 3) != 0)) return false;  // 3: parts shared with others
  if (version == 3) reader.take(1);
  const auto stored = [&](std::uint64_t size) { return version == 1 ? padded(size) : size; };
  const auto name = reader.take(stored(name_size));
  if (!reader.good() || name_size == 0 || name[static_cast<std::size_t>(name_size) - 1] != 0) return false;
  Reader type(reader.take(stored(type_bytes)));
  Reader space(reader.take(stored(space_bytes)));
  const std::uint64_t size = type_size(type);
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  if (!reader.good() || size == 0 || !space_elements(space, count)) return false;
  return !__builtin_mul_overflow(count, size, &bytes) && bytes <= reader.left();
}

/// Bytes of the value for elements that were never written, 0 if there is none; nullopt if it does not fit.
std::optional<std::uint64_t> fill_bytes(unsigned type, Reader reader) {
  bool has_value = true;
  if (type == kFill) {
    const std::uint64_t version = reader.number(1);
    if (version == 3) {
      has_value = (reader.number(1) & 32) != 0;
    } else {
      reader.take(2);
      has_value = reader.number(1) != 0 || version == 1;
    }
  }
  const std::uint64_t size = has_value ? reader.number(4) : 0;
  reader.take(size);
  return reader.good() ? std::optional(size) : std::nullopt;
}

/// The sides of a chunk, of `size` bytes each, the last of them an element's bytes; none if they do not fit or are
/// zero: HDF5 divides by them.
std::vector<std::uint32_t> chunk_sides(Reader& reader, std::uint64_t rank, std::size_t size) {
  std::vector<std::uint32_t> sides;
  if (rank == 0 || rank > kMostSides) return sides;
  for (std::uint64_t i = 0; i < rank; ++i) {
    const std::uint64_t side = reader.number(size);
    if (side == 0 || side > UINT32_MAX) return {};
    sides.push_back(static_cast<std::uint32_t>(side));
  }
  return sides;
}

/// Where data is: only what is in chunks has more to it.
struct Layout {
  bool fits = false;
  std::vector<std::uint32_t> sides;    ///< of a chunk, if there are any
  std::optional<std::uint64_t> index;  ///< address of a tree of the chunks
};

Layout chunked_layout(Reader& reader, std::uint64_t rank, std::optional<std::uint64_t> index, std::size_t size = 4) {
  Layout layout{false, chunk_sides(reader, rank, size), index};
  layout.fits = !layout.sides.empty() && reader.good();
  return layout;
}

/// Version 4, with one of several indices.
Layout new_chunked_layout(Reader& reader) {
  reader.take(1);  // flags
  const std::uint64_t rank = reader.number(1);
  const std::uint64_t size = reader.number(1);
  return size == 0 || size > 8 ? Layout{} : chunked_layout(reader, rank, {}, size);
}

Layout read_layout(Reader reader) {
  const std::uint64_t version = reader.number(1);
  if (version == 1 || version == 2) {
    const std::uint64_t rank = reader.number(1);
    const std::uint64_t kind = reader.number(1);
    reader.take(5);
    const std::uint64_t address = kind != 0 ? reader.number(8) : 0;
    if (kind == 2) return chunked_layout(reader, rank, address);
    reader.take(4 * rank);
    if (kind == 0) reader.take(reader.number(4));
    return {reader.good(), {}, {}};
  }
  const std::uint64_t kind = reader.number(1);
  if (kind == 0) reader.take(reader.number(2));
  if (kind == 1) reader.take(16);
  if (kind == 2 && version == 3) {
    const std::uint64_t rank = reader.number(1);
    const std::uint64_t address = reader.number(8);
    return chunked_layout(reader, rank, address);
  }
  if (kind == 2) return new_chunked_layout(reader);
  return {reader.good(), {}, {}};
}

bool filters_fit(Reader reader) {
  const std::uint64_t version = reader.number(1);
  const std::uint64_t count = reader.number(1);
  if (version == 1) reader.take(6);
  for (std::uint64_t i = 0; i < count && reader.good(); ++i) {
    const std::uint64_t filter = reader.number(2);
    const std::uint64_t name = version == 1 || filter >= 256 ? reader.number(2) : 0;
    reader.take(2);
    const std::uint64_t values = reader.number(2);
    reader.take(version == 1 ? padded(name) : name);
    reader.take(4 * values + (version == 1 && values % 2 != 0 ? 4 : 0));
  }
  return reader.good();
}

bool link_fits(Reader reader) {
  reader.take(1);
  const std::uint64_t flags = reader.number(1);
  const std::uint64_t kind = (flags & 8) != 0 ? reader.number(1) : 0;
  if ((flags & 4) != 0) reader.take(8);
  if ((flags & 16) != 0) reader.take(1);
  reader.take(reader.number(std::size_t{1} << (flags & 3)));
  reader.take(kind == 0 ? 8 : reader.number(2));
  return reader.good();
}

bool fits(unsigned type, std::span<const unsigned char> bytes) {
  Reader reader(bytes);
  std::uint64_t count = 0;
  switch (type) {
    case kSpace:
      return space_elements(reader, count);
    case kType:
      return type_size(reader) != 0;
    case kOldFill:
    case kFill:
      return fill_bytes(type, reader).has_value();
    case 0x06:
      return link_fits(reader);
    case kLayout:
      return read_layout(reader).fits;
    case 0x0b:
      return filters_fit(reader);
    case 0x0c:
      return attribute_fits(reader);
    case kSymbolTable:
      return bytes.size() >= 16;
    default:
      return true;
  }
}

const char* name_of(unsigned type) {
  switch (type) {
    case kSpace:
      return "data space";
    case kType:
      return "data type";
    case kLayout:
      return "layout";
    case 0x0c:
      return "attribute";
    default:
      return "header message";
  }
}

}  // namespace

std::string check_message(unsigned type, std::span<const unsigned char> bytes) {
  if (type == kTreeSizes) return "its indices have nodes of unusual sizes, which is not supported";
  return fits(type, bytes) ? "" : std::string("the file is damaged: bad ") + name_of(type);
}

bool HeaderShape::note(unsigned type, std::span<const unsigned char> bytes) {
  Reader reader(bytes);
  if (type == kOldFill || type == kFill) fills_.push_back(fill_bytes(type, reader).value_or(0));
  if (type != kSpace && type != kType && type != kLayout && type != kSymbolTable) return true;
  if ((seen_ & 1U << type) != 0) return false;
  seen_ |= 1U << type;
  if (type == kSpace) space_ = bytes[1];
  if (type == kType) element_ = type_size(reader);
  if (type == kSymbolTable) links_ = SymbolTable{little_endian(&bytes[0], 8), little_endian(&bytes[8], 8)};
  if (type == kLayout) {
    Layout layout = read_layout(reader);
    sides_ = std::move(layout.sides);
    index_ = layout.index;
  }
  return true;
}

bool HeaderShape::agrees() const {
  for (const std::uint64_t bytes : fills_) {
    if (bytes != 0 && bytes != element_) return false;
  }
  return sides_.empty() || (sides_.size() == space_ + 1 && sides_.back() == element_);
}

std::optional<ChunkLayout> HeaderShape::chunks() const {
  if (!index_) return std::nullopt;
  return ChunkLayout{*index_, sides_};
}

}  // namespace fovea::hdf5
