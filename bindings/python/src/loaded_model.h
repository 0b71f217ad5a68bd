// What Python calls a Model: a network, the sessions that its calls borrow, its card.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <memory>

#include <fovea/card.h>
#include <fovea/grad_cam.h>
#include <fovea/model.h>
#include "bindings/python/src/session_pool.h"

namespace fovea::python {

namespace nb = nanobind;

/// What a session takes (include/fovea/session.h).
inline constexpr int kSessionBatch = 65536, kSessionThreads = 1024;

struct LoadedModel {
  LoadedModel(std::shared_ptr<const Model> model, int session_threads, std::shared_ptr<const ModelCard> model_card)
      : network(std::move(model)),
        threads(session_threads),
        card(std::move(model_card)),
        sessions(network, threads, false),
        heat_sessions(network, threads, true) {}

  std::shared_ptr<const Model> network;
  int threads;                            ///< of each session, 0 = all that are allowed
  std::shared_ptr<const ModelCard> card;  ///< nullptr without one
  SessionPool sessions, heat_sessions;
  std::shared_ptr<const GradCam> cam;         ///< made when first asked for
  std::shared_ptr<const ModelCard> examined;  ///< the card whose self-test was passed last
};

/// What the network answers, an array or a list of them; `batch_size` images at most in one run.
nb::object call_model(LoadedModel& model, nb::handle inputs, int batch_size);

/// Heat maps of the images for one class, or (None) for the class that each image has the largest output of.
nb::object heat_maps(LoadedModel& model, nb::handle images, nb::handle class_index);

/// What model-info --json prints.
nb::object info_of(const LoadedModel& model);

/// Of one image: [(H, W, C)].
nb::list input_shapes(const Model& network);
nb::list output_shapes(const Model& network);

void bind_model(nb::module_& module);
void bind_session(nb::module_& module);
void bind_card(nb::module_& module);
void bind_grade(nb::module_& module);

}  // namespace fovea::python
