// Bytes as a file that is never on a disk, and the loading of such.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "loaders/keras/model.h"

namespace fovea::fuzz {

class MemoryFile {
 public:
  explicit MemoryFile(std::span<const std::uint8_t> data);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

/// Loads a model or catches the Error.
void load(const std::string& path, const KerasOptions& options);

}  // namespace fovea::fuzz
