// String attributes in every form that h5py and Keras have written: fixed or variable length, scalar, list, or list
// split in pieces.
#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "loaders/hdf5/file.h"

namespace fovea::hdf5 {
namespace {

/// Longest text of one attribute; a configuration of a thousand layers has about 1 MB.
constexpr std::uint64_t kLongestText = std::uint64_t{64} << 20;
constexpr int kMostPieces = 10'000;

/// The text of one fixed-length cell.
std::string trimmed(const char* cell, std::size_t size, H5T_str_t padding) {
  std::size_t length = strnlen(cell, size);
  if (padding == H5T_STR_SPACEPAD) {
    while (length > 0 && cell[length - 1] == ' ') --length;
  }
  return std::string(cell, length);
}

}  // namespace

bool Group::has_attribute(const std::string& name) const { return H5Aexists(id_.get(), name.c_str()) > 0; }

std::vector<std::string> Group::read_texts(const std::string& attribute) const {
  const std::string place = place_of("@" + attribute);
  const AttributeId id(H5Aopen(id_.get(), attribute.c_str(), H5P_DEFAULT));
  if (!id.valid()) file_->fail(place, "cannot be opened: " + last_error());
  const TypeId type(H5Aget_type(id.get()));
  const SpaceId space(H5Aget_space(id.get()));
  if (!type.valid() || !space.valid()) file_->fail(place, "cannot be read: " + last_error());
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  if (count < 0) file_->fail(place, "has no size: " + last_error());
  if (count == 0) return {};
  if (H5Tget_class(type.get()) != H5T_STRING) file_->fail(place, "is not text");

  const auto cells = static_cast<std::uint64_t>(count);
  const std::uint64_t cell_size = H5Tget_size(type.get());
  const std::uint64_t most = std::min(kLongestText, file_->size());
  if (cell_size == 0 || cells > most / cell_size) file_->fail(place, "is larger than the file");

  auto texts = H5Tis_variable_str(type.get()) > 0 ? read_variable(id.get(), cells, place)
                                                  : read_fixed(id.get(), type.get(), cells, place);
  std::uint64_t total = 0;
  for (const auto& text : texts) total += text.size();
  file_->spend(total, place);
  return texts;
}

std::vector<std::string> Group::read_fixed(hid_t attribute, hid_t type, std::size_t cells,
                                           const std::string& place) const {
  const std::size_t size = H5Tget_size(type);
  std::vector<char> bytes(cells * size);
  if (H5Aread(attribute, type, bytes.data()) < 0) file_->fail(place, "cannot be read: " + last_error());
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < cells; ++i) texts.push_back(trimmed(&bytes[i * size], size, H5Tget_strpad(type)));
  return texts;
}

std::vector<std::string> Group::read_variable(hid_t attribute, std::size_t cells, const std::string& place) const {
  const TypeId reference(H5Tcreate(H5T_OPAQUE, kReferenceSize));
  std::vector<unsigned char> references(cells * kReferenceSize);
  if (H5Aread(attribute, reference.get(), references.data()) < 0) {
    file_->fail(place, "cannot be read: " + last_error());
  }
  std::vector<std::string> texts;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    try {
      texts.push_back(file_->heap_.text(&references[i * kReferenceSize]));
    } catch (const std::runtime_error& error) {
      file_->fail(place, error.what());
    }
    total += texts.back().size();
    if (total > kLongestText) file_->fail(place, "is too long");
  }
  return texts;
}

std::string Group::text(const std::string& attribute) const {
  auto texts = read_texts(attribute);
  if (texts.size() != 1) file_->fail(place_of("@" + attribute), "is not one text");
  return std::move(texts.front());
}

std::vector<std::string> Group::texts(const std::string& attribute) const {
  if (has_attribute(attribute)) return read_texts(attribute);
  std::vector<std::string> all;
  for (int piece = 0; piece < kMostPieces; ++piece) {
    const std::string name = attribute + std::to_string(piece);
    if (!has_attribute(name)) break;
    auto texts = read_texts(name);
    std::move(texts.begin(), texts.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace fovea::hdf5
