// A card as JSON, every value spelled out, so that a run record says what was done without the preset's definition.
#include <nlohmann/json.hpp>

#include "loaders/card/card.h"
#include "loaders/card/card_text.h"

namespace fovea {
namespace {

using Json = nlohmann::ordered_json;

struct StepWriter {
  Json operator()(const CropGrey& step) const { return {{"op", "crop_grey"}, {"tolerance", step.tolerance}}; }
  Json operator()(const CropCircle&) const { return {{"op", "crop_circle"}}; }
  Json operator()(const GaussianContrast& step) const {
    return {{"op", "gaussian_contrast"},
            {"sigma", step.sigma},
            {"weight", step.weight},
            {"blur_weight", step.blur_weight},
            {"offset", step.offset}};
  }
  Json operator()(const Resize& step) const {
    Json json = {{"op", "resize"}};
    if (step.width != 0 || step.height != 0) {
      json["width"] = step.width;
      json["height"] = step.height;
    }
    json["interpolation"] = interpolation_name(step.interpolation);
    return json;
  }
};

Json preprocessing_json(const Preprocessing& preprocessing) {
  Json json = Json::object();
  if (!preprocessing.preset.empty()) json["preset"] = preprocessing.preset;
  json["steps"] = Json::array();
  for (const ImageStep& step : preprocessing.steps) json["steps"].push_back(std::visit(StepWriter(), step));
  const Normalise& normalise = preprocessing.normalise;
  json["channel_order"] = normalise.bgr ? "bgr" : "rgb";
  json["scale"] = normalise.scale;
  json["mean"] = normalise.mean;
  json["std"] = normalise.std;
  return json;
}

Json decision_json(const Decision& decision) {
  Json json = {{"rule", rule_name(decision.rule)}};
  if (decision.rule == Decision::Rule::thresholds) json["thresholds"] = decision.thresholds;
  if (decision.rule == Decision::Rule::regression) json["cuts"] = decision.cuts;
  return json;
}

}  // namespace

std::string card_to_json(const ModelCard& card) {
  Json json = {{"fovea_card", 1}, {"preprocessing", preprocessing_json(card.preprocessing)}};
  if (!card.classes.empty()) json["classes"] = card.classes;
  json["decision"] = decision_json(card.decision);
  json["referable"] = card.referable;
  json["demo"] = card.demo;
  if (!card.version.empty()) json["version"] = card.version;
  if (!card.origin.empty()) json["origin"] = card.origin;
  // Class names may come from a command line in any encoding: what is not UTF-8 is replaced, not refused.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace fovea
