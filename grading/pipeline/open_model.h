// The model that a command line asks for, ready to grade.
#pragma once

#include <memory>

#include <fovea/card.h>
#include <fovea/model.h>
#include "grading/pipeline/model_arguments.h"

namespace fovea::tools {

/// Loads the model for pictures as the card has them prepared. Throws Error if it cannot be read or run, or does not
/// take what the card makes and give what the card decides by.
std::shared_ptr<const Model> open_grading_model(const ModelArguments& arguments, const ModelCard& card);

/// Runs the card's self-test, if it has one. Throws Error if the model answers otherwise.
void examine(const std::shared_ptr<const Model>& model, const ModelCard& card, int threads);

}  // namespace fovea::tools
