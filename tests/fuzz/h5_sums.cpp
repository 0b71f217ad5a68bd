// fovea's own reader finds the sums: a copy of it in a namespace of its own (`hdf5` is another word here, see
// CMakeLists.txt), linked with these checks in place of loaders/hdf5/io/sums.cpp. They find every sum right, and
// remember what it should have been.
#include "tests/fuzz/h5_sums.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "loaders/hdf5/io/fletcher32.h"
#include "loaders/hdf5/io/lookup3.h"
#include "loaders/hdf5/io/sums.h"
#include "tests/fuzz/walk_h5.h"

namespace fovea {
namespace {

std::span<std::uint8_t> mended;  // the file that is being read

/// Puts `sum` at `at` of every place in the file that holds the block.
void set_sum(std::span<const unsigned char> block, std::size_t at, std::uint32_t sum) {
  auto from = mended.begin();
  while (true) {
    from = std::search(from, mended.end(), block.begin(), block.end());
    if (from == mended.end()) return;
    std::memcpy(&*from + at, &sum, sizeof sum);
    ++from;
  }
}

bool set_at_end(std::span<const unsigned char> block, std::uint32_t (*sum_of)(std::span<const unsigned char>)) {
  if (block.size() < hdf5::kSumBytes) return false;
  const std::size_t at = block.size() - hdf5::kSumBytes;
  const std::uint32_t sum = sum_of(block.first(at));
  if (std::memcmp(&block[at], &sum, sizeof sum) != 0) set_sum(block, at, sum);
  return true;
}

}  // namespace

namespace hdf5 {

bool ends_with_its_sum(std::span<const unsigned char> block) { return set_at_end(block, lookup3); }

bool has_its_sum_at(std::span<const unsigned char> block, std::size_t at) {
  std::vector<unsigned char> content(block.begin(), block.end());
  std::fill_n(&content[at], kSumBytes, std::uint8_t{0});
  const std::uint32_t sum = lookup3(content);
  if (std::memcmp(&block[at], &sum, sizeof sum) != 0) set_sum(block, at, sum);
  return true;
}

bool ends_with_fletcher32(std::span<const unsigned char> chunk) { return set_at_end(chunk, fletcher32); }

}  // namespace hdf5

namespace fuzz {

void set_h5_sums(std::span<std::uint8_t> bytes) {
  constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
  constexpr int kMostFiles = 4;
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  const std::string_view all(text, bytes.size());
  std::size_t at = 0;
  for (int file = 0; file < kMostFiles; ++file, ++at) {
    at = all.find(kSignature, at);
    if (at == std::string_view::npos) return;
    mended = bytes.subspan(at);
    const std::shared_ptr<unsigned char[]> copy(new unsigned char[mended.size()]);
    std::copy(mended.begin(), mended.end(), copy.get());
    hdf5::walk_all({copy, mended.size()});
  }
}

}  // namespace fuzz
}  // namespace fovea
