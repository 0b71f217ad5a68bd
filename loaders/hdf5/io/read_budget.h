// How much of a file's structure is read, and remembered.
#pragma once

#include <cstdint>

namespace fovea::hdf5 {

/// Many objects may name the same large block, or one another: what is read in all is bounded by the file's size.
class ReadBudget {
 public:
  explicit ReadBudget(std::uint64_t file_size);

  /// Headers, trees, heaps and names. Throws Refusal once four times the file was asked for.
  void spend(std::uint64_t bytes);
  /// Links and attributes.
  void count_item();
  /// Bytes of tensors as they are stored.
  void spend_stored(std::uint64_t bytes);
  /// Bytes of tensors as they are in memory.
  void spend_data(std::uint64_t bytes);
  /// Texts and paths handed out.
  void spend_text(std::uint64_t bytes);

 private:
  const std::uint64_t most_bytes_, most_stored_, most_text_;
  std::uint64_t bytes_ = 0, stored_ = 0, text_ = 0, data_ = 0, items_ = 0;
};

}  // namespace fovea::hdf5
