// Fixed arrays (format specification, VII.C): one block of elements, cut into pages if it is large.
#include <algorithm>
#include <span>

#include "loaders/hdf5/chunks/chunk_index.h"
#include "loaders/hdf5/io/address.h"
#include "loaders/hdf5/io/damage.h"
#include "loaders/hdf5/io/sums.h"
#include "loaders/io/cursor.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kFixedHead = 28;
constexpr std::size_t kFixedBlockHead = 14;  // signature, version, client, address of the head

}  // namespace

void walk_fixed_array(const Blocks& blocks, std::uint64_t address, bool filtered, const VisitElement& visit) {
  const Block head = blocks.read_summed(address, kFixedHead, "FAHD", 0, kDamagedChunks);
  Cursor cursor{std::span(head).subspan(5), kDamagedChunks};
  cursor.require(cursor.number(1) == (filtered ? 1U : 0U));
  const std::uint64_t size = cursor.number(1);
  check_element_bytes(size, filtered);
  const std::uint64_t page_bits = cursor.number(1);
  const std::uint64_t count = cursor.number(8);
  const std::uint64_t block = cursor.number(8);
  if (block == kNoAddress) return;
  cursor.require(page_bits < 32 && count <= blocks.file.left(0) / size);

  const std::uint64_t page = std::uint64_t{1} << page_bits;
  const bool paged = count > page;
  const std::uint64_t pages = paged ? (count + page - 1) / page : 1;
  const std::uint64_t before = kFixedBlockHead + (paged ? (pages + 7) / 8 : 0);  // a bit for each page
  const Block body =
      blocks.read_summed(block, before + (paged ? 0 : count * size) + kSumBytes, "FADB", 0, kDamagedChunks);
  cursor.require((body[5] == 1) == filtered && little_endian(&body[6], 8) == address);
  const auto visit_all = [&](std::uint64_t first, std::span<const unsigned char> elements) {
    for (std::uint64_t i = 0; i < elements.size() / size; ++i) visit(first + i, elements.subspan(i * size, size));
  };
  if (!paged) return visit_all(0, std::span(body).subspan(before, count * size));
  std::uint64_t at = block + body.size();
  for (std::uint64_t i = 0; i < pages; ++i) {
    const std::uint64_t elements = std::min(page, count - i * page);
    const bool set = (body[kFixedBlockHead + i / 8] >> (7 - i % 8) & 1) != 0;
    if (set) {
      const Block part = blocks.read(at, elements * size + kSumBytes, kDamagedChunks);
      cursor.require(ends_with_its_sum(part));
      visit_all(i * page, std::span(part).first(elements * size));
    }
    at += page * size + kSumBytes;
  }
}

}  // namespace fovea::hdf5
