// Damage to files of models, where their structures are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace fovea::fuzz {

using FileBytes = std::vector<std::uint8_t>;

/// Mutants of one file: a few bytes changed in each, mostly near where structures of HDF5 and zip begin. The same seed
/// gives the same mutants.
class Damage {
 public:
  /// `bytes` stays where it is as long as the mutants are made.
  Damage(const FileBytes& bytes, unsigned seed);

  FileBytes next();

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_()) % n; }
  std::uint64_t number(std::size_t at);
  void change(FileBytes& bytes);

  const FileBytes& bytes_;
  const std::vector<std::size_t> places_;
  std::mt19937 random_;
};

}  // namespace fovea::fuzz
