// Files that do not say which version of Keras wrote them.
#include "loaders/keras/config/generation.h"

#include <gtest/gtest.h>

#include <fovea/keras.h>
#include "loaders/keras/json/json.h"
#include "tests/loaders/keras/models.h"

namespace fovea::keras_generation_test {
namespace {

using keras::Generation;
using keras_test::contains;

Generation of(const std::string& json) { return keras::generation_of_words(keras::parse_json(json, "m"), "m"); }

TEST(KerasGeneration, IsWhatItsWordsAre) {
  EXPECT_EQ(of(R"([{"config": {"nb_filter": 8, "batch_input_shape": [null, 8]}}])"), Generation::keras_1);
  EXPECT_EQ(of(R"({"a": {"border_mode": "same"}})"), Generation::keras_1);
  EXPECT_EQ(of(R"({"a": {"batch_input_shape": [null, 8], "filters": 3}})"), Generation::keras_2);
  EXPECT_EQ(of(R"({"module": "keras", "config": {"filters": 3}})"), Generation::keras_3);
  EXPECT_EQ(of(R"({"config": {"filters": 3, "activation": "relu"}})"), Generation::unknown);
  EXPECT_EQ(of(R"({"config": {"activation": "relu"}})"), Generation::unknown);
  EXPECT_EQ(keras_test::error_of("m", [] { of(R"({"nb_filter": 8, "filters": 3})"); }).rfind("no 'keras_version'", 0),
            0U);
}

/// The small model without `keras_version` and `backend`.
std::string write_without_version(const keras_test::Folder& folder, const std::string& config) {
  const std::string path = folder.path("m.h5");
  const keras_test::H5Writer writer(path);
  keras_test::write_config(writer, config, "");
  keras_test::write_weights(writer, "model_weights", keras_test::small_layers(), keras_test::Text::fixed_null_padded,
                            "");
  writer.remove_attribute("/model_weights", "backend");
  return path;
}

TEST(KerasGeneration, KernelsOfLaterVersionsAreNotTurned) {
  const keras_test::Folder folder;
  // No ':' in the names: what would be Theano's in Keras 1.
  const std::string path = folder.path("m.h5");
  auto layers = keras_test::small_layers();
  for (auto& layer : layers) {
    for (auto& weight : layer.weights) weight.path.resize(weight.path.find(':'));
  }
  {
    const keras_test::H5Writer writer(path);
    keras_test::write_config(writer, keras_test::kSmallConfig, "");
    keras_test::write_weights(writer, "model_weights", layers, keras_test::Text::fixed_null_padded, "");
    writer.remove_attribute("/model_weights", "backend");
  }
  const ModelDesc model = load_keras(path);
  const Weight& kernel = model.nodes[1].config.weights().front();
  EXPECT_EQ(kernel.data[0], 1.0f);
  EXPECT_EQ(kernel.data[1], 1.0f + 1.0f / 1024);
}

TEST(KerasGeneration, WhatItDecidesIsRefused) {
  const keras_test::Folder folder;
  std::string config = keras_test::kSmallConfig;
  const std::string softmax = "softmax", shape = "batch_input_shape";
  config.replace(config.find(softmax), softmax.size(), "hard_sigmoid");
  EXPECT_EQ(load_keras(write_without_version(folder, config)).nodes.size(), 6U) << "Keras 2's words";
  config.replace(config.find(shape), shape.size(), "input_shape");
  const std::string path = write_without_version(folder, config);
  EXPECT_TRUE(contains(keras_test::error_of(path, [&] { load_keras(path); }), "'dense': hard_sigmoid is one function"));
}

}  // namespace
}  // namespace fovea::keras_generation_test
