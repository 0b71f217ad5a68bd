// The limits: far above any real model, and in proportion to the file.
#include "loaders/hdf5/io/read_budget.h"

#include <algorithm>

#include "loaders/io/refusal.h"

namespace fovea::hdf5 {
namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostBytes = 256 * kMebibyte;
constexpr std::uint64_t kMostData = 4096 * kMebibyte;
constexpr std::uint64_t kMostText = 64 * kMebibyte;  // the configuration of a thousand layers has about 1 MB
constexpr std::uint64_t kMostItems = 400'000;

std::uint64_t times(std::uint64_t size, std::uint64_t factor) { return size > UINT64_MAX / 8 ? size : factor * size; }

/// True if `bytes` more are too many; else they are counted.
bool exceeds(std::uint64_t& spent, std::uint64_t bytes, std::uint64_t most) {
  if (bytes > most || spent > most - bytes) return true;
  spent += bytes;
  return false;
}

}  // namespace

ReadBudget::ReadBudget(std::uint64_t file_size)
    : most_bytes_(std::min(kMostBytes, times(file_size, 4))),
      most_stored_(times(file_size, 4)),  // what is asked for twice is read twice
      most_text_(kMostText + times(file_size, 2)) {}

void ReadBudget::spend(std::uint64_t bytes) {
  if (exceeds(bytes_, bytes, most_bytes_)) throw Refusal("the file's headers and indices are too large");
}

void ReadBudget::count_item() {
  if (exceeds(items_, 1, kMostItems)) throw Refusal("the file has too many groups, datasets and attributes");
}

void ReadBudget::spend_stored(std::uint64_t bytes) {
  if (exceeds(stored_, bytes, most_stored_)) throw Refusal("the file's tensors lie on top of one another");
}

void ReadBudget::spend_data(std::uint64_t bytes) {
  if (exceeds(data_, bytes, kMostData)) throw Refusal("more than 4 GiB of data in one model");
}

void ReadBudget::spend_text(std::uint64_t bytes) {
  if (exceeds(text_, bytes, most_text_)) throw Refusal("is too long, or there is too much text in one model");
}

}  // namespace fovea::hdf5
