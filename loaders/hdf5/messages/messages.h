// The messages of object headers that a reader needs (format specification, IV.A.2), for files with 8-byte addresses.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "loaders/hdf5/messages/data_type.h"
#include "loaders/hdf5/messages/filters.h"

namespace fovea::hdf5 {

using MessageBytes = std::span<const unsigned char>;

// Types of messages.
constexpr unsigned kSpace = 0x01;
constexpr unsigned kLinkInfo = 0x02;
constexpr unsigned kType = 0x03;
constexpr unsigned kOldFill = 0x04;
constexpr unsigned kFill = 0x05;
constexpr unsigned kLink = 0x06;
constexpr unsigned kExternalFiles = 0x07;
constexpr unsigned kLayout = 0x08;
constexpr unsigned kFilters = 0x0b;
constexpr unsigned kAttribute = 0x0c;
constexpr unsigned kContinuation = 0x10;
constexpr unsigned kSymbolTable = 0x11;
constexpr unsigned kTreeSizes = 0x13;
constexpr unsigned kDriver = 0x14;
constexpr unsigned kAttributeInfo = 0x15;
constexpr unsigned kCacheImage = 0x18;

struct DataSpace {
  bool is_null = false;  ///< no elements at all
  std::vector<std::uint64_t> sides;
  std::vector<std::uint64_t> most_sides;  ///< the same, or what they may become; UINT64_MAX without bound

  /// Throws Refusal if there is no such number.
  std::uint64_t elements() const;
};

struct Link {
  enum class Kind { hard, soft, external, unknown } kind = Kind::hard;
  std::string name;
  std::uint64_t address = 0;  ///< of the header that a hard link names
};

struct Attribute {
  std::string name;
  DataType type;
  std::uint64_t elements = 0;
  std::string refusal;  ///< why it cannot be read; "" if it can
  std::vector<unsigned char> value;
};

/// Where links or attributes are that lie in a heap, the B-tree naming them.
struct DenseStorage {
  std::uint64_t heap = 0, names = 0;
};

/// Elements that were never written.
struct FillValue {
  std::vector<unsigned char> bytes;  ///< none: zeros
};

/// The filters of chunks, and why they cannot be undone if they cannot.
struct Pipeline {
  std::vector<Filter> filters;
  std::string refusal;
};

DataSpace read_space(MessageBytes bytes);
DataType read_type(MessageBytes bytes);
Link read_link(MessageBytes bytes);
Attribute read_attribute(MessageBytes bytes);
FillValue read_fill(unsigned type, MessageBytes bytes);
Pipeline read_pipeline(MessageBytes bytes);
/// Nothing if there is no heap.
std::optional<DenseStorage> read_link_info(MessageBytes bytes);
std::optional<DenseStorage> read_attribute_info(MessageBytes bytes);

}  // namespace fovea::hdf5
