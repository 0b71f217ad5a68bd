// Model, machine, settings and build, as data, JSON and text.
#include "bench/header.h"

#include <nlohmann/json.hpp>

#include <fovea/version.h>
#include "bench/machine/machine.h"
#include "text/text.h"

namespace fovea::bench {

using tools::count_text;
using tools::fixed_text;
using tools::printable;

Header header(const Options& options, const Session& session) {
  const Model& model = session.model();
  Header result;
  result.model = options.model.empty() ? model.name() + " with random weights" : options.model;
  for (int i = 0; i < std::ssize(model.input_names()); ++i) result.inputs.push_back(model.input_shape(i));
  for (const LayerReport& layer : model.layers()) {
    result.gmacs += static_cast<double>(layer.macs) * 1e-9;
    result.weight_bytes += layer.weight_bytes;
  }
  result.cpu = cpu_name();
  result.isa = model.isa();
  result.arithmetic = arithmetic_name(model.arithmetic());
  result.compiler = compiler_name();
  result.version = version();
  result.commit = commit();
  result.threads = session.threads();
  result.batch = options.batch;
  result.repetitions = options.repetitions;
  return result;
}

nlohmann::json header_json(const Header& h) {
  nlohmann::json dims;
  for (const Shape& input : h.inputs) dims.push_back(input.dims());
  return {{"model", h.model},
          {"inputs", dims},
          {"gmacs", h.gmacs},
          {"weight_bytes", h.weight_bytes},
          {"cpu", h.cpu},
          {"isa", h.isa},
          {"arithmetic", h.arithmetic},
          {"threads", h.threads},
          {"batch", h.batch},
          {"repetitions", h.repetitions},
          {"compiler", h.compiler},
          {"version", h.version},
          {"commit", h.commit}};
}

std::string header_text(const Header& h) {
  std::string inputs;
  for (const Shape& input : h.inputs) inputs += (inputs.empty() ? "" : " and ") + input.str();
  return "fovea " + h.version + ", commit " + h.commit + ", " + h.compiler + "\n" + h.cpu + ", " + h.isa + ", " +
         count_text(static_cast<std::size_t>(h.threads), "thread") + ", batch " + std::to_string(h.batch) + ", " +
         h.arithmetic + " arithmetic, " + count_text(static_cast<std::size_t>(h.repetitions), "repetition") + "\n" +
         printable(h.model) + ", " + inputs + ", " + fixed_text(h.gmacs, 3) + " GMAC an image, weights " +
         fixed_text(static_cast<double>(h.weight_bytes) * 1e-6, 1) + " MB as packed\n";
}

}  // namespace fovea::bench
