// The B-tree of a data set's chunks.
#include "loaders/hdf5/chunk_index.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kKeyHead = 8;  // 4 bytes of the stored size, 4 of the mask; then a coordinate for each side
constexpr const char* kDamagedChunks = "the file is damaged: bad list of chunks";

}  // namespace

std::string check_chunks(const RawFile& file, std::span<const std::uint32_t> sides, std::span<const Chunk> chunks) {
  const Chunk* before = nullptr;
  for (const Chunk& chunk : chunks) {
    for (std::size_t i = 0; i < chunk.origin.size(); ++i) {
      if (chunk.origin[i] % sides[i] != 0) return kDamagedChunks;
    }
    if (chunk.bytes > file.left(chunk.address) || (before != nullptr && before->origin >= chunk.origin)) {
      return kDamagedChunks;
    }
    before = &chunk;
  }
  return "";
}

std::string list_chunks(const RawFile& file, ReadBudget& budget, const TreeSizes& sizes, const ChunkLayout& layout,
                        std::vector<Chunk>& out) {
  if (layout.index == kNoAddress) return "";
  const std::size_t rank = layout.sides.size() - 1;
  const auto add = [&](const unsigned char* key, std::uint64_t address, const unsigned char*) {
    Chunk chunk{{}, address, little_endian(key, 4), static_cast<std::uint32_t>(little_endian(key + 4, 4))};
    for (std::size_t i = 0; i < rank; ++i) chunk.origin.push_back(little_endian(key + kKeyHead + 8 * i, 8));
    out.push_back(std::move(chunk));
    return "";
  };
  const TreeKind kind{1, kKeyHead + 8 * layout.sides.size(), sizes.chunks};
  auto wrong = TreeWalk(file, budget, kind, add).run(layout.index);
  return wrong.empty() ? check_chunks(file, layout.sides, out) : wrong;
}

}  // namespace fovea::hdf5
