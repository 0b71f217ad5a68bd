// What Python calls a Session: buffers of its own over a model, seen as NumPy arrays.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/unique_ptr.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <fovea/prepare.h>
#include <fovea/session.h>
#include "bindings/python/src/arrays.h"
#include "bindings/python/src/loaded_model.h"
#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

/// A session and the lock that makes threads take turns. Views share it, so that memory that a resize replaced is still
/// there for those who hold a view of it.
class LockedSession {
 public:
  LockedSession(std::shared_ptr<const Model> model, const SessionOptions& options)
      : session_(std::make_shared<Session>(std::move(model), options)) {}

  /// Calls what(session) when no other thread uses the session, with the GIL given to others meanwhile.
  template <class What>
  void alone(const What& what) {
    const nb::gil_scoped_release released;
    const std::scoped_lock lock(mutex_);
    what(session_);
  }
  std::shared_ptr<Session> get() {
    std::shared_ptr<Session> got;
    alone([&](const std::shared_ptr<Session>& session) { got = session; });
    return got;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Session> session_;
};

/// The number of an input or output, given as a number or as a name.
int number_of(nb::handle which, const std::vector<std::string>& names, const char* what) {
  if (nb::isinstance<nb::str>(which)) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (to_str(names[i]).equal(which)) return static_cast<int>(i);
    }
    raise(PyExc_KeyError, "the model has no " + std::string(what) + " '" + nb::cast<std::string>(which) + "'");
  }
  return to_int(which, what, 0, static_cast<int>(names.size()) - 1);
}

/// [max_batch][shape] where the session has it.
template <class Span>
nb::object view_of(const std::shared_ptr<Session>& session, const Shape& shape, const Span& image) {
  std::vector<std::size_t> dims{static_cast<std::size_t>(session->max_batch())};
  for (const std::int64_t dim : shape.dims()) dims.push_back(static_cast<std::size_t>(dim));
  std::vector<std::int64_t> strides(dims.size(), 1);
  for (std::size_t i = dims.size() - 1; i > 1; --i) {
    strides[i - 1] = strides[i] * static_cast<std::int64_t>(dims[i]);
  }
  strides[0] = dims[0] > 1 ? image(1).data() - image(0).data() : shape.elements();
  const nb::capsule owner(new std::shared_ptr<Session>(session),
                          [](void* held) noexcept { delete static_cast<std::shared_ptr<Session>*>(held); });
  auto* data = const_cast<float*>(image(0).data());
  return nb::cast(nb::ndarray<nb::numpy, float>(data, dims.size(), dims.data(), owner, strides.data()));
}

nb::object input_view(LockedSession& self, const nb::object& which) {
  const std::shared_ptr<Session> session = self.get();
  const int index = number_of(which, session->model().input_names(), "input");
  return view_of(session, session->model().input_shape(index), [&](int i) { return session->input(i, index); });
}

nb::object output_view(LockedSession& self, const nb::object& which) {
  const std::shared_ptr<Session> session = self.get();
  const int index = number_of(which, session->model().output_names(), "output");
  return view_of(session, session->model().output_shape(index), [&](int i) { return session->output(i, index); });
}

void run(LockedSession& self, nb::handle batch) {
  const int count = batch.is_none() ? 0 : to_int(batch, "batch", 1, kSessionBatch);
  self.alone([&](const std::shared_ptr<Session>& session) { session->run(count == 0 ? session->max_batch() : count); });
}

Shape to_shape(nb::handle dims) {
  std::vector<std::int64_t> shape;
  for (const nb::handle dim : nb::iter(dims)) shape.push_back(to_int(dim, "a dimension", 1, kMaxImageSide));
  return Shape(std::move(shape));
}

void resize(LockedSession& self, const nb::object& shapes) {
  std::vector<Shape> sizes;
  const bool one = nb::len(shapes) > 0 && PyIndex_Check(nb::object(shapes[0]).ptr()) != 0;
  if (one) {
    sizes.push_back(to_shape(shapes));
  } else {
    for (const nb::handle shape : shapes) sizes.push_back(to_shape(shape));
  }
  self.alone([&](std::shared_ptr<Session>& session) {
    // What others hold views of stays as it is.
    session = std::make_shared<Session>(session->model().resized(sizes),
                                        SessionOptions{session->max_batch(), session->threads()});
  });
}

}  // namespace

void bind_session(nb::module_& module) {
  nb::class_<LockedSession>(module, "Session",
                            "Buffers of its own over a model, for streams of inferences without copies.\n\n"
                            "Write into `input()`, call `run()`, read `output()`. Threads that share a session take\n"
                            "turns; a session for each is faster. Made by `Model.session`.")
      .def("input", &input_view, nb::arg("which").none() = 0,
           "The memory that the next run reads, as a float32 array (max_batch, H, W, C).\n\n"
           "`which` is the number or the name of the input. No copy: the same memory each time, until `resize`.")
      .def("output", &output_view, nb::arg("which").none() = 0,
           "The memory that runs write their results to, as a float32 array (max_batch, ...).\n\n"
           "No copy: the next run overwrites it.")
      .def("run", &run, nb::arg("batch") = nb::none(),
           "Runs the first `batch` images (max_batch of them if not given), without the GIL.")
      .def("resize", &resize, nb::arg("shapes").none(),
           "Goes on with inputs of another size: (H, W, C), or a list of those of all inputs.\n\n"
           "The model must have been loaded with `resizable=True`. Views of before stay valid, and are no longer the\n"
           "session's.")
      .def_prop_ro("max_batch", [](LockedSession& self) { return self.get()->max_batch(); })
      .def_prop_ro("threads", [](LockedSession& self) { return self.get()->threads(); })
      .def_prop_ro("input_shapes", [](LockedSession& self) { return input_shapes(self.get()->model()); })
      .def_prop_ro("output_shapes", [](LockedSession& self) { return output_shapes(self.get()->model()); });
  nb::object model = module.attr("Model");
  nb::setattr(model, "session",
              nb::cpp_function(
                  [](LoadedModel& self, nb::handle max_batch, nb::handle threads) {
                    const SessionOptions options{
                        to_int(max_batch, "max_batch", 1, kSessionBatch),
                        threads.is_none() ? self.threads : to_int(threads, "threads", 0, kSessionThreads)};
                    const nb::gil_scoped_release released;
                    return std::make_unique<LockedSession>(self.network, options);
                  },
                  nb::name("session"), nb::scope(model), nb::is_method(), nb::arg("max_batch").none() = 1,
                  nb::arg("threads") = nb::none(),
                  "Buffers for runs of up to `max_batch` images, as NumPy arrays: a `Session`.\n\n"
                  "threads : 0 for as many as this process may use; None as the model was loaded."));
}

}  // namespace fovea::python
