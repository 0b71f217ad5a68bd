// Loading models: from files and from memory, told how far it is, and ended by a signal.
#include "bindings/python/src/load.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <fovea/keras.h>
#include <fovea/prepare.h>
#include "bindings/python/src/card.h"
#include "bindings/python/src/loaded_model.h"
#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(50);

/// Looks now and then whether a signal (as of Ctrl-C) ends the load, and tells `told` how far it is, if it is a
/// function.
std::function<void(double)> watch(nb::handle told) {
  using Clock = std::chrono::steady_clock;
  return [told, last = Clock::now()](double share) mutable {
    if (told.is_none() && Clock::now() - last < kBetweenLooks) return;
    const nb::gil_scoped_acquire acquired;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (!told.is_none()) told(share);
    last = Clock::now();
  };
}

std::unique_ptr<LoadedModel> load(const nb::bytes& source, bool is_file, const std::string& isa,
                                  const std::string& arithmetic, nb::handle threads,
                                  const std::optional<SharedCard>& card, nb::handle height, nb::handle width,
                                  const nb::bytes& config, const nb::bytes& config_json,
                                  const std::string& architecture, const nb::bytes& layers,
                                  const nb::bytes& layers_json, bool resizable, nb::handle progress) {
  const int session_threads = to_int(threads, "threads", 0, kSessionThreads);
  ModelOptions options;
  options.isa = isa;
  options.arithmetic = parse_arithmetic(arithmetic);
  options.resizable = resizable;
  options.load.threads = session_threads;
  options.load.progress = watch(progress);
  KerasOptions keras;
  keras.config_file = to_path(config);
  keras.config_json = to_path(config_json);
  keras.architecture = architecture;
  keras.layers_file = to_path(layers);
  keras.layers_json = to_path(layers_json);
  keras.input_height = to_int(height, "height", 0, kMaxImageSide);
  keras.input_width = to_int(width, "width", 0, kMaxImageSide);
  const std::string path = is_file ? to_path(source) : "";
  const auto file = std::as_bytes(std::span(source.c_str(), source.size()));
  std::shared_ptr<const Model> network;
  {
    const nb::gil_scoped_release released;
    network = is_file ? load_model(path, options, keras) : load_model(file, "bytes", options, keras);
  }
  return std::make_unique<LoadedModel>(std::move(network), session_threads, card ? card->card : nullptr);
}

}  // namespace

void bind_load(nb::module_& module) {
  module.def("_load", &load, nb::arg("source"), nb::arg("is_file"), nb::arg("isa"), nb::arg("arithmetic"),
             nb::arg("threads").none(), nb::arg("card").none(), nb::arg("height").none(), nb::arg("width").none(),
             nb::arg("config"), nb::arg("config_json"), nb::arg("architecture"), nb::arg("layers"),
             nb::arg("layers_json"), nb::arg("resizable"), nb::arg("progress").none());
}

}  // namespace fovea::python
