// Sizes inside header messages, for files with 8-byte addresses.
#include "loaders/hdf5/header_messages.h"

#include "loaders/hdf5/raw_file.h"

namespace fovea::hdf5 {
namespace {

constexpr unsigned kMostSpaceDimensions = 32;
constexpr int kDeepestType = 4;

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

bool fill_fits(Reader reader) {
  const std::uint64_t version = reader.number(1);
  bool has_value = true;
  if (version == 3) {
    has_value = (reader.number(1) & 32) != 0;
  } else {
    reader.take(2);
    has_value = reader.number(1) != 0 || version == 1;
  }
  if (has_value) reader.take(reader.number(4));
  return reader.good();
}

/// The sides of a chunk, the last of them an element's bytes. HDF5 divides by them.
bool chunk_fits(Reader& reader, std::uint64_t rank) {
  if (rank == 0 || rank > kMostSpaceDimensions + 1) return false;
  for (std::uint64_t i = 0; i < rank; ++i) {
    if (reader.number(4) == 0) return false;
  }
  return reader.good();
}

bool layout_fits(Reader reader) {
  const std::uint64_t version = reader.number(1);
  if (version == 1 || version == 2) {
    const std::uint64_t rank = reader.number(1);
    const std::uint64_t kind = reader.number(1);
    reader.take(5);
    if (kind != 0) reader.take(8);
    const bool chunked = kind == 2;
    if (chunked && !chunk_fits(reader, rank)) return false;
    if (!chunked) reader.take(4 * rank);
    if (kind == 0) reader.take(reader.number(4));
    return reader.good();
  }
  const std::uint64_t kind = reader.number(1);
  if (kind == 0) reader.take(reader.number(2));
  if (kind == 1) reader.take(16);
  if (kind == 2 && version == 3) {
    const std::uint64_t rank = reader.number(1);
    reader.take(8);
    return chunk_fits(reader, rank);
  }
  return reader.good();
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
    case 0x01:
      return space_elements(reader, count);
    case 0x03:
      return type_size(reader) != 0;
    case 0x05:
      return fill_fits(reader);
    case 0x06:
      return link_fits(reader);
    case 0x08:
      return layout_fits(reader);
    case 0x0b:
      return filters_fit(reader);
    case 0x0c:
      return attribute_fits(reader);
    case 0x04:  // old fill value
      reader.take(reader.number(4));
      return reader.good();
    case 0x11:  // symbol table
      return bytes.size() >= 16;
    default:
      return true;
  }
}

const char* name_of(unsigned type) {
  switch (type) {
    case 0x01:
      return "data space";
    case 0x03:
      return "data type";
    case 0x08:
      return "layout";
    case 0x0c:
      return "attribute";
    default:
      return "header message";
  }
}

}  // namespace

std::string check_message(unsigned type, std::span<const unsigned char> bytes) {
  return fits(type, bytes) ? "" : std::string("the file is damaged: bad ") + name_of(type);
}

void HeaderShape::note(unsigned type, std::span<const unsigned char> bytes) {
  if (type == 0x01) space_ = bytes[1];
  if (type != 0x08) return;
  const unsigned version = bytes[0];
  if (version <= 2 && bytes[2] == 2) chunk_ = bytes[1];
  if (version == 3 && bytes[1] == 2) chunk_ = bytes[2];
}

}  // namespace fovea::hdf5
