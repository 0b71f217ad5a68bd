// Classes and functions that bear the name of one of Keras' and are not Keras'.
#include "loaders/keras/classes/full_names.h"

#include <gtest/gtest.h>

#include <fovea/keras.h>
#include "loaders/keras/classes/history.h"
#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "tests/loaders/zip_files.h"

namespace fovea::keras_full_names_test {
namespace {

using keras_test::contains;

/// What the class of `object` is called then.
std::string class_of(const std::string& json, const std::string& version = "3.5.0") {
  const Attribute renamed = keras::with_full_names(keras::parse_json(json, "m"), version);
  return keras::text_at(keras::expect_object(renamed, "m"), "class_name", "m");
}

std::string object(const std::string& module, const std::string& name, const std::string& registered) {
  return R"({"module": )" + module + R"(, "class_name": ")" + name + R"(", "registered_name": )" + registered +
         R"(, "config": {}})";
}

std::string legacy(const std::string& name) { return R"({"class_name": ")" + name + R"(", "config": {}})"; }

std::string activation_of(const std::string& activation, const std::string& version) {
  const std::string json = R"({"class_name": "Conv2D", "config": {"activation": )" + activation + "}}";
  const Attribute renamed = keras::with_full_names(keras::parse_json(json, "m"), version);
  const AttributeMap& config = keras::object_at(keras::expect_object(renamed, "m"), "config", "m");
  const std::string* name = keras::function_name(config.at("activation"));
  return name == nullptr ? "" : *name;
}

TEST(KerasFullNames, KerasOwnKeepTheirs) {
  for (const char* module :
       {"keras", "keras.layers", "keras.src.models.functional", "keras.engine.functional", "keras.src.ops.numpy",
        "tf_keras.src.engine.functional", "tensorflow.python.keras.engine.functional", "keras_core.layers"}) {
    EXPECT_EQ(class_of(object('"' + std::string(module) + '"', "Functional", "null")), "Functional") << module;
    EXPECT_EQ(class_of(object('"' + std::string(module) + '"', "Functional", R"("Functional")")), "Functional");
  }
  EXPECT_EQ(class_of(object(R"("keras.src.applications.inception_resnet_v2")", "CustomScaleLayer",
                            R"("Custom>CustomScaleLayer")")),
            "CustomScaleLayer");
  EXPECT_EQ(class_of(legacy("Dense"), "2.4.0"), "Dense");
  EXPECT_EQ(class_of(R"({"class_name": "__keras_tensor__", "config": {}, "module": null})"), "__keras_tensor__");
}

TEST(KerasFullNames, UsersAreCalledAsTheyAreRegistered) {
  EXPECT_EQ(class_of(object("null", "Dense", R"("Custom>Dense")")), "Custom>Dense");
  EXPECT_EQ(class_of(object("null", "Dense", R"("my>Other")")), "my>Other");
  EXPECT_EQ(class_of(object("null", "Dense", R"("Dense")")), "__main__.Dense");
  EXPECT_EQ(class_of(object("null", "Dense", "null")), "__main__.Dense");
  EXPECT_EQ(class_of(object("3", "Dense", "null")), "__main__.Dense");
  EXPECT_EQ(class_of(object(R"("nets.layers")", "Dense", R"("Dense")")), "nets.layers.Dense");
  for (const char* module : {"keras_cv.layers", "kerass", "keras_contrib.layers", "my.keras.layers",
                             "tensorflow.keras_", "tensorflow", "tf_keras_models"}) {
    EXPECT_EQ(class_of(object('"' + std::string(module) + '"', "Dense", "null")), std::string(module) + ".Dense");
  }
  EXPECT_EQ(class_of(R"({"class_name": "Dense", "registered_name": "Custom>Dense", "config": {}})"), "Custom>Dense");
  EXPECT_EQ(class_of(legacy("Custom>Dense")), "Custom>Dense");
}

// A name alone says little: what Keras' own always write does.
TEST(KerasFullNames, WhatLacksASettingOfKerasOwnIsAUsers) {
  const auto named = [](const std::string& name, const std::string& config, const std::string& version = "2.11.0") {
    return class_of(R"({"class_name": ")" + name + R"(", "config": {"name": "x", "trainable": true)" + config + "}}",
                    version);
  };
  for (const char* name : {"AlphaDropout", "Dropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D"}) {
    EXPECT_EQ(named(name, R"(, "rate": 0.5)"), name);
    EXPECT_EQ(named(name, R"(, "drop": 0.5)"), std::string(name) + " without 'rate', which that of Keras always has");
  }
  EXPECT_EQ(named("Dropout", R"(, "p": 0.5)", "1.2.2"), "Dropout");
  EXPECT_EQ(named("GaussianNoise", R"(, "stddev": 0.1)"), "GaussianNoise");
  EXPECT_EQ(named("GaussianNoise", R"(, "sigma": 0.1)", "1.2.2"), "GaussianNoise");
  EXPECT_EQ(named("GaussianNoise", ""), "GaussianNoise without 'stddev', which that of Keras always has");
  EXPECT_EQ(named("Dense", ""), "Dense");
}

TEST(KerasFullNames, InsideToo) {
  const std::string json =
      R"({"class_name": "Sequential", "config": {"layers": [)" + object("null", "ReLU", R"("Custom>ReLU")") + "]}}";
  const Attribute renamed = keras::with_full_names(keras::parse_json(json, "m"), "3.5.0");
  const AttributeMap& config = keras::object_at(keras::expect_object(renamed, "m"), "config", "m");
  const AttributeMap& layer = keras::expect_object(keras::list_at(config, "layers", "m").front(), "m");
  EXPECT_EQ(keras::text_at(layer, "class_name", "m"), "Custom>ReLU");
  EXPECT_EQ(keras::text_at(layer, "saved_class", "m"), "ReLU");
}

struct Since {
  const char *name, *before, *from;
};

TEST(KerasFullNames, ClassesThatKerasDidNotHaveYetAreTheUsers) {
  for (const Since& since :
       {Since{"GroupNormalization", "2.10.0", "2.11.0"}, Since{"UnitNormalization", "2.8.0", "2.9.0"},
        Since{"LayerNormalization", "2.3.1", "2.2.4-tf"}, Since{"Rescaling", "2.1.6-tf", "2.4.0"},
        Since{"CenterCrop", "2.3.1", "2.4.0"}, Since{"RMSNormalization", "3.8.0", "3.9.0"},
        Since{"Identity", "2.11.0", "2.12.0"}, Since{"ReLU", "2.1.6", "2.2.0"}, Since{"ReLU", "2.1.5-tf", "2.1.6-tf"},
        Since{"Conv2D", "1.2.2", "2.0.0"}, Since{"ThresholdedReLU", "3.0.0", "2.15.0"},
        Since{"RandomHeight", "3.15.1", "2.21.0"}, Since{"LayerScale", "2.9.0-rc2", "2.10.0.dev2022"}}) {
    EXPECT_EQ(class_of(legacy(since.name), since.from), since.name);
    EXPECT_EQ(class_of(legacy(since.name), since.before),
              std::string(since.name) + ", which Keras " + since.before + " did not have");
    EXPECT_EQ(class_of(legacy(since.name), ""), since.name) << "the version is not known";
    EXPECT_EQ(class_of(object(R"("keras.layers")", since.name, "null"), since.before), since.name) << "Keras says so";
  }
  EXPECT_TRUE(keras::had_class("Dense", "what"));
}

TEST(KerasFullNames, SoAreFunctions) {
  const std::string own =
      R"({"module": "builtins", "class_name": "function", "registered_name": "function", "config": )";
  EXPECT_EQ(activation_of(own + R"("square"})", "3.5.0"), "square, a function of the model's author");
  EXPECT_EQ(activation_of(own + R"("gelu"})", "3.5.0"), "gelu, a function of the model's author");
  EXPECT_EQ(activation_of(own + R"("Custom>relu"})", "3.5.0"), "Custom>relu");
  EXPECT_EQ(activation_of(own + R"("swish"})", "3.5.0"), "swish") << "so does TensorFlow's";
  EXPECT_EQ(activation_of(R"("relu")", "3.5.0"), "relu");
  EXPECT_EQ(activation_of(R"({"class_name": "function", "config": "relu"})", "3.5.0"), "relu");
  EXPECT_EQ(activation_of(R"("gelu")", "2.3.0-tf"), "gelu, which Keras 2.3.0-tf did not have");
  EXPECT_EQ(activation_of(R"("gelu")", "2.4.0"), "gelu");
  EXPECT_EQ(activation_of(R"("leaky_relu")", "2.5.0"), "leaky_relu, which Keras 2.5.0 did not have");
  EXPECT_EQ(activation_of(R"("square")", "2.5.0"), "square, which Keras 2.5.0 did not have");
  EXPECT_EQ(activation_of(R"("square")", ""), "square, which Keras does not have");
  EXPECT_EQ(activation_of(R"("swish")", "2.2.4"), "swish") << "of the first EfficientNets";
  const std::string json = R"({"class_name": "Dense", "config": {"activation": )" +
                           object("null", "LeakyReLU", R"("Custom>LeakyReLU")") + "}}";
  const Attribute renamed = keras::with_full_names(keras::parse_json(json, "m"), "3.5.0");
  const AttributeMap& config = keras::object_at(keras::expect_object(renamed, "m"), "config", "m");
  EXPECT_EQ(keras::text_at(keras::object_at(config, "activation", "m"), "class_name", "m"), "Custom>LeakyReLU");
}

/// What loading the small model's archive says after `from` became `to` in its configuration.
std::string complaint(const std::string& from, const std::string& to) {
  const keras_test::Folder folder;
  const std::string path = folder.path("m.keras"), weights = folder.path("w.weights.h5");
  keras_test::write_small_state(weights);
  auto members = keras_test::small_members(keras_test::read_bytes(weights));
  std::string& config = members[1].second;
  if (!from.empty()) config.replace(config.find(from), from.size(), to);
  keras_test::write_zip(path, members);
  return keras_test::error_of(path, [&] { load_model(path); });
}

std::string in_its_place(const std::string& layer) {
  return "; to say what runs in their place: --layers with a file of {\"" + layer + "\": {\"class_name\": \"...\"}}";
}

TEST(KerasFullNames, AnArchiveWithOneIsRefusedByThatName) {
  EXPECT_EQ(complaint("", ""), "no error");
  const std::string own = R"("module": null, "registered_name": "Custom>ReLU", "class_name": "ReLU")";
  EXPECT_EQ(complaint(R"("class_name": "ReLU")", own),
            "unsupported: 'relu' (Custom>ReLU) with the input 6x6x4" + in_its_place("relu"));
  const std::string conv = R"("module": "net", "registered_name": "Conv2D", "class_name": "Conv2D")";
  EXPECT_EQ(complaint(R"("class_name": "Conv2D")", conv),
            "unsupported: 'conv' (net.Conv2D) with the input 8x8x3" + in_its_place("conv"));
  EXPECT_EQ(complaint(R"("class_name": "ReLU")", R"("module": "keras.layers", "class_name": "ReLU")"), "no error");
}

}  // namespace
}  // namespace fovea::keras_full_names_test
