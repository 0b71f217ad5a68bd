// Layout messages of versions 1 to 4.
#include "loaders/hdf5/messages/layout.h"

#include "loaders/io/cursor.h"

namespace fovea::hdf5 {
namespace {

constexpr const char* kBadLayout = "the file is damaged: bad layout";

/// The sides of a chunk, of `size` bytes each.
std::vector<std::uint32_t> chunk_sides(Cursor& cursor, std::uint64_t rank, std::size_t size) {
  cursor.require(rank > 0 && rank <= kMostSides);
  std::vector<std::uint32_t> sides;
  for (std::uint64_t i = 0; i < rank; ++i) {
    const std::uint64_t side = cursor.number(size);
    cursor.require(side > 0 && side <= UINT32_MAX);
    sides.push_back(static_cast<std::uint32_t>(side));
  }
  return sides;
}

std::vector<unsigned char> copy_of(std::span<const unsigned char> bytes) { return {bytes.begin(), bytes.end()}; }

Layout read_old(Cursor& cursor) {
  const std::uint64_t rank = cursor.number(1);
  const std::uint64_t kind = cursor.number(1);
  cursor.take(5);
  cursor.require(kind <= 2);
  Layout layout;
  layout.kind = static_cast<Layout::Kind>(kind);
  if (layout.kind != Layout::Kind::compact) layout.address = cursor.number(8);
  if (layout.kind == Layout::Kind::chunked) {
    layout.chunks.address = layout.address;
    layout.chunks.sides = chunk_sides(cursor, rank, 4);
    return layout;
  }
  cursor.take(4 * rank);
  if (layout.kind == Layout::Kind::compact) layout.compact = copy_of(cursor.take(cursor.number(4)));
  return layout;
}

/// Version 4 names one of five indices, and says how they are made: but the chunk's sides and where the index is, that
/// stands there too.
ChunkLayout read_new_chunks(Cursor& cursor) {
  constexpr std::size_t kAboutFixed = 1, kAboutExtensible = 5, kAboutTree = 6;
  ChunkLayout chunks;
  const std::uint64_t flags = cursor.number(1);
  const std::uint64_t rank = cursor.number(1);
  const std::uint64_t size = cursor.number(1);
  cursor.require(size > 0 && size <= 8);
  chunks.edges_unfiltered = (flags & 1) != 0;
  chunks.sides = chunk_sides(cursor, rank, size);
  const std::uint64_t index = cursor.number(1);
  cursor.require(index >= 1 && index <= 5);
  chunks.index = static_cast<ChunkLayout::Index>(index);
  switch (chunks.index) {
    case ChunkLayout::Index::single:
      if ((flags & 2) == 0) break;
      chunks.single_bytes = cursor.number(8);
      chunks.single_mask = static_cast<std::uint32_t>(cursor.number(4));
      break;
    case ChunkLayout::Index::fixed_array:
      cursor.take(kAboutFixed);
      break;
    case ChunkLayout::Index::extensible_array:
      cursor.take(kAboutExtensible);
      break;
    case ChunkLayout::Index::tree_2:
      cursor.take(kAboutTree);
      break;
    default:
      break;
  }
  chunks.address = cursor.number(8);
  return chunks;
}

}  // namespace

Layout read_layout(std::span<const unsigned char> bytes) {
  Cursor cursor(bytes, kBadLayout);
  const std::uint64_t version = cursor.number(1);
  if (version == 1 || version == 2) return read_old(cursor);
  if (version == 5) throw Refusal("its layout is of version 5, which is not supported");
  cursor.require(version == 3 || version == 4);
  const std::uint64_t kind = cursor.number(1);
  cursor.require(kind <= 3 && (kind < 3 || version == 4));
  Layout layout;
  layout.kind = static_cast<Layout::Kind>(kind);
  switch (layout.kind) {
    case Layout::Kind::compact:
      layout.compact = copy_of(cursor.take(cursor.number(2)));
      break;
    case Layout::Kind::contiguous:
      layout.address = cursor.number(8);
      layout.bytes = cursor.number(8);
      break;
    case Layout::Kind::chunked:
      if (version == 4) {
        layout.chunks = read_new_chunks(cursor);
        break;
      }
      {
        const std::uint64_t rank = cursor.number(1);
        layout.chunks.address = cursor.number(8);
        layout.chunks.sides = chunk_sides(cursor, rank, 4);
      }
      break;
    case Layout::Kind::virtual_set:
      break;
  }
  return layout;
}

}  // namespace fovea::hdf5
