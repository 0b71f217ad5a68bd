// The model that a command line asks for, ready to grade.
#include "grading/pipeline/open_model.h"

#include <fovea/arithmetic.h>
#include <fovea/keras.h>
#include <fovea/self_test.h>
#include "grading/pipeline/keras_options.h"
#include "grading/pipeline/pipeline.h"

namespace fovea::tools {

std::shared_ptr<const Model> open_grading_model(const ModelArguments& arguments, const ModelCard& card) {
  const ModelOptions options{.isa = arguments.isa,
                             .arithmetic = parse_arithmetic(arguments.arithmetic),
                             .load = {.threads = arguments.threads, .threading = parse_threading(arguments.threading)}};
  std::shared_ptr<const Model> model = load_model(arguments.model, options, keras_options(arguments, card));
  check_gradable(*model, card);
  return model;
}

void examine(const std::shared_ptr<const Model>& model, const ModelCard& card, int threads) {
  if (card.self_test) check_self_test(*card.self_test, model, threads);
}

}  // namespace fovea::tools
