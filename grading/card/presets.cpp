// The named ways of preparing a picture: what the notebooks and Keras' own preprocess_input functions do.
#include <fovea/card.h>
#include <fovea/error.h>
#include "grading/card/card_text.h"

namespace fovea {
namespace {

struct Preset {
  const char* name;
  std::vector<ImageStep> steps;
  Normalise normalise;
};

// Resize{0, 0} takes the model's own input size. Channels of mean and std are in the network's order.
const std::vector<Preset>& presets() {
  static const std::vector<Preset> list = {
      {"gaussian-700",
       {GaussianContrast{40, 4, -4, 128}, Resize{700, 700, Interpolation::cubic}},
       {false, 1.0 / 255, {0, 0, 0}, {1, 1, 1}}},
      {"ben-graham-320",
       {CropGrey{7}, Resize{320, 320, Interpolation::linear}, GaussianContrast{10, 4, -4, 128}},
       {false, 1.0 / 255, {0, 0, 0}, {1, 1, 1}}},
      {"imagenet-caffe", {Resize{0, 0, Interpolation::linear}}, {true, 1.0, {103.939, 116.779, 123.68}, {1, 1, 1}}},
      {"imagenet-tf", {Resize{0, 0, Interpolation::linear}}, {false, 1.0 / 127.5, {1, 1, 1}, {1, 1, 1}}},
      {"imagenet-torch",
       {Resize{0, 0, Interpolation::linear}},
       {false, 1.0 / 255, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}}},
      {"resize-255", {Resize{0, 0, Interpolation::linear}}, {false, 1.0 / 255, {0, 0, 0}, {1, 1, 1}}},
      {"resize-raw", {Resize{0, 0, Interpolation::linear}}, {false, 1.0, {0, 0, 0}, {1, 1, 1}}},
      {"rescale-700", {}, {false, 1.0 / 255, {0, 0, 0}, {1, 1, 1}}},
      {"none", {}, {false, 1.0, {0, 0, 0}, {1, 1, 1}}},
  };
  return list;
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : presets()) names.emplace_back(preset.name);
  return names;
}

ModelCard preset_card(const std::string& name) {
  for (const Preset& preset : presets()) {
    if (name != preset.name) continue;
    ModelCard card;
    card.preprocessing = {name, preset.steps, preset.normalise};
    card.source = "preset " + name;
    card.json = card_to_json(card);
    return card;
  }
  throw Error("unknown preset '" + name + "', there are " + join(preset_names(), ", "));
}

}  // namespace fovea
