// SHA-256 of a file, computed beside other work.
#pragma once

#include <future>
#include <stop_token>
#include <string>

#include "loaders/bytes.h"

namespace fovea::keras {

/// Hashes in the background, or in `get` where the host lends its own threads; destroying it early stops the work.
class FileHash {
 public:
  explicit FileHash(const std::string& path);
  /// Of a file in memory.
  explicit FileHash(const Bytes& image);
  ~FileHash();
  FileHash(const FileHash&) = delete;
  FileHash& operator=(const FileHash&) = delete;

  /// Waits; 64 lower-case hexadecimal digits. Throws Error if the file cannot be read.
  std::string get();

 private:
  std::stop_source stop_;
  std::future<std::string> result_;
};

}  // namespace fovea::keras
