// load_keras on files written here: full models, weights only, and every way a file can be wrong.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <fovea/keras.h>
#include "tests/loaders/keras/models.h"

namespace fovea {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::H5Writer;
using keras_test::Layer;
using keras_test::small_layers;
using keras_test::Text;
using keras_test::values_of;
using keras_test::write_config;
using keras_test::write_small_model;
using keras_test::write_weights;
using Names = std::vector<std::string>;

class KerasLoad : public testing::Test {
 protected:
  /// What loading `file_` complains about.
  std::string complaint(const KerasOptions& options = {}) const {
    return keras_test::error_of(path_, [&] { load_keras(path_, options); });
  }

  const Folder folder_;
  const std::string path_ = folder_.path("model.h5");
};

/// "kernel=1 bias=2": names and first values of a node's weights. Tensors are numbered in the file, so the first value
/// tells which it is.
std::string weights_of(const ModelDesc& model, const std::string& node) {
  std::string text;
  for (const NodeDesc& n : model.nodes) {
    if (n.config.name() != node) continue;
    for (const Weight& weight : n.config.weights()) {
      text += (text.empty() ? "" : " ") + weight.name + "=" + std::to_string(std::lround(weight.data[0]));
    }
  }
  return text;
}

TEST_F(KerasLoad, ReadsAFullModel) {
  for (const Text form : {Text::fixed_null_padded, Text::variable_ascii}) {
    {
      const H5Writer writer(path_);
      write_config(writer, keras_test::kSmallConfig);
      write_weights(writer, "model_weights", small_layers(), form);
      writer.text("/", "training_config", "{not even JSON");
      writer.floats("optimizer_weights/x", {2}, {std::nanf(""), 1});
    }
    const ModelDesc model = load_keras(path_);
    EXPECT_EQ(model.name, "small");
    EXPECT_EQ(model.inputs, Names{"in"});
    EXPECT_EQ(model.outputs, Names{"dense"});
    ASSERT_EQ(model.nodes.size(), 6U);
    const Names names = {"in", "conv", "norm", "relu", "flat", "dense"};
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(model.nodes[i].config.name(), names[i]);
      EXPECT_EQ(model.nodes[i].inputs, i == 0 ? Names{} : Names{names[i - 1]});
    }
    EXPECT_EQ(model.nodes[1].config.class_name(), "Conv2D");
    EXPECT_EQ(model.nodes[1].config.integer("filters", 0), 4);
    const auto& kernel = model.nodes[1].config.weight("kernel", {3, 3, 3, 4});
    const auto expected = values_of(1, {3, 3, 3, 4});
    EXPECT_EQ(std::vector<float>(kernel.data.get(), kernel.data.get() + kernel.elements()), expected);
    EXPECT_EQ(weights_of(model, "norm"), "gamma=3 beta=4 moving_mean=5 moving_variance=6");
    EXPECT_EQ(model.provenance.file, path_);
    EXPECT_EQ(model.provenance.format, "keras-h5");
    EXPECT_EQ(model.provenance.keras_version, "2.4.0");
  }
}

TEST_F(KerasLoad, StatesTheInputShapeWithoutTheBatch) {
  write_small_model(path_);
  const ModelDesc model = load_keras(path_);
  const auto* shape = std::get_if<AttributeList>(&model.nodes[0].config.find("shape")->value());
  ASSERT_NE(shape, nullptr);
  ASSERT_EQ(shape->size(), 3U);
  EXPECT_EQ(std::get<std::int64_t>((*shape)[2].value()), 3);
}

TEST_F(KerasLoad, HashesTheFile) {
  // The bytes are HDF5's; the oracle is coreutils.
  write_small_model(path_);
  const std::string out = folder_.path("sum");
  ASSERT_EQ(std::system(("sha256sum " + path_ + " > " + out).c_str()), 0);
  EXPECT_EQ(load_keras(path_).provenance.sha256, keras_test::read_bytes(out).substr(0, 64));
}

TEST_F(KerasLoad, NamesAMissingTensor) {
  write_small_model(path_);
  {
    const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(file, "model_weights/dense/dense/bias:0", H5P_DEFAULT);
    H5Fclose(file);
  }
  EXPECT_EQ(complaint(), "model_weights/dense/dense/bias:0: the dataset is missing");
}

TEST_F(KerasLoad, NamesATensorThatTheConfigurationNeeds) {
  auto layers = small_layers();
  layers[1].weights.pop_back();
  {
    const H5Writer writer(path_);
    write_config(writer, keras_test::kSmallConfig);
    write_weights(writer, "model_weights", layers);
  }
  EXPECT_EQ(complaint(),
            "model_weights: layer 'norm' (BatchNormalization): the file has 3 weights for it, the configuration needs "
            "4: gamma beta moving_mean moving_variance");
}

TEST_F(KerasLoad, NamesALayerWithoutWeights) {
  auto layers = small_layers();
  layers[0].weights.clear();
  {
    const H5Writer writer(path_);
    write_config(writer, keras_test::kSmallConfig);
    write_weights(writer, "model_weights", layers);
  }
  EXPECT_EQ(complaint(), "model_weights: layer 'conv' (Conv2D): the file has no weights for it");
}

TEST_F(KerasLoad, NamesExtraTensorsAndLayers) {
  for (const bool listed : {false, true}) {
    auto layers = small_layers();
    if (listed) layers[4].weights.push_back({"dense/extra:0", {2}});
    {
      const H5Writer writer(path_);
      write_config(writer, keras_test::kSmallConfig);
      write_weights(writer, "model_weights", layers);
      if (!listed) writer.floats("model_weights/dense/dense/extra:0", {2}, {1, 2});
    }
    EXPECT_TRUE(contains(complaint(), listed ? "has 3 weights for it, the configuration needs 2"
                                             : "model_weights/dense/dense/extra:0: an extra tensor"));
  }
  for (const bool listed : {false, true}) {
    auto layers = small_layers();
    if (listed) layers.push_back(keras_test::parse_layers("second second/kernel:0=2")[0]);
    {
      const H5Writer writer(path_);
      write_config(writer, keras_test::kSmallConfig);
      write_weights(writer, "model_weights", layers);
      if (!listed) writer.floats("model_weights/second/kernel:0", {2}, {1, 2});
    }
    EXPECT_TRUE(contains(complaint(), listed ? "layer 'second' of the file is not in the model's configuration"
                                             : "model_weights/second: an extra layer"));
  }
}

TEST_F(KerasLoad, NamesALayerThatIsListedAndNotThere) {
  write_small_model(path_);
  {
    const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(file, "model_weights/relu", H5P_DEFAULT);
    H5Fclose(file);
  }
  EXPECT_EQ(complaint(), "model_weights/relu: the group is missing");
}

TEST_F(KerasLoad, RefusesWeightsThatAreNotFinite) {
  for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    {
      const H5Writer writer(path_);
      write_config(writer, keras_test::kSmallConfig);
      auto layers = small_layers();
      write_weights(writer, "model_weights", layers);
      writer.remove("model_weights/dense/dense/kernel:0");
      auto values = values_of(7, {144, 2});
      values[143 * 2 + 1] = bad;
      writer.floats("model_weights/dense/dense/kernel:0", {144, 2}, values);
    }
    EXPECT_EQ(complaint(),
              std::string("layer 'dense' (Dense): kernel[143,1] is ") + (std::isnan(bad) ? "NaN" : "infinite"));
  }
}

TEST_F(KerasLoad, RefusesTheWrongTypeAndLinks) {
  {
    const H5Writer writer(path_);
    write_config(writer, keras_test::kSmallConfig);
    write_weights(writer, "model_weights", small_layers());
    writer.remove("model_weights/dense/dense/bias:0");
    writer.floats("model_weights/dense/dense/bias:0", {2}, {1, 2}, H5T_STD_I32LE);
  }
  EXPECT_TRUE(contains(complaint(), "model_weights/dense/dense/bias:0: holds 32-bit integers"));
  {
    const H5Writer writer(path_);
    write_config(writer, keras_test::kSmallConfig);
    write_weights(writer, "model_weights", small_layers());
    writer.remove("model_weights/conv");
    H5Lcreate_soft("/model_weights/norm", writer.file(), "model_weights/conv", H5P_DEFAULT, H5P_DEFAULT);
  }
  EXPECT_EQ(complaint(), "model_weights/conv: is a soft link, which is not followed");
}

TEST_F(KerasLoad, RefusesOtherHdf5Files) {
  { const H5Writer writer(path_); }
  EXPECT_EQ(complaint(), "not a Keras file: it has neither 'model_weights' nor 'layer_names' nor 'layers'");
  {
    const H5Writer writer(path_);
    writer.group("layers/conv2d/vars");
  }
  EXPECT_TRUE(contains(complaint(), "holds weights only: give the architecture"));
  {
    const H5Writer writer(path_);
    writer.group("model_weights");
  }
  EXPECT_EQ(complaint(), "model_weights: has no 'layer_names'");
}

// Theano's kernels are turned around; so are those of Keras 1, which does not name its backend, unless the names of the
// weights are TensorFlow's.
TEST_F(KerasLoad, TurnsTheanosKernels) {
  const auto kernel = [&](const std::string& backend, const std::string& version) {
    {
      const H5Writer writer(path_);
      std::string config = keras_test::kSmallConfig;
      if (version[0] == '1') config.replace(config.find("Conv2D"), 6, "Convolution2D");
      write_config(writer, config, version);
      write_weights(writer, "model_weights", small_layers(), Text::fixed_null_padded, version);
      writer.remove_attribute("model_weights", "backend");
      if (!backend.empty()) writer.text("model_weights", "backend", backend);
    }
    for (const NodeDesc& node : load_keras(path_).nodes) {
      if (node.config.class_name() == "Conv2D") return node.config.weights().front();
    }
    return Weight();
  };
  const Weight plain = kernel("tensorflow", "2.4.0"), turned = kernel("theano", "2.0.0");
  ASSERT_EQ(plain.shape, turned.shape);
  const std::int64_t pixels = plain.shape[0] * plain.shape[1], inner = plain.shape[2] * plain.shape[3];
  ASSERT_GT(pixels, 1);
  for (std::int64_t i = 0; i < pixels * inner; ++i) {
    ASSERT_EQ(turned.data[i], plain.data[(pixels - 1 - i / inner) * inner + i % inner]) << i;
  }
  EXPECT_EQ(kernel("", "1.2.2").data[0], plain.data[0]) << "named as TensorFlow names them";
}

TEST_F(KerasLoad, NamesTheConfigurationWhenItIsWrong) {
  const auto with_config = [&](const std::string& config) {
    {
      const H5Writer writer(path_);
      write_config(writer, config);
      write_weights(writer, "model_weights", small_layers());
    }
    return complaint();
  };
  EXPECT_EQ(with_config("{"), "model_config: not valid JSON at byte 2");
  EXPECT_EQ(with_config("[]"), "model_config: not a Keras configuration");
  EXPECT_TRUE(contains(with_config(R"({"class_name": "MyModel", "config": {}})"), "model is of class 'MyModel'"));
}

class KerasWeightsOnly : public KerasLoad {
 protected:
  void SetUp() override {
    const H5Writer writer(path_);
    write_weights(writer, "/", small_layers());
  }
};

TEST_F(KerasWeightsOnly, AsksForAnArchitecture) {
  EXPECT_TRUE(contains(complaint(), "holds weights only: give the architecture by name (--architecture"));
  EXPECT_TRUE(contains(complaint({"", "vgg16"}), "unknown architecture 'vgg16'; known: resnet50, resnet50-notop"));
  EXPECT_TRUE(contains(complaint({"", "resnet50"}), "not named like a ResNet50's"));
  EXPECT_TRUE(contains(complaint({"a.json", "resnet50"}), "given twice"));
}

TEST_F(KerasWeightsOnly, TakesTheConfigurationGiven) {
  const std::string config = folder_.write("elsewhere.json", keras_test::kSmallConfig);
  const ModelDesc model = load_keras(path_, {config, ""});
  EXPECT_EQ(model.nodes.size(), 6U);
  EXPECT_EQ(model.provenance.format, "keras-h5-weights");
  EXPECT_EQ(weights_of(model, "dense"), "kernel=7 bias=8");
}

TEST_F(KerasWeightsOnly, TakesTheConfigurationBesideIt) {
  folder_.write("model.json", keras_test::kSmallConfig);
  EXPECT_EQ(load_keras(path_).nodes.size(), 6U);
}

TEST_F(KerasWeightsOnly, IsNotMisledByAModelCard) {
  const std::string card = folder_.write("model.json", R"({"fovea_card": 1, "classes": ["a", "b"]})");
  EXPECT_TRUE(contains(complaint(), "holds weights only"));
  EXPECT_TRUE(contains(keras_test::error_of(card, [&] { load_keras(path_, {card, ""}); }), "a model card;"));
  const std::string other = folder_.write("other.json", "[1, 2]");
  EXPECT_TRUE(contains(keras_test::error_of(other, [&] { load_keras(path_, {other, ""}); }), "not a Keras config"));
  const std::string absent = folder_.path("absent.json");
  EXPECT_EQ(keras_test::error_of(absent, [&] { load_keras(path_, {absent, ""}); }), "no such file");
}

TEST_F(KerasWeightsOnly, MatchesLayersOfOtherNamesInOrder) {
  {
    const H5Writer writer(path_);
    write_weights(
        writer, "/",
        keras_test::parse_layers("conv2d_7 uniform1=3x3x3x4 conv2d_7_b=4\n"
                                 "bn_9 bn_gamma_1:0=4 bn_beta_1:0=4 bn_running_mean_1:0=4 bn_running_std_1:0=4\n"
                                 "activation_3\n"
                                 "dense_2 dense_2_W:0=144x2 dense_2_b:0=2\n"),
        Text::fixed_null_padded, "");
  }
  folder_.write("model.json", keras_test::kSmallConfig);
  const ModelDesc model = load_keras(path_);
  EXPECT_EQ(weights_of(model, "conv"), "kernel=1 bias=2");
  EXPECT_EQ(weights_of(model, "norm"), "gamma=3 beta=4 moving_mean=5 moving_variance=6");
  EXPECT_EQ(weights_of(model, "dense"), "kernel=7 bias=8");
  EXPECT_EQ(model.provenance.keras_version, "");
}

TEST_F(KerasWeightsOnly, AllowsSlashesInLayerNames) {
  std::string config = keras_test::kSmallConfig;
  const auto rename = [&](const std::string& from, const std::string& to) {
    config.replace(config.find("\"" + from + "\""), from.size() + 2, "\"" + to + "\"");
  };
  rename("conv", "stem");
  rename("norm", "stem/norm");
  auto layers = small_layers();
  layers[0].name = "stem";
  layers[1].name = "stem/norm";
  {
    const H5Writer writer(path_);
    write_weights(writer, "/", layers);
  }
  folder_.write("model.json", config);
  EXPECT_EQ(weights_of(load_keras(path_), "stem/norm"), "gamma=3 beta=4 moving_mean=5 moving_variance=6");
}

}  // namespace
}  // namespace fovea
