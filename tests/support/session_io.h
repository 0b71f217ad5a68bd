// Images in and results out of a session: those of several inputs or outputs in a row.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include <fovea/session.h>

namespace fovea::test {

inline void set_inputs(Session& session, int image, std::span<const float> values) {
  for (int index = 0; index < std::ssize(session.model().input_names()); ++index) {
    const std::span<float> input = session.input(image, index);
    std::ranges::copy(values.first(input.size()), input.begin());
    values = values.subspan(input.size());
  }
}

inline std::vector<float> outputs_of(const Session& session, int image) {
  std::vector<float> values;
  for (int index = 0; index < std::ssize(session.model().output_names()); ++index) {
    const std::span<const float> output = session.output(image, index);
    values.insert(values.end(), output.begin(), output.end());
  }
  return values;
}

}  // namespace fovea::test
