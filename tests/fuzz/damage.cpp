// Where structures begin, and what is put there.
#include "tests/fuzz/damage.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace fovea::fuzz {

namespace {

/// Where structures begin: at signatures, and at what symbol tables say of old headers.
std::vector<std::size_t> structures(const FileBytes& bytes) {
  constexpr const char* kSignatures[] = {"PK\1\2", "PK\3\4", "PK\5\6", "\x89HDF", "OHDR", "OCHK", "TREE", "SNOD",
                                         "HEAP",   "GCOL",   "FRHP",   "FHDB",    "FHIB", "BTHD", "BTIN", "BTLF",
                                         "FAHD",   "FADB",   "EAHD",   "EAIB",    "EASB", "EADB"};
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at + 8 < bytes.size(); ++at) {
    for (const char* signature : kSignatures) {
      if (std::memcmp(&bytes[at], signature, 4) == 0) found.push_back(at);
    }
    if (std::memcmp(&bytes[at], "SNOD", 4) != 0) continue;
    for (std::size_t entry = at + 8; entry + 16 <= bytes.size() && entry < at + 8 + 8 * 40; entry += 40) {
      std::uint64_t header = 0;
      std::memcpy(&header, &bytes[entry + 8], sizeof header);
      if (header < bytes.size()) found.push_back(header);
    }
  }
  return found;
}

}  // namespace

Damage::Damage(const FileBytes& bytes, unsigned seed) : bytes_(bytes), places_(structures(bytes)), random_(seed) {}

FileBytes Damage::next() {
  FileBytes bytes = bytes_;
  for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(bytes);
  return bytes;
}

/// A number that lengths and addresses have where they are wrong.
std::uint64_t Damage::number(std::size_t at) {
  constexpr std::uint64_t kLargest = ~std::uint64_t{0};
  constexpr std::uint64_t kFixed[] = {0,      1,        2,          0x10,       0x7f,     0xff,         0x100,
                                      0xffff, 0x7fffff, 0x7fffffff, 0xffffffff, kLargest, kLargest >> 1};
  const std::size_t which = below(std::size(kFixed) + 4);
  if (which < std::size(kFixed)) return kFixed[which];
  switch (which - std::size(kFixed)) {
    case 0:
      return bytes_.size();
    case 1:
      return at;
    case 2:
      return random_();
    default:
      return places_.empty() ? 0 : places_[below(places_.size())];
  }
}

void Damage::change(FileBytes& bytes) {
  constexpr std::size_t kNear = 160;
  const bool near = !places_.empty() && below(10) > 0;
  const std::size_t at = near ? places_[below(places_.size())] + below(kNear) : below(bytes.size());
  if (at + 8 > bytes.size()) return;
  switch (below(4)) {
    case 0:
      bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1U << below(8)));
      return;
    case 1:
      bytes[at] = static_cast<std::uint8_t>(random_());
      return;
    case 2: {  // a piece of another structure
      const std::size_t size = std::min<std::size_t>(1 + below(24), bytes.size() - at);
      const std::size_t from = places_.empty() ? 0 : places_[below(places_.size())];
      if (from + size <= bytes.size()) std::memmove(&bytes[at], &bytes[from], size);
      return;
    }
    default: {
      const std::uint64_t value = number(at);
      std::memcpy(&bytes[at], &value, std::size_t{1} << below(4));
    }
  }
}

}  // namespace fovea::fuzz
