// load_model: the engine's complaints about a file name the file.
#include <gtest/gtest.h>

#include <cmath>

#include <fovea/keras.h>
#include "tests/loaders/keras/models.h"

namespace fovea {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::H5Writer;

TEST(KerasModel, RunsWhatItLoaded) {
  const Folder folder;
  const std::string path = folder.path("model.h5");
  keras_test::write_small_model(path);
  const auto model = load_model(path);
  EXPECT_EQ(model->input_shape(), (Shape{8, 8, 3}));
  EXPECT_EQ(model->output_shape(), (Shape{2}));
  Session session(model);
  for (float& x : session.input()) x = 0.5F;
  session.run();
  EXPECT_NEAR(session.output()[0] + session.output()[1], 1, 1e-6);
}

/// The small model with these weights, and another class in the place of its BatchNormalization.
void write_small_model(const std::string& path, const std::vector<keras_test::Layer>& layers,
                       const std::string& class_name = "BatchNormalization") {
  const std::string own = "BatchNormalization";
  std::string config = keras_test::kSmallConfig;
  const std::size_t at = config.find(own);
  ASSERT_NE(at, std::string::npos);
  config.replace(at, own.size(), class_name);
  const H5Writer writer(path);
  keras_test::write_config(writer, config);
  keras_test::write_weights(writer, "model_weights", layers);
}

TEST(KerasModel, NamesFileLayerAndShapes) {
  const Folder folder;
  const std::string path = folder.path("model.h5");
  auto layers = keras_test::small_layers();
  layers[0].weights[0].shape = {3, 3, 4, 3};
  write_small_model(path, layers);
  const std::string complaint = keras_test::error_of(path, [&] { load_model(path); });
  EXPECT_TRUE(contains(complaint, "layer 'conv' (Conv2D): kernel is 3x3x4x3"));
}

TEST(KerasModel, NamesOfTheFileDoNotBreakTheLine) {
  const Folder folder;
  const std::string path = folder.path("model.h5");
  write_small_model(path, keras_test::small_layers(), "Mys\\ntery");
  EXPECT_TRUE(contains(keras_test::error_of(path, [&] { load_model(path); }), "(Mys?tery)"));
}

TEST(KerasModel, NamesUnknownLayersRatherThanTheirWeights) {
  const Folder folder;
  const std::string path = folder.path("model.h5");
  auto layers = keras_test::small_layers();
  layers[0].weights.pop_back();
  write_small_model(path, layers, "Mystery");
  const std::string complaint = keras_test::error_of(path, [&] { load_keras(path); });
  EXPECT_TRUE(contains(complaint, "unsupported: '"));
  EXPECT_TRUE(contains(complaint, "(Mystery)"));
}

TEST(KerasModel, NamesAllUnsupportedLayers) {
  const std::string data = keras_test::shared_data();
  if (data.empty()) GTEST_SKIP() << "no shared data (FOVEA_SHARED_DATA)";
  const std::string lambda = data + "/models/dl4j_model_lambda.h5";
  const std::string complaint = keras_test::error_of(lambda, [&] { load_model(lambda); });
  EXPECT_TRUE(contains(complaint, "'lambda_3' (Lambda)"));
  EXPECT_TRUE(contains(complaint, "'lambda_4' (Lambda)"));
  EXPECT_THROW(load_model(data + "/models/keras2c_lstm_example.h5"), UnsupportedError);
}

}  // namespace
}  // namespace fovea
