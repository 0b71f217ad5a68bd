// Whether a model and a card belong together.
#include <array>
#include <optional>
#include <string>

#include <fovea/error.h>
#include <fovea/prepare.h>

namespace fovea {
namespace {

std::string count_of(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string sides(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

}  // namespace

void check_gradable(const Model& model, const ModelCard& card) {
  const std::size_t inputs = model.input_names().size(), outputs = model.output_names().size();
  if (inputs != 1 || outputs != 1) {
    throw Error("the model has " + count_of(inputs, "input") + " and " + count_of(outputs, "output") +
                ", grading needs one of each");
  }
  const Shape& in = model.input_shape();
  if (in.rank() != 3 || in.c() != 3) {
    throw Error("the model takes " + in.str() + ", not a colour picture (height x width x 3)");
  }
  if (model.output_shape().rank() > 1) {
    throw Error("the model returns " + model.output_shape().str() + ", not one number a class");
  }
  const int numbers = static_cast<int>(model.output_shape().elements());
  check_outputs(card, numbers);
  check_referable(card, grade_count(card.decision, numbers));
  if (const std::optional<std::array<int, 2>> size = prepared_size(card.preprocessing)) {
    const auto [width, height] = *size;
    if (width != in.w() || height != in.h()) {
      throw Error("the card resizes pictures to " + sides(width, height) + ", and the network takes " +
                  sides(in.w(), in.h()));
    }
  }
}

}  // namespace fovea
