// A card as JSON, every value spelled out, so that a run record says what was done without the preset's definition.
#include <nlohmann/json.hpp>

#include <fovea/card.h>
#include "grading/card/card_text.h"

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
    Json object = {{"op", "resize"}};
    if (step.width != 0 || step.height != 0) {
      object["width"] = step.width;
      object["height"] = step.height;
    }
    object["interpolation"] = interpolation_name(step.interpolation);
    return object;
  }
};

Json preprocessing_json(const Preprocessing& preprocessing) {
  Json object = Json::object();
  if (!preprocessing.preset.empty()) object["preset"] = preprocessing.preset;
  object["steps"] = Json::array();
  for (const ImageStep& step : preprocessing.steps) object["steps"].push_back(std::visit(StepWriter(), step));
  const Normalise& normalise = preprocessing.normalise;
  object["channel_order"] = normalise.bgr ? "bgr" : "rgb";
  object["scale"] = normalise.scale;
  object["mean"] = normalise.mean;
  object["std"] = normalise.std;
  return object;
}

Json decision_json(const Decision& decision) {
  Json object = {{"rule", rule_name(decision.rule)}};
  if (decision.rule == Decision::Rule::thresholds) object["thresholds"] = decision.thresholds;
  if (decision.rule == Decision::Rule::regression || decision.rule == Decision::Rule::expected) {
    object["cuts"] = decision.cuts;
  } else if (!one_output_a_class(decision)) {
    object["threshold"] = decision.threshold;
  }
  if (decision.logits) object["outputs"] = "logits";
  if (!decision.grades.empty()) object["grades"] = decision.grades;
  return object;
}

}  // namespace

std::string card_to_json(const ModelCard& card) {
  Json object = {{"fovea_card", 1}, {"preprocessing", preprocessing_json(card.preprocessing)}};
  if (!card.classes.empty()) object["classes"] = card.classes;
  object["decision"] = decision_json(card.decision);
  object["referable"] = card.referable ? Json(*card.referable) : Json(nullptr);
  object["demo"] = card.demo;
  if (!card.version.empty()) object["version"] = card.version;
  if (!card.origin.empty()) object["origin"] = card.origin;
  // Class names may come from a command line in any encoding: what is not UTF-8 is replaced, not refused.
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace fovea
