// Reading in pieces.
#include "loaders/hdf5/read_queue.h"

#include <algorithm>
#include <atomic>

#include <fovea/error.h>
#include "loaders/printable.h"

namespace fovea::hdf5 {

namespace {

constexpr std::uint64_t kPieceFloats = 128 * 1024;

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
  team.for_each(static_cast<std::int64_t>(pieces_.size()), [&](std::int64_t index, int) {
    const std::size_t i = static_cast<std::size_t>(index);
    const Piece& piece = pieces_[i];
    if (file.read(piece.address, piece.count * sizeof(float), piece.out)) return;
    std::size_t first = first_failed;
    while (i < first && !first_failed.compare_exchange_weak(first, i)) {
    }
  });
  if (first_failed < pieces_.size()) {
    throw Error(path + ": " + printable(places_[pieces_[first_failed].place]) + ": cannot be read");
  }
  pieces_.clear();
  places_.clear();
}

}  // namespace fovea::hdf5
