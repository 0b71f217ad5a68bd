// Keras' keras/src/utils/naming.py and the counting of its saving_lib.py.
#include "loaders/keras/config/saved_names.h"

namespace fovea::keras {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || c == '_'; }

/// A '_' before every word: a capital with small letters after it, unless it comes first.
std::string split_words(const std::string& text) {
  std::string split;
  for (std::size_t i = 0; i < text.size();) {
    split += text[i++];
    const bool word = i + 1 < text.size() && is_upper(text[i]) && is_lower(text[i + 1]);
    if (!word) continue;
    split += '_';
    split += text[i++];
    while (i < text.size() && is_lower(text[i])) split += text[i++];
  }
  return split;
}

}  // namespace

std::string snake_case(const std::string& class_name) {
  std::string kept;
  for (const char c : class_name) {
    if (is_word(c)) kept += c;
  }
  std::string snake;
  char before = '\0';
  for (const char c : split_words(kept)) {
    if (is_lower(before) && is_upper(c)) snake += '_';
    snake += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    before = c;
  }
  return snake;
}

std::string SavedNames::next(const std::string& class_name) {
  std::string name = snake_case(class_name);
  const int number = used_[name]++;
  return number == 0 ? name : name + "_" + std::to_string(number);
}

}  // namespace fovea::keras
