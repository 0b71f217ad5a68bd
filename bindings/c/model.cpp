// Models: loading, sizes, names.
#include <cstddef>
#include <span>

#include "bindings/c/model_options.h"
#include "bindings/c/objects.h"
#include "bindings/c/shape.h"
#include "bindings/c/structs.h"

namespace fovea::c {

FOVEA_FIELDS(fovea_model_options, offsetof(fovea_model_options, isa), offsetof(fovea_model_options, architecture),
             offsetof(fovea_model_options, config_file), offsetof(fovea_model_options, layers_file),
             offsetof(fovea_model_options, input_height), offsetof(fovea_model_options, input_width),
             offsetof(fovea_model_options, arithmetic), offsetof(fovea_model_options, resizable),
             offsetof(fovea_model_options, threading), offsetof(fovea_model_options, threads),
             offsetof(fovea_model_options, executor), offsetof(fovea_model_options, cancel),
             offsetof(fovea_model_options, progress), offsetof(fovea_model_options, progress_data));
FOVEA_FIELDS(fovea_tensor, offsetof(fovea_tensor, name), offsetof(fovea_tensor, shape),
             offsetof(fovea_tensor, elements));

ModelOptionsRead read_model_options(const fovea_model_options* options) {
  const fovea_model_options given = read_options(options);
  ModelOptionsRead result;
  result.model.isa = text_or_empty(given.isa);
  switch (number_in(given.arithmetic)) {
    case FOVEA_ARITHMETIC_FAST:
      result.model.arithmetic = Arithmetic::fast;
      break;
    case FOVEA_ARITHMETIC_DIRECT:
      result.model.arithmetic = Arithmetic::direct;
      break;
    default:
      refuse("fovea_model_options.arithmetic is " + std::to_string(number_in(given.arithmetic)));
  }
  result.model.resizable = given.resizable != 0;
  if (given.input_height < 0 || given.input_width < 0) refuse("fovea_model_options: the input's size is negative");
  if (given.threads < 0 || given.threads > kMostThreads) {
    refuse("fovea_model_options.threads is " + std::to_string(given.threads));
  }
  fovea::LoadOptions& load = result.model.load;
  load.threads = given.threads;
  load.threading = threading_from_c(given.threading);
  load.executor = executor_from_c(given.executor);
  if (given.cancel != nullptr) load.cancel = behind(given.cancel).token();
  if (given.progress != nullptr) {
    load.progress = [tell = given.progress, data = given.progress_data](double share) { tell(data, share); };
  }
  result.keras.config_file = text_or_empty(given.config_file);
  result.keras.architecture = text_or_empty(given.architecture);
  result.keras.layers_file = text_or_empty(given.layers_file);
  result.keras.input_height = given.input_height;
  result.keras.input_width = given.input_width;
  return result;
}

namespace {

using Names = std::vector<std::string>;

void write_tensor(const Names& names, std::size_t index, const char* what, const Shape& (Model::*shape_of)(int) const,
                  const Model& model, fovea_tensor* tensor) {
  check_out(tensor);
  if (index >= names.size()) refuse("the model has no " + std::string(what) + " " + std::to_string(index));
  const Shape& shape = (model.*shape_of)(static_cast<int>(index));
  fovea_tensor result{};
  result.name = names[index].c_str();
  result.shape = shape_to_c(shape);
  result.elements = shape.elements();
  write_struct(tensor, result);
}

}  // namespace
}  // namespace fovea::c

using namespace fovea::c;
using fovea::Model;

fovea_status fovea_model_load(const char* path, const fovea_model_options* options, fovea_model** model) noexcept {
  return make_handle(model, "model", [&] {
    need(path, "path");
    const ModelOptionsRead given = read_model_options(options);
    return std::make_unique<std::shared_ptr<const Model>>(fovea::load_model(path, given.model, given.keras));
  });
}

fovea_status fovea_model_load_memory(const void* data, size_t bytes, const char* name,
                                     const fovea_model_options* options, fovea_model** model) noexcept {
  return make_handle(model, "model", [&] {
    need(data, "data");
    need(name, "name");
    const ModelOptionsRead given = read_model_options(options);
    const std::span<const std::byte> file(static_cast<const std::byte*>(data), bytes);
    return std::make_unique<std::shared_ptr<const Model>>(fovea::load_model(file, name, given.model, given.keras));
  });
}

fovea_status fovea_model_resized(const fovea_model* model, const fovea_shape* inputs, size_t count,
                                 fovea_model** resized) noexcept {
  return make_handle(resized, "resized", [&] {
    const Model& given = *behind(model);
    return std::make_unique<std::shared_ptr<const Model>>(given.resized(shapes_from_c(inputs, count)));
  });
}

fovea_status fovea_model_free(fovea_model* model) noexcept { return free_handle(model); }

fovea_status fovea_model_input_count(const fovea_model* model, size_t* count) noexcept {
  return guarded([&] {
    const Model& given = *behind(model);
    need(count, "count");
    *count = given.input_names().size();
  });
}

fovea_status fovea_model_output_count(const fovea_model* model, size_t* count) noexcept {
  return guarded([&] {
    const Model& given = *behind(model);
    need(count, "count");
    *count = given.output_names().size();
  });
}

fovea_status fovea_model_input(const fovea_model* model, size_t index, fovea_tensor* input) noexcept {
  return guarded([&] {
    const Model& given = *behind(model);
    write_tensor(given.input_names(), index, "input", &Model::input_shape, given, input);
  });
}

fovea_status fovea_model_output(const fovea_model* model, size_t index, fovea_tensor* output) noexcept {
  return guarded([&] {
    const Model& given = *behind(model);
    write_tensor(given.output_names(), index, "output", &Model::output_shape, given, output);
  });
}

fovea_status fovea_model_find_input(const fovea_model* model, const char* name, size_t* index) noexcept {
  return guarded([&] {
    const Model& given = *behind(model);
    need(name, "name");
    need(index, "index");
    *index = static_cast<size_t>(given.input_index(name));
  });
}

fovea_status fovea_model_find_output(const fovea_model* model, const char* name, size_t* index) noexcept {
  return guarded([&] {
    const Model& given = *behind(model);
    need(name, "name");
    need(index, "index");
    *index = static_cast<size_t>(given.output_index(name));
  });
}
