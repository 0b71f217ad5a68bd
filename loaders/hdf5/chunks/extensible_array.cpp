// Extensible arrays (format specification, VII.D): the first elements lie in the index block, the next in data blocks
// that it names, all others in data blocks that secondary blocks name. Each secondary block has, in turn, twice as many
// data blocks as the one before or data blocks twice as large, and these are cut into pages if they are large.
#include <bit>
#include <span>

#include "loaders/hdf5/chunks/chunk_index.h"
#include "loaders/hdf5/io/address.h"
#include "loaders/hdf5/io/damage.h"
#include "loaders/hdf5/io/powers.h"
#include "loaders/hdf5/io/sums.h"
#include "loaders/io/cursor.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kExtensibleHead = 72;
constexpr std::size_t kExtensibleBlockHead = 14;  // signature, version, client, address of the head

class ExtensibleArray {
 public:
  ExtensibleArray(const Blocks& blocks, std::uint64_t address, bool filtered, const VisitElement& visit)
      : blocks_(blocks), address_(address), filtered_(filtered), visit_(visit) {
    const Block head = blocks.read_summed(address, kExtensibleHead, "EAHD", 0, kDamagedChunks);
    Cursor cursor{std::span(head).subspan(5), kDamagedChunks};
    cursor.require(cursor.number(1) == (filtered ? 1U : 0U));
    size_ = cursor.number(1);
    check_element_bytes(size_, filtered);
    const std::uint64_t most_bits = cursor.number(1);
    in_index_ = cursor.number(1);
    least_ = cursor.number(1);
    const std::uint64_t least_blocks = cursor.number(1);
    const std::uint64_t page_bits = cursor.number(1);
    cursor.take(6 * 8);  // statistics
    index_ = cursor.number(8);
    cursor.require(most_bits <= 64 && page_bits < 32 && std::has_single_bit(least_) &&
                   std::has_single_bit(least_blocks));
    cursor.require(most_bits >= log_2(least_));
    page_ = std::uint64_t{1} << page_bits;
    offset_bytes_ = static_cast<std::size_t>((most_bits + 7) / 8);
    rows_ = 1 + most_bits - log_2(least_);
    direct_rows_ = 2 * log_2(least_blocks);
    cursor.require(direct_rows_ <= rows_ && (direct_rows_ == 0 || elements_in(direct_rows_ - 1) <= page_));
  }

  void walk() {
    if (index_ == kNoAddress) return;
    std::uint64_t direct = 0;
    for (std::uint64_t row = 0; row < direct_rows_; ++row) direct += blocks_in(row);
    const std::uint64_t secondary = rows_ - direct_rows_;
    const Block block =
        read(index_, kExtensibleBlockHead + in_index_ * size_ + (direct + secondary) * kAddressBytes, "EAIB");
    Cursor cursor{std::span(block).subspan(kExtensibleBlockHead), kDamagedChunks};
    visit_elements(0, cursor.take(in_index_ * size_));
    std::uint64_t first = in_index_;
    for (std::uint64_t row = 0; row < rows_; ++row) {
      if (row < direct_rows_) {
        for (std::uint64_t i = 0; i < blocks_in(row); ++i) {
          walk_data(cursor.number(kAddressBytes), first + i * elements_in(row), elements_in(row));
        }
      } else {
        walk_secondary(cursor.number(kAddressBytes), first, row);
      }
      first += blocks_in(row) * elements_in(row);  // may wrap behind the last row, where nothing follows
    }
  }

 private:
  std::uint64_t blocks_in(std::uint64_t row) const { return std::uint64_t{1} << row / 2; }
  std::uint64_t elements_in(std::uint64_t row) const { return least_ << (row + 1) / 2; }

  /// `size` bytes and their sum.
  Block read(std::uint64_t address, std::uint64_t size, const char* signature) const {
    Block block = blocks_.read_summed(address, size + kSumBytes, signature, 0, kDamagedChunks);
    if ((block[5] == 1) != filtered_ || little_endian(&block[6], kAddressBytes) != address_)
      throw Refusal(kDamagedChunks);
    return block;
  }

  void visit_elements(std::uint64_t first, std::span<const unsigned char> elements) const {
    for (std::uint64_t i = 0; i < elements.size() / size_; ++i) {
      visit_(first + i, elements.subspan(i * size_, size_));
    }
  }

  void walk_secondary(std::uint64_t address, std::uint64_t first, std::uint64_t row) const {
    if (address == kNoAddress) return;
    const std::uint64_t count = blocks_in(row), elements = elements_in(row);
    if (count > blocks_.file.left(0) / kAddressBytes) throw Refusal(kDamagedChunks);
    const std::uint64_t pages = elements > page_ ? elements / page_ : 0;
    if (pages > 8 * blocks_.file.left(0) / count) throw Refusal(kDamagedChunks);
    const std::uint64_t bits = count * ((pages + 7) / 8);  // bytes with a bit for each page that was written
    const std::uint64_t before = kExtensibleBlockHead + offset_bytes_;
    const Block block = read(address, before + bits + count * kAddressBytes, "EASB");
    Cursor cursor{std::span(block).subspan(before), kDamagedChunks};
    const auto written = cursor.take(bits);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t data = cursor.number(kAddressBytes);
      if (pages == 0) {
        walk_data(data, first + i * elements, elements);
      } else {
        walk_pages(data, first + i * elements, pages, written, i * pages);
      }
    }
  }

  void walk_data(std::uint64_t address, std::uint64_t first, std::uint64_t elements) const {
    if (address == kNoAddress) return;
    if (elements > blocks_.file.left(0) / size_) throw Refusal(kDamagedChunks);
    const std::uint64_t before = kExtensibleBlockHead + offset_bytes_;
    const Block block = read(address, before + elements * size_, "EADB");
    visit_elements(first, std::span(block).subspan(before, elements * size_));
  }

  /// `bit`: that of the first page.
  void walk_pages(std::uint64_t address, std::uint64_t first, std::uint64_t pages,
                  std::span<const unsigned char> written, std::uint64_t bit) const {
    if (address == kNoAddress) return;
    const Block head = read(address, kExtensibleBlockHead + offset_bytes_, "EADB");
    const std::uint64_t bytes = page_ * size_;
    for (std::uint64_t i = 0; i < pages; ++i) {
      const std::uint64_t at = bit + i;
      if ((written[at / 8] >> (7 - at % 8) & 1) == 0) continue;
      const Block page =
          blocks_.read(address + head.size() + i * (bytes + kSumBytes), bytes + kSumBytes, kDamagedChunks);
      if (!ends_with_its_sum(page)) throw Refusal(kDamagedChunks);
      visit_elements(first + i * page_, std::span(page).first(bytes));
    }
  }

  const Blocks& blocks_;
  const std::uint64_t address_;
  const bool filtered_;
  const VisitElement& visit_;
  std::uint64_t size_ = 0;      ///< bytes of an element
  std::uint64_t in_index_ = 0;  ///< elements
  std::uint64_t least_ = 0;     ///< elements in the smallest data block
  std::uint64_t page_ = 0;      ///< elements
  std::uint64_t index_ = 0;     ///< address
  std::uint64_t rows_ = 0, direct_rows_ = 0;
  std::size_t offset_bytes_ = 0;
};

}  // namespace

void walk_extensible_array(const Blocks& blocks, std::uint64_t address, bool filtered, const VisitElement& visit) {
  ExtensibleArray(blocks, address, filtered, visit).walk();
}

}  // namespace fovea::hdf5
