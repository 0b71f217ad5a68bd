// Data types, as far as anything of them is read or named.
#include "loaders/hdf5/messages/data_type.h"

#include <algorithm>
#include <string_view>

namespace fovea::hdf5 {
namespace {

constexpr std::uint64_t kMostVersion = 5;
constexpr std::size_t kLongestMember = 8;  // of the names that are looked at

DataType::Real read_real(std::uint64_t bits, Cursor& cursor) {
  DataType::Real real;
  const bool vax_order = (bits & 0x40) != 0;
  real.implied_one = (bits >> 4 & 3) == 2;
  real.sign = static_cast<unsigned>(bits >> 8 & 255);
  real.offset = static_cast<unsigned>(cursor.number(2));
  real.precision = static_cast<unsigned>(cursor.number(2));
  real.exponent_at = static_cast<unsigned>(cursor.number(1));
  real.exponent = static_cast<unsigned>(cursor.number(1));
  real.mantissa_at = static_cast<unsigned>(cursor.number(1));
  real.mantissa = static_cast<unsigned>(cursor.number(1));
  real.bias = cursor.number(4);
  if (vax_order) real.precision = 0;  // of no type that is read
  return real;
}

/// The name of an enumeration's member; versions before 3 fill it up to a multiple of 8 bytes.
std::string member_name(Cursor& cursor, bool padded) {
  std::string name;
  std::size_t length = 1;
  for (auto c = cursor.number(1); c != 0; c = cursor.number(1), ++length) {
    if (name.size() < kLongestMember) name += static_cast<char>(c);
  }
  if (padded) cursor.take((8 - length % 8) % 8);
  return name;
}

/// h5py writes booleans as an enumeration of one byte.
bool has_boolean_members(std::uint64_t members, std::uint64_t version, Cursor& cursor) {
  if (members != 2 || cursor.left() == 0) return false;
  const auto kind = static_cast<DataType::Kind>(cursor.number(1) & 15);
  cursor.take(3);
  const std::uint64_t size = cursor.number(4);
  if (kind != DataType::Kind::integer || size != 1) return false;
  cursor.take(4);
  const std::string first = member_name(cursor, version < 3), second = member_name(cursor, version < 3);
  return first == "FALSE" && second == "TRUE";
}

}  // namespace

DataType read_data_type(Cursor& cursor) {
  using Kind = DataType::Kind;
  const std::uint64_t head = cursor.number(1);
  const std::uint64_t bits = cursor.number(3);
  const std::uint64_t version = head >> 4;
  DataType type;
  type.kind = static_cast<Kind>(head & 15);
  type.size = cursor.number(4);
  type.big_endian = (bits & 1) != 0;
  cursor.require(version >= 1 && version <= kMostVersion && type.kind <= Kind::complex && type.size > 0);
  switch (type.kind) {
    case Kind::integer:
    case Kind::bits:
      type.is_signed = (bits & 8) != 0;
      cursor.take(4);  // where the bits are
      break;
    case Kind::real:
      type.real = read_real(bits, cursor);
      break;
    case Kind::fixed_text:
      type.is_text = true;
      type.space_padded = (bits & 15) == 2;
      break;
    case Kind::opaque: {
      const auto tag = cursor.take(bits & 255);
      type.is_untagged = tag.empty() || tag[0] == 0;
      break;
    }
    case Kind::enumeration:
      type.is_boolean = has_boolean_members(bits & 0xffff, version, cursor);
      break;
    case Kind::variable:
      type.is_text = (bits & 15) == 1;
      break;
    default:
      break;
  }
  return type;
}

std::string name_of(const DataType& type) {
  using Kind = DataType::Kind;
  switch (type.kind) {
    case Kind::integer:
      return (type.is_signed ? "" : "unsigned ") + std::to_string(8 * type.size) + "-bit integers";
    case Kind::real:
      return "an unknown float type of " + std::to_string(8 * type.size) + " bits";
    case Kind::enumeration:
      return type.is_boolean ? "booleans" : "an enumeration";
    case Kind::compound:
      return "a compound type";
    case Kind::array:
      return "arrays";
    case Kind::reference:
      return "references to other objects";
    case Kind::complex:
      return "complex numbers";
    default:
      if (type.is_text) return "text";
      return "an unknown type of " + std::to_string(8 * type.size) + " bits";
  }
}

}  // namespace fovea::hdf5
