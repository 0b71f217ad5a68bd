// All that the results of a run depend on: only a run with the same identity may go on with its journal.
#include "tools/predict/run_identity.h"

#include <fovea/version.h>
#include "base/sha256.h"
#include "text/text.h"

namespace fovea::tools {

namespace {

// NUL stands in no path, so no two lists have the same text.
std::string hash_of_list(const std::vector<InputItem>& items) {
  std::string text;
  for (const InputItem& item : items) {
    text += item.id;
    text += '\0';
    text += item.path;
    text += '\0';
  }
  return sha256_of(text);
}

// The model was loaded with it, so it can be read and is small.
std::string hash_of_file(const std::string& path) {
  if (path.empty()) return "none";
  return sha256_of(file_text(path));
}

}  // namespace

RunIdentity run_identity(const BatchPredictArguments& arguments, const Model& model, const ModelCard& card,
                         const std::vector<InputItem>& items) {
  const auto or_none = [](const std::string& text) { return text.empty() ? std::string("none") : text; };
  return {{"fovea", version()},
          {"the model", model.provenance().sha256},
          {"--architecture", or_none(arguments.architecture)},
          {"--config", hash_of_file(arguments.config)},
          {"--layers", or_none(model.provenance().layers.empty() ? "" : sha256_of(model.provenance().layers))},
          {"the model card", sha256_of(card.json)},
          {"--arithmetic", arithmetic_name(model.arithmetic())},
          // All with fused multiply-add promise the same bits; without it they are others.
          {"--isa", model.isa() == "portable" ? "portable" : "one with FMA"},
          {"--tta", std::to_string(arguments.tta)},
          {"--fast-decode", arguments.fast_decode ? "given" : "not given"},
          {"--accept-damaged", arguments.accept_damaged ? "given" : "not given"},
          {"--details", arguments.details ? "given" : "not given"},
          {"--save-preprocessed", or_none(arguments.save_preprocessed)},
          {std::string(kImageCountName), std::to_string(items.size())},
          {std::string(kImageListName), hash_of_list(items)}};
}

}  // namespace fovea::tools
