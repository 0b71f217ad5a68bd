// Float formats told apart and read.
#include "loaders/hdf5/messages/number_conversion.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace fovea::hdf5 {
namespace {

struct Known {
  FloatFormat format;
  std::uint64_t bytes;
  DataType::Real real;
};
/// Implied one; offset, precision, sign, exponent's place and bits, mantissa's place and bits, bias.
constexpr Known kKnown[] = {
    {FloatFormat::half, 2, {true, 0, 16, 15, 10, 5, 0, 10, 15}},
    {FloatFormat::brain, 2, {true, 0, 16, 15, 7, 8, 0, 7, 127}},
    {FloatFormat::single, 4, {true, 0, 32, 31, 23, 8, 0, 23, 127}},
    {FloatFormat::twice, 8, {true, 0, 64, 63, 52, 11, 0, 52, 1023}},
};

template <class Word>
Word read_word(const unsigned char* bytes, bool big_endian) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  if (!big_endian) return word;
  Word turned = 0;
  for (std::size_t i = 0; i < sizeof word; ++i) turned = static_cast<Word>(turned << 8 | (word >> 8 * i & 0xff));
  return turned;
}

float from_half(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16, exponent = half >> 10 & 31U, mantissa = half & 1023U;
  if (exponent == 0) {  // zero and what is smaller than normal: whole multiples of 2^-24
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(static_cast<float>(mantissa) * 0x1p-24F));
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + (127 - 15);
  return std::bit_cast<float>(sign | wide << 23 | mantissa << 13);
}

/// What is beyond float's range is infinite, as HDF5 has it: also what would round to its largest number.
float from_double(double value) {
  constexpr double kMost = std::numeric_limits<float>::max();
  if (std::abs(value) > kMost) return std::copysign(std::numeric_limits<float>::infinity(), value > 0 ? 1.0F : -1.0F);
  return static_cast<float>(value);
}

/// `make` gives a float for a word of the file.
template <class Word, class Make>
void convert(bool big_endian, const unsigned char* from, std::size_t count, float* to, const Make& make) {
  for (std::size_t i = 0; i < count; ++i) to[i] = make(read_word<Word>(from + i * sizeof(Word), big_endian));
}

}  // namespace

std::optional<FloatFormat> float_format(const DataType& type) {
  if (type.kind == DataType::Kind::opaque && type.size == 2 && type.is_untagged) return FloatFormat::brain;
  if (type.kind != DataType::Kind::real) return std::nullopt;
  for (const Known& known : kKnown) {
    if (type.size == known.bytes && type.real == known.real) return known.format;
  }
  return std::nullopt;
}

bool is_native_float(const DataType& type) {
  const bool big_endian_machine = std::endian::native == std::endian::big;
  return float_format(type) == FloatFormat::single && type.big_endian == big_endian_machine;
}

void to_floats(const DataType& type, const unsigned char* from, std::size_t count, float* to) {
  const bool turned = type.kind == DataType::Kind::real && type.big_endian;
  switch (float_format(type).value()) {
    case FloatFormat::half:
      return convert<std::uint16_t>(turned, from, count, to, from_half);
    case FloatFormat::brain:
      return convert<std::uint16_t>(turned, from, count, to, [](std::uint16_t half) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16);
      });
    case FloatFormat::single:
      if (!turned) {
        std::memcpy(to, from, count * sizeof(float));
        return;
      }
      return convert<std::uint32_t>(turned, from, count, to,
                                    [](std::uint32_t word) { return std::bit_cast<float>(word); });
    case FloatFormat::twice:
      return convert<std::uint64_t>(turned, from, count, to,
                                    [](std::uint64_t word) { return from_double(std::bit_cast<double>(word)); });
  }
}

}  // namespace fovea::hdf5
