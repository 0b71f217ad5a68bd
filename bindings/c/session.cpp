// Sessions: buffers and runs.
#include <algorithm>
#include <span>

#include "bindings/c/model_options.h"
#include "bindings/c/objects.h"
#include "bindings/c/shape.h"
#include "bindings/c/structs.h"

namespace fovea::c {

FOVEA_FIELDS(fovea_session_options, offsetof(fovea_session_options, max_batch),
             offsetof(fovea_session_options, threads), offsetof(fovea_session_options, keep_last_convolution),
             offsetof(fovea_session_options, threading), offsetof(fovea_session_options, executor));

namespace {

void check_batch(const Session& session, std::int32_t batch) {
  if (batch >= 1 && batch <= session.max_batch()) return;
  refuse("batch is " + std::to_string(batch) + ", outside the session's 1 to " + std::to_string(session.max_batch()));
}

void check_index(std::size_t count, std::size_t index, const char* what) {
  if (index >= count) refuse("the model has no " + std::string(what) + " " + std::to_string(index));
}

void check_floats(std::size_t given, std::size_t image, std::int32_t batch, const char* name) {
  const std::size_t needed = image * static_cast<std::size_t>(batch);
  if (given == needed) return;
  refuse(std::string(name) + " holds " + std::to_string(given) + " floats, and " + std::to_string(batch) + " of " +
         std::to_string(image) + " are " + std::to_string(needed));
}

void set_input(Session& session, std::size_t index, std::int32_t batch, const float* values, std::size_t floats,
               const char* name) {
  check_batch(session, batch);
  need(values, name);
  const int number = static_cast<int>(index);
  const std::size_t image = session.input(0, number).size();
  check_floats(floats, image, batch, name);
  for (std::int32_t i = 0; i < batch; ++i) {
    std::copy_n(values + static_cast<std::size_t>(i) * image, image, session.input(i, number).data());
  }
}

void get_output(const Session& session, std::size_t index, std::int32_t batch, float* values, std::size_t floats,
                const char* name) {
  check_batch(session, batch);
  need(values, name);
  const int number = static_cast<int>(index);
  const std::size_t image = session.output(0, number).size();
  check_floats(floats, image, batch, name);
  for (std::int32_t i = 0; i < batch; ++i) {
    std::copy_n(session.output(i, number).data(), image, values + static_cast<std::size_t>(i) * image);
  }
}

void check_image(const Session& session, std::int32_t image) {
  if (image >= 0 && image < session.max_batch()) return;
  refuse("image is " + std::to_string(image) + ", outside the session's batch of " +
         std::to_string(session.max_batch()));
}

}  // namespace
}  // namespace fovea::c

using namespace fovea::c;
using fovea::Session;

fovea_status fovea_session_create(const fovea_model* model, const fovea_session_options* options,
                                  fovea_session** session) noexcept {
  return make_handle(
      session, "session",
      [&] {
        const auto& given = behind(model);
        const fovea_session_options wanted = read_options(options);
        return std::make_unique<Session>(
            given, fovea::SessionOptions{.max_batch = wanted.max_batch == 0 ? 1 : wanted.max_batch,
                                         .threads = wanted.threads,
                                         .keep_last_convolution = wanted.keep_last_convolution != 0,
                                         .threading = threading_from_c(wanted.threading),
                                         .executor = executor_from_c(wanted.executor)});
      },
      FOVEA_INVALID_ARGUMENT);
}

fovea_status fovea_session_free(fovea_session* session) noexcept { return free_handle(session); }

fovea_status fovea_session_max_batch(const fovea_session* session, int32_t* max_batch) noexcept {
  return guarded([&] {
    const Session& given = behind(session);
    need(max_batch, "max_batch");
    *max_batch = given.max_batch();
  });
}

fovea_status fovea_session_threads(const fovea_session* session, int32_t* threads) noexcept {
  return guarded([&] {
    const Session& given = behind(session);
    need(threads, "threads");
    *threads = given.threads();
  });
}

fovea_status fovea_session_predict(fovea_session* session, int32_t batch, const float* input, size_t input_floats,
                                   float* output, size_t output_floats) noexcept {
  return guarded(
      [&] {
        Session& given = behind(session);
        const fovea::Model& model = given.model();
        if (model.input_names().size() != 1 || model.output_names().size() != 1) {
          refuse("the model has several inputs or outputs: set and get each by its number");
        }
        check_batch(given, batch);
        need(output, "output");
        check_floats(output_floats, given.output().size(), batch, "output");
        set_input(given, 0, batch, input, input_floats, "input");
        given.run(batch);
        get_output(given, 0, batch, output, output_floats, "output");
      },
      FOVEA_INVALID_ARGUMENT);
}

fovea_status fovea_session_set_input(fovea_session* session, size_t index, int32_t batch, const float* values,
                                     size_t floats) noexcept {
  return guarded([&] {
    Session& given = behind(session);
    check_index(given.model().input_names().size(), index, "input");
    set_input(given, index, batch, values, floats, "values");
  });
}

fovea_status fovea_session_run(fovea_session* session, int32_t batch) noexcept {
  return guarded(
      [&] {
        Session& given = behind(session);
        check_batch(given, batch);
        given.run(batch);
      },
      FOVEA_INVALID_ARGUMENT);
}

fovea_status fovea_session_run_until(fovea_session* session, int32_t batch, const fovea_cancel* cancel) noexcept {
  return guarded(
      [&] {
        Session& given = behind(session);
        const fovea::CancelToken token = cancel == nullptr ? fovea::CancelToken() : behind(cancel).token();
        check_batch(given, batch);
        given.run(batch, token);
      },
      FOVEA_INVALID_ARGUMENT);
}

fovea_status fovea_session_get_output(const fovea_session* session, size_t index, int32_t batch, float* values,
                                      size_t floats) noexcept {
  return guarded([&] {
    const Session& given = behind(session);
    check_index(given.model().output_names().size(), index, "output");
    get_output(given, index, batch, values, floats, "values");
  });
}

fovea_status fovea_session_input(fovea_session* session, int32_t image, size_t index, float** values,
                                 size_t* floats) noexcept {
  return guarded([&] {
    Session& given = behind(session);
    need(values, "values");
    check_index(given.model().input_names().size(), index, "input");
    check_image(given, image);
    const std::span<float> place = given.input(image, static_cast<int>(index));
    *values = place.data();
    if (floats != nullptr) *floats = place.size();
  });
}

fovea_status fovea_session_output(const fovea_session* session, int32_t image, size_t index, const float** values,
                                  size_t* floats) noexcept {
  return guarded([&] {
    const Session& given = behind(session);
    need(values, "values");
    check_index(given.model().output_names().size(), index, "output");
    check_image(given, image);
    const std::span<const float> place = given.output(image, static_cast<int>(index));
    *values = place.data();
    if (floats != nullptr) *floats = place.size();
  });
}

fovea_status fovea_session_resize(fovea_session* session, const fovea_shape* inputs, size_t count) noexcept {
  return guarded([&] { behind(session).resize(shapes_from_c(inputs, count)); });
}
