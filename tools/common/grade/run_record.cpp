// What a run was, as JSON beside its results: which model, what it expects of its input, how it ran, what came out.
#include "tools/common/grade/run_record.h"

#include <nlohmann/json.hpp>

#include <fovea/version.h>
#include "base/sha256.h"
#include "grading/pipeline/views.h"
#include "text/names.h"
#include "text/text.h"

namespace fovea::tools {

namespace {

using Json = nlohmann::ordered_json;

Json texts_json(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const std::string& text : texts) json.push_back(utf8_name(text));
  return json;
}

Json model_json(const Model& model) {
  const Provenance& from = model.provenance();
  Json json = {{"file", utf8_name(from.file)},
               {"sha256", from.sha256},
               {"format", from.format},
               {"keras_version", from.keras_version},
               {"name", model.name()},
               {"input", model.input_shape().str()},
               {"output", model.output_shape().str()},
               {"parameters", model.parameters()}};
  if (!from.layers.empty()) {
    json["layers_sha256"] = sha256_of(from.layers);
    json["layers"] = Json::parse(from.layers, nullptr, /*allow_exceptions=*/false);
  }
  return json;
}

Json card_json(const ModelCard& card) {
  Json content = Json::parse(card.json, nullptr, /*allow_exceptions=*/false);
  return {{"source", card.source}, {"content", content.is_discarded() ? Json(card.json) : std::move(content)}};
}

Json counts_json(const ModelCard& card, const Counts& counts) {
  Json classes = Json::array();
  for (std::size_t grade = 0; grade < counts.by_grade.size(); ++grade) {
    classes.push_back(
        {{"grade", grade}, {"class", class_name(card, static_cast<int>(grade))}, {"images", counts.by_grade[grade]}});
  }
  return classes;
}

Json names_json(const NameList& list) { return {{"count", list.count}, {"first", list.names}}; }

Json passed_json(const PassedOver& passed) {
  Json endings = Json::object();
  for (const auto& [ending, files] : passed.by_ending) endings[ending] = files;
  return {{"other_files", passed.files()},
          {"by_ending", std::move(endings)},
          {"may_hold_pictures", names_json(passed.containers)},
          {"no_files", names_json(passed.special)},
          {"folders_read_already", names_json(passed.known_folders)},
          {"folders_not_read", names_json(passed.unread_folders)}};
}

}  // namespace

std::string to_json(const RunRecord& record) {
  const ModelCard& card = *record.card;
  const double seconds = std::chrono::duration<double>(record.finished - record.started).count();
  Json json;
  json["tool"] = record.tool;
  json["fovea_version"] = version();
  json["demo"] = card.demo;
  if (card.demo) json["warning"] = kDemoMark;
  json["model"] = model_json(*record.model);
  json["card"] = card_json(card);
  json["run"] = {{"isa", record.model->isa()},
                 {"arithmetic", arithmetic_name(record.model->arithmetic())},
                 {"threads", record.threads},
                 {"batch", record.batch},
                 {"tta", view_names(record.views)},
                 {"details", record.details},
                 {"decoding", record.fast_decode ? "fast (--fast-decode): pixels differ" : "exact"},
                 {"accept_damaged", record.accept_damaged},
                 {"self_test", card.self_test ? "passed, answer of " + card.self_test->computed_by : "not run"},
                 {"resumed", record.resumed},
                 {"command", texts_json(record.command)},
                 {"started", utc_text(record.started)},
                 {"finished", utc_text(record.finished)},
                 {"seconds", seconds}};
  json["input"] = {
      {"paths", texts_json(record.inputs)}, {"images", record.images}, {"passed_over", passed_json(record.passed)}};
  json["result"] = {{"graded", record.counts.graded},
                    {"errors", record.counts.errors},
                    {"referable", card.referable ? Json(record.counts.referable(card)) : Json(nullptr)},
                    {"counts", counts_json(card, record.counts)}};
  Json files = Json::object();
  for (const auto& [what, where] : record.files) files[what] = utf8_name(where);
  json["files"] = std::move(files);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fovea::tools
