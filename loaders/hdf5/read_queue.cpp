// Reading in pieces.
#include "loaders/hdf5/read_queue.h"

#include <algorithm>
#include <atomic>

#include <fovea/error.h>
#include "base/load_scope.h"
#include "loaders/printable.h"

namespace fovea::hdf5 {

namespace {

constexpr std::uint64_t kPieceFloats = 128 * 1024;
constexpr std::size_t kPiecesAtOnce = 64;  // 32 MiB; then the host is told

}  // namespace

void ReadQueue::add(std::uint64_t address, std::uint64_t count, float* out, const std::string& place) {
  for (std::uint64_t done = 0; done < count; done += kPieceFloats) {
    pieces_.push_back(
        {address + done * sizeof(float), std::min(kPieceFloats, count - done), out + done, places_.size()});
  }
  places_.push_back(place);
}

void ReadQueue::run(const RawFile& file, const std::string& path, ThreadTeam& team) {
  std::atomic<std::size_t> first_failed{pieces_.size()};
  for (std::size_t begin = 0; begin < pieces_.size(); begin += kPiecesAtOnce) {
    const std::size_t count = std::min(kPiecesAtOnce, pieces_.size() - begin);
    team.for_each(static_cast<std::int64_t>(count), [&](std::int64_t index, int) {
      const std::size_t i = begin + static_cast<std::size_t>(index);
      const Piece& piece = pieces_[i];
      if (file.read(piece.address, piece.count * sizeof(float), piece.out)) return;
      std::size_t first = first_failed;
      while (i < first && !first_failed.compare_exchange_weak(first, i)) {
      }
    });
    team.check();
    LoadScope::advance(static_cast<double>(begin + count) / static_cast<double>(pieces_.size()));
  }
  if (first_failed < pieces_.size()) {
    throw Error(path + ": " + printable(places_[pieces_[first_failed].place]) + ": cannot be read");
  }
  pieces_.clear();
  places_.clear();
}

}  // namespace fovea::hdf5
