// The model card that a command line asks for.
#include "grading/pipeline/find_card.h"

#include <filesystem>
#include <optional>

#include <fovea/error.h>
#include "grading/pipeline/own_card.h"

namespace fovea::tools {

ModelCard find_card(const ModelArguments& arguments) {
  const std::optional<ModelCard> own = own_card(arguments.model);
  auto options = arguments.card_options;
  const bool names_preset = !options.empty() && options.front().first == "preprocess";
  ModelCard card;
  if (!arguments.card.empty()) {
    card = read_card(arguments.card);
  } else if (own) {
    card = *own;
  } else if (names_preset) {
    card = preset_card(options.front().second);
    options.erase(options.begin());
  } else {
    std::string presets;
    for (const std::string& name : preset_names()) presets += (presets.empty() ? "" : ", ") + name;
    throw Error(arguments.model + ": no model card says how pictures must be prepared for it; give --card FILE, put " +
                std::filesystem::path(arguments.model).filename().replace_extension(".json").string() +
                " beside the model, or give --preprocess NAME (" + presets + ")");
  }
  apply_overrides(card, options);
  // Another card neither turns the demo model into a real one nor hides the model's self-test.
  if (!card.demo && (arguments.demo || (own && own->demo))) {
    card.demo = true;
    card.json = card_to_json(card);
  }
  if (!card.self_test && own) card.self_test = own->self_test;
  if (arguments.no_self_test) card.self_test.reset();
  if (arguments.self_test && !card.self_test) {
    throw Error(card.source +
                ": holds no self-test, which --self-test asks for (model-info --write-self-test adds one)");
  }
  return card;
}

}  // namespace fovea::tools
