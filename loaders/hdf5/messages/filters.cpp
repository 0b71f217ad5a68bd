// Deflate, shuffle and checksum of chunks (format specification, IV.A.2.l).
#include "loaders/hdf5/messages/filters.h"

#include <libdeflate.h>

#include <memory>

#include "loaders/hdf5/io/sums.h"
#include "loaders/io/refusal.h"

namespace fovea::hdf5 {
namespace {

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

void take_checksum(std::vector<unsigned char>& data) {
  if (data.size() < kSumBytes) throw Refusal("a chunk is too short");
  if (!ends_with_fletcher32(data)) throw Refusal("a chunk's checksum is wrong");
  data.resize(data.size() - kSumBytes);
}

}  // namespace

void undo_filters(std::span<const Filter> filters, std::uint32_t mask, std::size_t size,
                  std::vector<unsigned char>& data) {
  const std::size_t most = size + kSumBytes * filters.size();
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
