// Tensors that lie in the file as they are needed in memory: found one by one, read together by several threads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/thread_team.h"
#include "loaders/io/raw_file.h"

namespace fovea::hdf5 {

class ReadQueue {
 public:
  /// `count` floats at `address` of the file are to be written to `out`, which must live until `run` is done.
  void add(std::uint64_t address, std::uint64_t count, float* out, const std::string& place);
  /// Reads all of them. Throws Error("<path>: <place>: <reason>").
  void run(const RawFile& file, const std::string& path, ThreadTeam& team);

 private:
  struct Piece {
    std::uint64_t address, count;
    float* out;
    std::size_t place;
  };
  std::vector<Piece> pieces_;
  std::vector<std::string> places_;
};

}  // namespace fovea::hdf5
