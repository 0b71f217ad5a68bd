// What the elements of a data set or an attribute are (format specification, IV.A.2.d).
#pragma once

#include <cstdint>
#include <string>

#include "loaders/io/cursor.h"

namespace fovea::hdf5 {

struct DataType {
  /// As the format numbers them.
  enum class Kind {
    integer,
    real,
    time,
    fixed_text,
    bits,
    opaque,
    compound,
    reference,
    enumeration,
    variable,
    array,
    complex
  };
  /// How a real number is made up, in bits, the lowest first.
  struct Real {
    bool implied_one = false;  ///< before the mantissa, which is otherwise normalised
    unsigned offset = 0, precision = 0, sign = 0, exponent_at = 0, exponent = 0, mantissa_at = 0, mantissa = 0;
    std::uint64_t bias = 0;
    bool operator==(const Real&) const = default;
  };

  Kind kind = Kind::integer;
  std::uint64_t size = 0;  ///< bytes of an element
  bool big_endian = false;
  bool is_signed = false;
  bool is_boolean = false;    ///< an enumeration of FALSE and TRUE
  bool is_untagged = false;   ///< opaque, of no stated meaning
  bool is_text = false;       ///< of fixed or variable length
  bool space_padded = false;  ///< text of fixed length
  Real real;
};

DataType read_data_type(Cursor& cursor);

/// For messages: "8-bit integers", "booleans", "text".
std::string name_of(const DataType& type);

}  // namespace fovea::hdf5
