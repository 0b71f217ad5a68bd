// Grad-CAM heat maps of images.
#include <algorithm>
#include <cstring>

#include "bindings/python/src/arrays.h"
#include "bindings/python/src/inputs.h"
#include "bindings/python/src/loaded_model.h"
#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

const GradCam& cam_of(LoadedModel& model) {
  if (!model.cam) {
    std::shared_ptr<const GradCam> made;
    {
      const nb::gil_scoped_release released;
      made = std::make_shared<GradCam>(model.network);
    }
    if (!model.cam) model.cam = std::move(made);  // another thread may have been faster
  }
  return *model.cam;
}

int largest(std::span<const float> values) {
  return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace

nb::object heat_maps(LoadedModel& model, nb::handle images, nb::handle class_index) {
  const std::vector<InputArray> arrays = read_inputs(*model.network, images);
  const GradCam& cam = cam_of(model);
  const bool of_largest = class_index.is_none();
  const int one = of_largest ? 0 : to_int(class_index, "class_index", 0, cam.classes() - 1);
  const OutputArray heat(arrays[0].count, Shape{cam.height(), cam.width()});
  const std::size_t size = static_cast<std::size_t>(cam.height()) * static_cast<std::size_t>(cam.width());
  BorrowedSession borrowed(model.heat_sessions, 1);
  Session& session = *borrowed;
  for (std::int64_t i = 0; i < arrays[0].count; ++i) {
    if (i > 0 && PyErr_CheckSignals() != 0) throw nb::python_error();
    const nb::gil_scoped_release released;
    for (std::size_t k = 0; k < arrays.size(); ++k) {
      const std::span<float> to = session.input(0, static_cast<int>(k));
      std::memcpy(to.data(), arrays[k].data + i * static_cast<std::int64_t>(to.size()), to.size_bytes());
    }
    session.run();
    cam.map(session, of_largest ? largest(session.output()) : one,
            std::span(heat.data + i * static_cast<std::int64_t>(size), size));
  }
  borrowed.give_back();
  return heat.array;
}

}  // namespace fovea::python
