// The self-test of a model's card: run, or written.
#include "tools/model_info/self_test.h"

#include <optional>

#include <fovea/card.h>
#include <fovea/error.h>
#include <fovea/pack.h>
#include "grading/pipeline/own_card.h"
#include "text/text.h"
#include "tools/common/files/atomic_file.h"

namespace fovea::tools {
namespace {

constexpr const char* kNoCard = ": has no model card beside it that could hold a self-test; give --card FILE";

ModelCard card_of(const SelfTestFiles& files) {
  if (!files.card.empty()) return read_card(files.card);
  const std::optional<ModelCard> own = own_card(files.model);
  if (!own) throw Error(files.model + kNoCard);
  return *own;
}

std::string card_path(const SelfTestFiles& files) {
  if (!files.card.empty()) return files.card;
  if (is_pack_file(files.model)) {
    throw Error(files.model + ": a pack file is not changed: write the self-test for the Keras file and make it anew");
  }
  const std::optional<std::string> beside = card_beside(files.model);
  if (!beside) throw Error(files.model + kNoCard);
  return *beside;
}

}  // namespace

std::string run_self_test(const SelfTestFiles& files, const ModelOptions& options) {
  const ModelCard card = card_of(files);
  const std::string& path = card.source;
  if (!card.self_test) throw Error(path + ": holds no self-test");
  const SelfTest& test = *card.self_test;
  const auto model = load_model(files.model, options, files.keras);
  const double difference = check_self_test(test, model);
  return printable(path) + ": self-test passed: " + count_text(test.outputs.size(), "output") + " of " +
         printable(test.computed_by) + ", largest difference " + number_text(static_cast<float>(difference)) +
         ", allowed " + number_text(test.tolerance) + " (" + model->isa() + ", " +
         arithmetic_name(model->arithmetic()) + ")\n";
}

std::string write_self_test(const SelfTestFiles& files, const ModelOptions& options) {
  const std::string path = card_path(files);
  const ModelCard card = read_card(path);
  if (card.self_test && card.self_test->computed_by.starts_with("keras")) {
    throw Error(path + ": holds the answer of " + card.self_test->computed_by +
                ", which says more than fovea's own; take self_test out of the card to replace it");
  }
  ModelOptions direct = options;
  direct.arithmetic = Arithmetic::direct;
  SelfTest test =
      make_self_test(load_model(files.model, direct, files.keras), input_range(card.preprocessing.normalise));
  test.source = path;
  check_self_test(test, load_model(files.model, options, files.keras));
  AtomicFile file(path);
  file.write(card_with_self_test(path, test));
  file.publish();
  return printable(path) + ": self-test written: " + count_text(test.outputs.size(), "output") + " for seed " +
         std::to_string(test.seed) + ", computed by " + test.computed_by + "\n";
}

}  // namespace fovea::tools
