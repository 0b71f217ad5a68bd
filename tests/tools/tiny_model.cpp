// A Keras .h5 of a few thousand weights, written byte for byte as Keras lays it out, and with faults on demand.
#include "tests/tools/tiny_model.h"

#include <hdf5.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

namespace fovea::test {

namespace {

constexpr int kChannels = 8;

hid_t checked(hid_t id) {
  if (id < 0) throw std::runtime_error("HDF5 refused to write a test model");
  return id;
}

void write_text(hid_t object, const char* name, const std::string& text) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t attribute = checked(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
  const char* data = text.c_str();
  H5Awrite(attribute, type, &data);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

void write_names(hid_t object, const char* name, const std::vector<const char*>& names) {
  // Keras writes an empty list as zero float64, not as strings.
  const hsize_t size = names.size();
  const hid_t type = names.empty() ? H5Tcopy(H5T_IEEE_F64LE) : H5Tcopy(H5T_C_S1);
  if (!names.empty()) H5Tset_size(type, H5T_VARIABLE);
  const hid_t space = H5Screate_simple(1, &size, nullptr);
  const hid_t attribute = checked(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT));
  if (!names.empty()) H5Awrite(attribute, type, names.data());
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

void write_floats(hid_t group, const char* name, const std::vector<hsize_t>& shape, const std::vector<float>& values) {
  const hid_t links = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
  const hid_t data = checked(H5Dcreate2(group, name, H5T_IEEE_F32LE, space, links, H5P_DEFAULT, H5P_DEFAULT));
  H5Dwrite(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Dclose(data);
  H5Sclose(space);
  H5Pclose(links);
}

// Uniform in [-scale, scale].
std::vector<float> random_values(std::size_t count, float scale, std::uint32_t seed) {
  std::vector<float> values(count);
  for (float& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = scale * (static_cast<float>(seed >> 8) / 8388608.0f - 1.0f);
  }
  return values;
}

// The entry of a layer in the list of a Functional model that calls one layer after the other.
std::string called(std::string layer, const std::string& name, const std::string& reads) {
  layer.insert(layer.size() - 1, R"(,"name":")" + name + R"(","inbound_nodes":[)" +
                                     (reads.empty() ? "" : R"([[")" + reads + R"(",0,0,{}]])") + "]");
  return layer;
}

std::string config(const TinyModel& faults) {
  const std::string side = faults.open_size ? "null" : std::to_string(kTinySide);
  const std::string input = R"({"class_name":"InputLayer","config":{"batch_input_shape":[null,)" + side + "," + side +
                            R"(,3],"dtype":"float32","name":"in"}})";
  const std::string conv =
      R"({"class_name":"Conv2D","config":{"name":"conv","trainable":true,"dtype":"float32","filters":8,)"
      R"("kernel_size":[3,3],"strides":[1,1],"padding":"valid","data_format":"channels_last","dilation_rate":[1,1],)"
      R"("groups":1,"activation":"relu","use_bias":true}})";
  const std::string mystery =
      faults.unsupported_layer ? R"({"class_name":"Lambda","config":{"name":"mystery","trainable":true}},)" : "";
  const std::string flat =
      R"({"class_name":"Flatten","config":{"name":"flat","trainable":true,"data_format":"channels_last"}})";
  const std::string head =
      R"({"class_name":"Dense","config":{"name":"head","trainable":true,"dtype":"float32","units":)" +
      std::to_string(faults.classes) + R"(,"activation":")" + (faults.sigmoid ? "sigmoid" : "softmax") +
      R"(","use_bias":true}})";
  if (faults.two_outputs) {
    return R"({"class_name":"Functional","config":{"name":"tiny","layers":[)" + called(input, "in", "") + "," +
           called(conv, "conv", "in") + "," + called(flat, "flat", "conv") + "," + called(head, "head", "flat") +
           R"(],"input_layers":[["in",0,0]],"output_layers":[["head",0,0],["flat",0,0]]}})";
  }
  return R"({"class_name":"Sequential","config":{"name":"tiny","layers":[)" + input + "," + conv + "," + mystery +
         flat + "," + head + "]}}";
}

}  // namespace

void write_tiny_model(const std::string& path, const TinyModel& faults) {
  const hid_t file = checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  write_text(file, "model_config", config(faults));
  write_text(file, "keras_version", "2.12.0");
  write_text(file, "backend", "tensorflow");
  const hid_t weights = checked(H5Gcreate2(file, "model_weights", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  write_text(weights, "keras_version", "2.12.0");
  write_text(weights, "backend", "tensorflow");
  write_names(weights, "layer_names", {"conv", "flat", "head"});

  std::vector<float> kernel = random_values(3 * 3 * 3 * kChannels, faults.overflows ? 1e38f : 0.5f, 1);
  if (faults.nan_weight) kernel[7] = std::numeric_limits<float>::quiet_NaN();
  constexpr hsize_t kFeatures = hsize_t{kTinySide - 2} * (kTinySide - 2) * kChannels;
  const auto outputs = static_cast<hsize_t>(faults.classes);
  const hsize_t classes = outputs + (faults.wrong_shape ? 1 : 0);

  const hid_t conv = checked(H5Gcreate2(weights, "conv", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  write_names(conv, "weight_names", {"conv/kernel:0", "conv/bias:0"});
  write_floats(conv, "conv/kernel:0", {3, 3, 3, kChannels}, kernel);
  if (!faults.missing_tensor) write_floats(conv, "conv/bias:0", {kChannels}, random_values(kChannels, 0.1f, 2));
  H5Gclose(conv);
  const hid_t flat = checked(H5Gcreate2(weights, "flat", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  write_names(flat, "weight_names", {});
  H5Gclose(flat);
  const hid_t head = checked(H5Gcreate2(weights, "head", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  std::vector<const char*> names{"head/kernel:0", "head/bias:0"};
  if (faults.extra_tensor) names.push_back("head/extra:0");
  write_names(head, "weight_names", names);
  write_floats(head, "head/kernel:0", {kFeatures, classes}, random_values(kFeatures * classes, 0.06f, 3));
  write_floats(head, "head/bias:0", {outputs}, random_values(outputs, 0.1f, 4));
  if (faults.extra_tensor) write_floats(head, "head/extra:0", {outputs}, random_values(outputs, 0.1f, 5));
  H5Gclose(head);
  H5Gclose(weights);
  H5Fclose(file);
}

}  // namespace fovea::test
