// A call of a model: images in, batch by batch through a borrowed session, results out.
#include <algorithm>
#include <cstring>
#include <vector>

#include "bindings/python/src/arrays.h"
#include "bindings/python/src/inputs.h"
#include "bindings/python/src/loaded_model.h"

namespace fovea::python {

namespace {

// What a session's activations may take for a larger batch than one image. Results do not depend on the batch.
constexpr std::int64_t kBatchBytes = std::int64_t{256} << 20;

int batch_of(const Model& network, std::int64_t count, int batch_size) {
  const std::int64_t fit =
      std::max<std::int64_t>(1, kBatchBytes / std::max<std::int64_t>(1, network.activation_bytes()));
  return static_cast<int>(std::min({count, std::int64_t{batch_size}, fit}));
}

/// Runs images `first` to `first` + `count` - 1. Without the GIL.
void run_batch(Session& session, const std::vector<InputArray>& inputs, const std::vector<OutputArray>& outputs,
               std::int64_t first, int count) {
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    for (int i = 0; i < count; ++i) {
      const std::span<float> to = session.input(i, static_cast<int>(k));
      std::memcpy(to.data(), inputs[k].data + (first + i) * static_cast<std::int64_t>(to.size()), to.size_bytes());
    }
  }
  session.run(count);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    for (int i = 0; i < count; ++i) {
      const std::span<const float> from = session.output(i, static_cast<int>(k));
      std::memcpy(outputs[k].data + (first + i) * static_cast<std::int64_t>(from.size()), from.data(),
                  from.size_bytes());
    }
  }
}

}  // namespace

nb::object call_model(LoadedModel& model, nb::handle inputs, int batch_size) {
  const Model& network = *model.network;
  const std::vector<InputArray> arrays = read_inputs(network, inputs);
  const std::int64_t count = arrays[0].count;
  const int output_count = static_cast<int>(network.output_names().size());
  std::vector<OutputArray> outputs;
  outputs.reserve(static_cast<std::size_t>(output_count));
  for (int k = 0; k < output_count; ++k) outputs.emplace_back(count, network.output_shape(k));
  const int batch = batch_of(network, std::max<std::int64_t>(count, 1), batch_size);
  if (count > 0) {
    BorrowedSession session(model.sessions, batch);
    for (std::int64_t first = 0; first < count; first += batch) {
      if (first > 0 && PyErr_CheckSignals() != 0) throw nb::python_error();
      const nb::gil_scoped_release released;
      run_batch(*session, arrays, outputs, first, static_cast<int>(std::min<std::int64_t>(batch, count - first)));
    }
    session.give_back();
  }
  if (output_count == 1) return std::move(outputs[0].array);
  nb::list all;
  for (OutputArray& output : outputs) all.append(output.array);
  return all;
}

}  // namespace fovea::python
