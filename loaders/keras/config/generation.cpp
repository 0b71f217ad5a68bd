// One walk over the configuration, noting whose words it uses.
#include "loaders/keras/config/generation.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fovea/error.h>
#include "loaders/keras/json/access.h"

namespace fovea::keras {
namespace {

constexpr std::array<std::string_view, 11> kOld = {"nb_filter",     "border_mode",  "dim_ordering", "W_regularizer",
                                                   "b_regularizer", "W_constraint", "subsample",    "nb_row",
                                                   "filter_length", "beta_init",    "pool_length"};
constexpr std::array<std::string_view, 7> kNew = {"filters", "kernel_size",       "units", "use_bias", "data_format",
                                                  "module",  "kernel_initializer"};
constexpr std::array<std::string_view, 1> kWordsOfKeras2 = {"batch_input_shape"};
constexpr std::array<std::string_view, 3> kWordsOfKeras3 = {"batch_shape", "registered_name", "module"};

struct Words {
  bool old = false, later = false, keras_2 = false, keras_3 = false;
};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

void note_words(const Attribute& value, Words& found) {
  if (const auto* items = as<AttributeList>(value)) {
    for (const Attribute& item : *items) note_words(item, found);
  }
  const auto* members = as<AttributeMap>(value);
  if (members == nullptr) return;
  for (const auto& [key, member] : *members) {
    found.old = found.old || is_one_of(kOld, key);
    found.later = found.later || is_one_of(kNew, key);
    found.keras_2 = found.keras_2 || is_one_of(kWordsOfKeras2, key);
    found.keras_3 = found.keras_3 || is_one_of(kWordsOfKeras3, key);
    note_words(member, found);
  }
}

}  // namespace

Generation generation_of_words(const Attribute& config, const std::string& place) {
  Words found;
  note_words(config, found);
  if (found.old && found.later) {
    throw UnsupportedError(place + ": no 'keras_version', and words of Keras 1 beside those of later versions: how " +
                           "its kernels lie cannot be known");
  }
  if (found.old) return Generation::keras_1;
  if (found.keras_3) return Generation::keras_3;
  return found.keras_2 ? Generation::keras_2 : Generation::unknown;
}

}  // namespace fovea::keras
