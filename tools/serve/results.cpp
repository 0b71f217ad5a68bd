// What clients are told about graded pictures.
#include "tools/serve/results.h"

#include <fovea/version.h>
#include "base/sha256.h"
#include "grading/pipeline/views.h"
#include "text/html.h"
#include "text/text.h"
#include "tools/common/grade/labels.h"

namespace fovea::tools {

namespace {

using Json = nlohmann::ordered_json;

// The double with the shortest text that a float has: written out, it is the text that a CSV of batch-predict holds.
double exact(float value) { return std::strtod(number_text(value).c_str(), nullptr); }

Json numbers(const std::vector<float>& values) {
  Json json = Json::array();
  for (const float value : values) json.push_back(exact(value));
  return json;
}

bool is_regression(const ModelCard& card) { return card.decision.rule == Decision::Rule::regression; }

// Stretched over the photograph, a map fits only where no crop lies between the two.
bool crops(const ModelCard& card) {
  for (const ImageStep& step : card.preprocessing.steps) {
    if (std::holds_alternative<CropGrey>(step)) return true;
  }
  return false;
}

Json heat_json(const ModelCard& card, const HeatMap& heat) {
  return {{"width", heat.width},
          {"height", heat.height},
          {"covers", crops(card) ? "preprocessed" : "photograph"},
          {"values", numbers(heat.values)}};
}

Json grade_json(const ModelCard& card, const Graded& graded) {
  Json json{{"grade", graded.grade}, {"class", class_name(card, graded.grade)}};
  if (is_regression(card)) {
    json["output"] = exact(graded.outputs.front());
  } else {
    const std::vector<float> probabilities = probabilities_of(card, graded.outputs);
    json["probabilities"] = numbers(probabilities);
    if (card.decision.rule == Decision::Rule::expected) {
      json["expected"] = exact(static_cast<float>(expected_grade({probabilities.begin(), probabilities.end()})));
    }
    if (shows_outputs(card)) json["outputs"] = numbers(graded.outputs);
    json["confidence"] = exact(probabilities.at(static_cast<std::size_t>(graded.grade)));
  }
  json["referable"] = card.referable ? Json(is_referable(card, graded.grade)) : Json(nullptr);
  if (!graded.note.empty()) json["note"] = graded.note;
  return json;
}

Json result_json(const ModelCard& card, std::size_t index, const GradedPicture& picture) {
  Json json{{"index", index}, {"sha256", picture.sha256}};
  if (!picture.graded.error.empty()) {
    json["error"] = picture.graded.error;
    return json;
  }
  json.update(grade_json(card, picture.graded));
  if (!picture.seen.empty()) json["preprocessed"] = data_uri("image/png", picture.seen);
  if (picture.heat) json["heatmap"] = heat_json(card, *picture.heat);
  return json;
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string results_json(const Pipeline& pipeline, const std::vector<GradedPicture>& pictures) {
  const ModelCard& card = pipeline.card();
  Json json{{"model", {{"sha256", pipeline.model()->provenance().sha256}, {"version", card.version}}},
            {"fovea", version()},
            {"demo", card.demo}};
  if (card.demo) json["warning"] = kDemoMark;
  json["classes"] = grade_names(card);
  Json results = Json::array();
  for (std::size_t i = 0; i < pictures.size(); ++i) results.push_back(result_json(card, i, pictures[i]));
  json["results"] = std::move(results);
  return text_of(json);
}

std::string model_json(const Pipeline& pipeline, bool heat_maps, const std::string& accuracy) {
  const ModelCard& card = pipeline.card();
  const Model& model = *pipeline.model();
  Json content = Json::parse(card.json, nullptr, /*allow_exceptions=*/false);
  Json json{{"sha256", model.provenance().sha256},
            {"name", model.name()},
            {"format", model.provenance().format},
            {"input", model.input_shape().str()},
            {"parameters", model.parameters()}};
  if (const std::string& layers = model.provenance().layers; !layers.empty()) {
    json["layers_sha256"] = sha256_of(layers);
    json["layers"] = Json::parse(layers, nullptr, /*allow_exceptions=*/false);
  }
  json["card"] = content.is_discarded() ? Json(card.json) : std::move(content);
  json["classes"] = grade_names(card);
  json["referable_from"] = card.referable ? Json(*card.referable) : Json(nullptr);
  json["demo"] = card.demo;
  json["views"] = view_names(pipeline.options().views);
  json["heatmap"] = heat_maps;
  if (!accuracy.empty()) json["accuracy"] = accuracy;
  json["fovea"] = version();
  return text_of(json);
}

std::vector<Json> audit_entries(const Pipeline& pipeline, const std::vector<GradedPicture>& pictures,
                                const std::string& client, const std::string& token) {
  const Provenance& from = pipeline.model()->provenance();
  const std::string layers_sha256 = from.layers.empty() ? "" : sha256_of(from.layers);
  std::vector<Json> entries;
  for (const GradedPicture& picture : pictures) {
    Json json{{"image_sha256", picture.sha256}};
    if (picture.graded.error.empty()) {
      json["grade"] = picture.graded.grade;
      json["outputs"] = numbers(picture.graded.outputs);
      if (!picture.graded.note.empty()) json["note"] = picture.graded.note;
    } else {
      json["error"] = picture.graded.error;
    }
    json["model_sha256"] = from.sha256;
    if (!layers_sha256.empty()) json["layers_sha256"] = layers_sha256;
    json["fovea"] = version();
    json["client"] = client;
    json["token"] = token.empty() ? Json() : Json(token);
    entries.push_back(std::move(json));
  }
  return entries;
}

}  // namespace fovea::tools
