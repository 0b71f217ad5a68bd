// Loading a model, and the class Model.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <memory>
#include <optional>
#include <string>

#include <fovea/keras.h>
#include <fovea/prepare.h>
#include "bindings/python/src/arrays.h"
#include "bindings/python/src/card.h"
#include "bindings/python/src/loaded_model.h"
#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

constexpr int kUsualBatch = 32;  // as Keras' predict

std::unique_ptr<LoadedModel> load(const nb::bytes& path, const std::string& isa, const std::string& arithmetic,
                                  nb::handle threads, const std::optional<SharedCard>& card, nb::handle height,
                                  nb::handle width, const nb::bytes& config, const std::string& architecture,
                                  const nb::bytes& layers, bool resizable) {
  ModelOptions options;
  options.isa = isa;
  options.arithmetic = parse_arithmetic(arithmetic);
  options.resizable = resizable;
  const int session_threads = to_int(threads, "threads", 0, kSessionThreads);
  const KerasOptions keras{to_path(config), architecture, to_int(height, "height", 0, kMaxImageSide),
                           to_int(width, "width", 0, kMaxImageSide), to_path(layers)};
  const std::string file = to_path(path);
  std::shared_ptr<const Model> network;
  {
    const nb::gil_scoped_release released;
    network = load_model(file, options, keras);
  }
  return std::make_unique<LoadedModel>(std::move(network), session_threads, card ? card->card : nullptr);
}

}  // namespace

void bind_model(nb::module_& module) {
  nb::class_<LoadedModel>(module, "Model",
                          "A network ready to run, made by `fovea.load`.\n\n"
                          "May be called from any number of threads; results have the same bits for any number of\n"
                          "threads, any batch and any instruction set with FMA.")
      .def(
          "__call__", [](LoadedModel& self, nb::handle x) { return call_model(self, x, kUsualBatch); },
          nb::arg("x").none(),
          "What the network answers to images `x`.\n\n"
          "x : array (N, H, W, C), or a list of arrays or a dict by name where there are several inputs.\n"
          "    Contiguous float32 is read where it lies; other numbers and layouts, and tensors with `__dlpack__`,\n"
          "    are converted.\n"
          "Returns a new float32 array (N, ...), a list of them where there are several outputs.")
      .def(
          "predict",
          [](LoadedModel& self, nb::handle x, nb::handle batch_size) {
            return call_model(self, x, to_int(batch_size, "batch_size", 1, kSessionBatch));
          },
          nb::arg("x").none(), nb::arg("batch_size").none() = kUsualBatch,
          "The same as a call, `batch_size` images at most in one run.\n\n"
          "Fewer where the activations would take more than 256 MiB. The bits do not depend on it.")
      .def("heat_map", &heat_maps, nb::arg("x").none(), nb::arg("class_index") = nb::none(),
           "Grad-CAM: which places of the images `x` (N, H, W, C) drove the score of a class.\n\n"
           "class_index : the class; None for the one with the largest output, of each image its own.\n"
           "Returns float32 (N, h, w) in [0, 1], of the size of the last feature map.")
      .def("info", &info_of, "What `model-info --json` tells of the file and of what was made of it.")
      .def_prop_ro(
          "layers", [](const LoadedModel& self) { return nb::object(info_of(self)["layers"]); },
          "The file's layers: name, class, inputs, output, parameters, macs, made, because.")
      .def_prop_ro(
          "input_shapes", [](const LoadedModel& self) { return input_shapes(*self.network); },
          "Of one image, of each input: [(H, W, C)].")
      .def_prop_ro(
          "output_shapes", [](const LoadedModel& self) { return output_shapes(*self.network); },
          "Of one image, of each output: [(classes,)].")
      .def_prop_ro("input_names", [](const LoadedModel& self) { return to_strs(self.network->input_names()); })
      .def_prop_ro("output_names", [](const LoadedModel& self) { return to_strs(self.network->output_names()); })
      .def_prop_ro("name", [](const LoadedModel& self) { return to_str(self.network->name()); })
      .def_prop_ro("isa", [](const LoadedModel& self) { return to_str(self.network->isa()); })
      .def_prop_ro("arithmetic",
                   [](const LoadedModel& self) { return to_str(arithmetic_name(self.network->arithmetic())); })
      .def_prop_ro("parameters", [](const LoadedModel& self) { return self.network->parameters(); })
      .def_prop_ro(
          "card",
          [](const LoadedModel& self) { return self.card ? std::optional(SharedCard{self.card}) : std::nullopt; },
          "The card that it was loaded with, or None.");
  module.def("_load", &load, nb::arg("path"), nb::arg("isa"), nb::arg("arithmetic"), nb::arg("threads"),
             nb::arg("card").none(), nb::arg("height"), nb::arg("width"), nb::arg("config"), nb::arg("architecture"),
             nb::arg("layers"), nb::arg("resizable"));
}

}  // namespace fovea::python
