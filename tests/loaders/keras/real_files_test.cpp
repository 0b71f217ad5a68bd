// Models found in the wild, by Keras 2.0 to 3.10. What must be in them was counted with h5py and Python's json.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include <fovea/keras.h>
#include "tests/loaders/keras/files.h"

namespace fovea {
namespace {

using keras_test::contains;

struct RealFile {
  const char* name;
  const char* classes;  ///< number of layers of each class, the input counted
  int tensors;
  std::int64_t parameters;
  double sum;  ///< of all weights' absolute values
};

// clang-format off
const RealFile kFiles[] = {
    {"dr_mugunthan07_Model_diabetic.h5",
     "Conv2D:5 Dense:2 Flatten:1 InputLayer:1 MaxPooling2D:5",
     14, 229027, 8986.2408},
    {"dr_afifa375_dr_model.h5",
     "BatchNormalization:3 Conv2D:3 Dense:3 Dropout:2 GlobalAveragePooling2D:1 InputLayer:1 MaxPooling2D:3",
     24, 127813, 10023.6336},
    {"face_fer2013_big_XCEPTION.54-0.66.hdf5",
     "Activation:6 Add:2 BatchNormalization:8 Conv2D:5 GlobalAveragePooling2D:1 InputLayer:1 MaxPooling2D:2 "
     "SeparableConv2D:4",
     46, 208871, 118378.417},
    {"face_mini_XCEPTION_KDEF.hdf5",
     "Activation:7 Add:4 BatchNormalization:14 Conv2D:7 GlobalAveragePooling2D:1 InputLayer:1 MaxPooling2D:4 "
     "SeparableConv2D:8",
     80, 58423, 9023.71039},
    {"tinyml_cifar_resnet8.h5",
     "Activation:7 Add:3 AveragePooling2D:1 BatchNormalization:7 Conv2D:9 Dense:1 Flatten:1 InputLayer:1",
     48, 78666, 48789.9566},
    {"tinyml_vww_mobilenetv1_025.h5",
     "Activation:27 AveragePooling2D:1 BatchNormalization:27 Conv2D:14 Dense:1 DepthwiseConv2D:13 Flatten:1 "
     "InputLayer:1",
     164, 221794, 7186.13691},
    {"dl4j_12net.h5", "Conv2D:5 InputLayer:1 MaxPooling2D:1 PReLU:3", 13, 6632, 463.589568},
    {"dl4j_cnn_batch_norm.h5", "Activation:1 BatchNormalization:1 Conv2D:2 Dense:1 Flatten:1 InputLayer:1",
     10, 79, 17.8614802},
    {"dl4j_sepconv2d_tensorflow_2.h5", "InputLayer:1 SeparableConv2D:1", 3, 156, 5775},
    {"dl4j_batch_to_conv2d_tensorflow_2.h5", "BatchNormalization:1 Conv2D:1 Dense:1 InputLayer:1 Reshape:1",
     8, 49985, 2532.47985},
    {"dl4j_conv2d_tensorflow_2.h5", "Conv2D:1 InputLayer:1", 2, 276, 36330},
    {"dl4j_cnn_tf_model.h5", "Activation:2 Conv2D:2 Dense:2 Dropout:2 Flatten:1 InputLayer:1 MaxPooling2D:1", 8, 64, 16.7425708},
    {"dl4j_conv2d_tensorflow_1.h5", "Conv2D:1 InputLayer:1", 2, 276, 36330},
    {"dl4j_conv2d_theano_1.h5", "Conv2D:1 InputLayer:1", 2, 276, 36330},
    {"fml_KERAS_conv2d_model_weights.h5", "Conv2D:1 Dense:1 Dropout:1 Flatten:1 InputLayer:1", 4, 1310, 150.31107},
    // The engine refuses these two; the loader passes their layers on by class, without the weights of LSTM.
    {"dl4j_model_lambda.h5", "Dense:2 InputLayer:1 Lambda:2", 4, 50890, 2199.53375},
    {"keras2c_lstm_example.h5", "Dense:3 InputLayer:1 LSTM:1", 6, 1710, 388.702687},
};
// clang-format on

class KerasRealFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (keras_test::shared_data().empty()) GTEST_SKIP() << "no shared data (FOVEA_SHARED_DATA)";
  }
  static std::string path(const std::string& name) { return keras_test::shared_data() + "/models/" + name; }
};

TEST_F(KerasRealFiles, AreReadAsTheyAre) {
  for (const RealFile& file : kFiles) {
    SCOPED_TRACE(file.name);
    const ModelDesc model = load_keras(path(file.name));
    std::map<std::string, int> counts;
    int tensors = 0;
    std::int64_t parameters = 0;
    double sum = 0;
    for (const NodeDesc& node : model.nodes) {
      ++counts[node.config.class_name()];
      for (const Weight& weight : node.config.weights()) {
        ++tensors;
        parameters += weight.elements();
        for (std::int64_t i = 0; i < weight.elements(); ++i) sum += std::abs(double{weight.data[i]});
      }
    }
    std::string classes;
    for (const auto& [name, count] : counts)
      classes += (classes.empty() ? "" : " ") + name + ":" + std::to_string(count);
    EXPECT_EQ(classes, file.classes);
    EXPECT_EQ(tensors, file.tensors);
    EXPECT_EQ(parameters, file.parameters);
    EXPECT_NEAR(sum, file.sum, 1e-7 * file.sum);
  }
}

TEST_F(KerasRealFiles, AreRefusedWithTheReason) {
  const std::map<std::string, std::string> expected = {
      {"imagenet_squeezenet_tf_notop.h5", "holds weights only: give the architecture"},
      {"truncated_best_model.h5", "truncated: it has 1048576 bytes and should have 290289416"},
      {"MANIFEST.tsv", "not an HDF5 file"},
      {"absent.h5", "no such file"},
      {"", "is a directory"},
  };
  for (const auto& [name, reason] : expected) {
    const std::string file = path(name);
    EXPECT_TRUE(contains(keras_test::error_of(file, [&] { load_keras(file); }), reason)) << name;
  }
}

TEST_F(KerasRealFiles, AnArchiveWithForeignLayersIsReadAndTheyAreNamed) {
  const std::string file = path("fml_qkeras-v3_3layer.keras");
  const ModelDesc desc = load_keras(file);
  EXPECT_EQ(desc.provenance.keras_version, "3.14.1");
  std::int64_t parameters = 0;
  for (const auto& node : desc.nodes) {
    for (const Weight& weight : node.config.weights()) parameters += weight.elements();
  }
  EXPECT_EQ(parameters, 0) << "nobody can say what weights foreign layers have";
  EXPECT_TRUE(contains(keras_test::error_of(file, [&] { load_model(file); }), "'fc1' (qkeras>QDense)"));
}

/// The head of a nested group: names with slashes, weights whose names say nothing, no version.
TEST_F(KerasRealFiles, SqueezeNetWeightsAreMatchedByAGivenConfiguration) {
  const keras_test::Folder folder;
  const std::string config =
      folder.write("config.json", R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
      {"class_name": "Conv2D", "config": {"name": "conv1", "batch_input_shape": [null, 64, 64, 3]}}]}})");
  const std::string file = path("imagenet_squeezenet_tf_notop.h5");
  EXPECT_TRUE(contains(keras_test::error_of(file,
                                            [&] {
                                              load_keras(file, {config, ""});
                                            }),
                       "layer 'fire2/squeeze1x1' of the file is not in the model's configuration"));
}

}  // namespace
}  // namespace fovea
