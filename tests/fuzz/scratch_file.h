// Bytes as a file, and the loading of such.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include <fovea/keras.h>

namespace fovea::fuzz {

/// A file in memory if the machine has a file system there.
class ScratchFile {
 public:
  explicit ScratchFile(std::span<const std::uint8_t> data);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Loads a model, which counts as taken (one_input.h), or catches the Error.
void load(const ScratchFile& file, const KerasOptions& options);

}  // namespace fovea::fuzz
