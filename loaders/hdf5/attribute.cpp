// String attributes in every form that h5py and Keras have written: fixed or variable length, scalar, list, or list
// split in pieces.
#include <cstring>

#include "loaders/hdf5/file.h"

namespace fovea::hdf5 {
namespace {

constexpr int kMostPieces = 10'000;

/// The text of one fixed-length cell.
std::string trimmed(const unsigned char* cell, std::size_t size, bool space_padded) {
  const char* text = reinterpret_cast<const char*>(cell);
  std::size_t length = strnlen(text, size);
  while (space_padded && length > 0 && text[length - 1] == ' ') --length;
  return std::string(text, length);
}

std::vector<std::string> read_cells(const Attribute& attribute, GlobalHeap& heap, ReadBudget& budget) {
  if (!attribute.refusal.empty()) throw Refusal(attribute.refusal);
  if (attribute.elements == 0) return {};
  const DataType& type = attribute.type;
  const bool variable = type.kind == DataType::Kind::variable;
  if (!type.is_text || (variable && type.size != kReferenceSize)) throw Refusal("is not text");
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < attribute.elements; ++i) {
    const unsigned char* cell = &attribute.value[i * type.size];
    texts.push_back(variable ? heap.text(cell) : trimmed(cell, type.size, type.space_padded));
    budget.spend_text(texts.back().size());
  }
  return texts;
}

}  // namespace

std::vector<std::string> Group::attributes() const {
  std::vector<std::string> names;
  for (const Attribute& attribute : object_->attributes) names.push_back(attribute.name);
  return names;
}

std::vector<std::string> Group::read_texts(const std::string& name) const {
  const std::string place = place_of("@" + name);
  const Attribute* attribute = object_->attribute(name);
  if (attribute == nullptr) file_->fail(place, "cannot be opened: there is no such attribute");
  return file_->at(place, [&] { return read_cells(*attribute, file_->heap_, file_->budget_); });
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
