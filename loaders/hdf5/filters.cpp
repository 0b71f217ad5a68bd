// Deflate, shuffle and checksum of chunks (format specification, IV.A.2.l).
#include "loaders/hdf5/filters.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "loaders/hdf5/raw_file.h"
#include "loaders/hdf5/refusal.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kChecksum = 4;

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* it) const noexcept { libdeflate_free_decompressor(it); }
};

/// `most`: what it may inflate to.
void inflate(std::size_t most, std::vector<unsigned char>& data) {
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(libdeflate_alloc_decompressor());
  if (decompressor == nullptr) throw Refusal("not enough memory");
  std::vector<unsigned char> out(most);
  std::size_t got = 0;
  const libdeflate_result result =
      libdeflate_zlib_decompress(decompressor.get(), data.data(), data.size(), out.data(), out.size(), &got);
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) throw Refusal("a chunk inflates to more than it can hold");
  if (result != LIBDEFLATE_SUCCESS) throw Refusal("a chunk cannot be inflated");
  out.resize(got);
  data.swap(out);
}

/// First bytes of all elements, second bytes of all, ...; what is left over stays at the end.
void unshuffle(std::size_t element, std::vector<unsigned char>& data) {
  const std::size_t count = data.size() / element;
  if (count == 0) return;  // a file may claim any size
  std::vector<unsigned char> out(data);
  for (std::size_t byte = 0; byte < element; ++byte) {
    const unsigned char* plane = data.data() + byte * count;
    for (std::size_t i = 0; i < count; ++i) out[i * element + byte] = plane[i];
  }
  data.swap(out);
}

/// Fletcher's sum over numbers of two bytes, the first the higher one; a last single byte counts as the higher.
std::uint32_t fletcher32(std::span<const unsigned char> data) {
  constexpr std::uint64_t kModulus = 65535;
  constexpr std::size_t kAtOnce = std::size_t{1} << 16;  // so many bytes stay far below 2^64
  std::uint64_t first = 0, second = 0;
  while (!data.empty()) {
    const auto part = data.first(std::min(kAtOnce, data.size()));
    for (std::size_t i = 0; i < part.size(); i += 2) {
      first += (static_cast<std::uint64_t>(part[i]) << 8) + (i + 1 < part.size() ? part[i + 1] : 0U);
      second += first;
    }
    first %= kModulus;
    second %= kModulus;
    data = data.subspan(part.size());
  }
  return static_cast<std::uint32_t>(second << 16 | first);
}

/// HDF5 sums modulo 65535 with either of its two zeros.
bool same_sum(std::uint32_t a, std::uint32_t b) {
  return (a & 0xffff) % 65535 == (b & 0xffff) % 65535 && (a >> 16) % 65535 == (b >> 16) % 65535;
}

void take_checksum(std::vector<unsigned char>& data) {
  if (data.size() < kChecksum) throw Refusal("a chunk is too short");
  const auto stored = static_cast<std::uint32_t>(little_endian(&data[data.size() - kChecksum], kChecksum));
  data.resize(data.size() - kChecksum);
  if (!same_sum(stored, fletcher32(data))) throw Refusal("a chunk's checksum is wrong");
}

}  // namespace

void undo_filters(std::span<const Filter> filters, std::uint32_t mask, std::size_t size,
                  std::vector<unsigned char>& data) {
  const std::size_t most = size + kChecksum * filters.size();
  for (std::size_t i = filters.size(); i-- > 0;) {
    if ((mask >> i & 1) != 0) continue;
    switch (filters[i].kind) {
      case Filter::Kind::deflate:
        inflate(most, data);
        break;
      case Filter::Kind::shuffle:
        if (filters[i].element > 1) unshuffle(filters[i].element, data);
        break;
      case Filter::Kind::fletcher32:
        take_checksum(data);
        break;
    }
  }
  if (data.size() != size) {
    throw Refusal("a chunk has " + std::to_string(data.size()) + " bytes instead of " + std::to_string(size));
  }
}

}  // namespace fovea::hdf5
