// What a file holds and what became of it.
#include <fovea/model_info.h>

#include "bindings/c/model_options.h"
#include "bindings/c/objects.h"
#include "bindings/c/shape.h"
#include "bindings/c/structs.h"

namespace fovea::c {

FOVEA_FIELDS(fovea_facts, offsetof(fovea_facts, name), offsetof(fovea_facts, file), offsetof(fovea_facts, sha256),
             offsetof(fovea_facts, format), offsetof(fovea_facts, keras), offsetof(fovea_facts, isa),
             offsetof(fovea_facts, unsupported), offsetof(fovea_facts, parameters), offsetof(fovea_facts, macs),
             offsetof(fovea_facts, weight_bytes), offsetof(fovea_facts, activation_bytes),
             offsetof(fovea_facts, layers), offsetof(fovea_facts, steps), offsetof(fovea_facts, arithmetic),
             offsetof(fovea_facts, reserved));
FOVEA_FIELDS(fovea_layer, offsetof(fovea_layer, name), offsetof(fovea_layer, class_name), offsetof(fovea_layer, made),
             offsetof(fovea_layer, because), offsetof(fovea_layer, output), offsetof(fovea_layer, parameters),
             offsetof(fovea_layer, macs), offsetof(fovea_layer, inputs));

namespace {

std::unique_ptr<InfoObject> info_object(ModelInfo info) {
  auto object = std::make_unique<InfoObject>();
  object->json = model_info_json(info);
  object->info = std::move(info);
  return object;
}

const LayerInfo& layer_at(const fovea_info* info, std::size_t index) {
  const std::vector<LayerInfo>& layers = behind(info).info.layers;
  if (index >= layers.size()) refuse("the model has no layer " + std::to_string(index));
  return layers[index];
}

}  // namespace
}  // namespace fovea::c

using namespace fovea::c;

fovea_status fovea_info_of(const fovea_model* model, fovea_info** info) noexcept {
  return make_handle(info, "info", [&] { return info_object(fovea::model_info(behind(model))); });
}

fovea_status fovea_info_read(const char* path, const fovea_model_options* options, fovea_info** info) noexcept {
  return make_handle(info, "info", [&] {
    need(path, "path");
    ModelOptionsRead given = read_model_options(options);
    given.model.check_finite = false;  // load_keras has done it
    return info_object(fovea::model_info(fovea::load_keras(path, given.keras, given.model.load), given.model));
  });
}

fovea_status fovea_info_free(fovea_info* info) noexcept { return free_handle(info); }

fovea_status fovea_info_facts(const fovea_info* info, fovea_facts* facts) noexcept {
  return guarded([&] {
    const fovea::ModelInfo& given = behind(info).info;
    fovea_facts result{};
    result.name = given.name.c_str();
    result.file = given.provenance.file.c_str();
    result.sha256 = given.provenance.sha256.c_str();
    result.format = given.provenance.format.c_str();
    result.keras = given.provenance.keras_version.c_str();
    result.isa = "";
    result.unsupported = given.unsupported.c_str();
    result.parameters = given.parameters;
    result.macs = given.macs;
    result.weight_bytes = given.weight_bytes;
    result.layers = static_cast<int64_t>(given.layers.size());
    if (given.model) {
      result.isa = given.model->isa().c_str();
      result.activation_bytes = given.model->activation_bytes();
      result.steps = static_cast<int64_t>(given.model->layers().size());
      result.arithmetic =
          given.model->arithmetic() == fovea::Arithmetic::direct ? FOVEA_ARITHMETIC_DIRECT : FOVEA_ARITHMETIC_FAST;
    }
    write_struct(facts, result);
  });
}

fovea_status fovea_info_layer(const fovea_info* info, size_t index, fovea_layer* layer) noexcept {
  return guarded([&] {
    const fovea::LayerInfo& given = layer_at(info, index);
    fovea_layer result{};
    result.name = given.layer.name.c_str();
    result.class_name = given.layer.class_name.c_str();
    result.made = given.made.c_str();
    result.because = given.because.c_str();
    result.output = shape_to_c(given.layer.output);
    result.parameters = given.layer.parameters;
    result.macs = given.macs;
    result.inputs = static_cast<int64_t>(given.layer.inputs.size());
    write_struct(layer, result);
  });
}

fovea_status fovea_info_layer_input(const fovea_info* info, size_t index, size_t input, const char** name) noexcept {
  return guarded([&] {
    const std::vector<std::string>& inputs = layer_at(info, index).layer.inputs;
    need(name, "name");
    if (input >= inputs.size()) {
      refuse("layer " + std::to_string(index) + " has no input " + std::to_string(input));
    }
    *name = inputs[input].c_str();
  });
}

fovea_status fovea_info_json(const fovea_info* info, const char** json) noexcept {
  return guarded([&] {
    const InfoObject& given = behind(info);
    need(json, "json");
    *json = given.json.c_str();
  });
}
