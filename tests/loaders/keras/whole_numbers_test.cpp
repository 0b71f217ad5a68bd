// Inputs of whole numbers: what keeps them right, and what is refused because they wrap or are cut.
#include "loaders/keras/config/whole_numbers.h"

#include <gtest/gtest.h>

#include "loaders/keras/json/access.h"
#include "tests/loaders/keras/files.h"

namespace fovea::keras_whole_numbers_test {
namespace {

using keras::ConfigNode;
using keras_test::contains;

ConfigNode node(const std::string& class_name, AttributeMap attributes, std::vector<std::string> inputs,
                const std::string& name) {
  return {class_name, name, name, std::move(attributes), std::move(inputs)};
}

/// An input of this type, then `first`, then uint8's own downfall, an Add.
std::string complaint(const std::string& dtype, const std::string& first, const AttributeMap& attributes,
                      bool keras_3 = true) {
  keras::Architecture model;
  model.nodes = {node("InputLayer", {{"dtype", keras::text(dtype)}}, {}, "in"),
                 node(first, attributes, {"in"}, "first"), node("Add", {}, {"first", "first"}, "add")};
  return keras_test::error_of("m", [&] { keras::check_whole_numbers(model, keras_3, "m"); });
}

AttributeMap operation(const std::string& name) { return {{"operation", keras::text(name)}}; }

AttributeMap with_constant(const std::string& name, const Attribute& constant) {
  AttributeMap attributes = operation(name);
  attributes["constant"] = constant;
  return attributes;
}

TEST(KerasWholeNumbers, RealsAreNoMatter) {
  EXPECT_EQ(complaint("float32", "LayerNormalization", {}), "no error");
  for (const char* kind : {"Rescaling", "Normalization", "BatchNormalization", "Dense", "GlobalAveragePooling2D"})
    EXPECT_EQ(complaint("uint8", kind, {}), "no error") << kind;
  EXPECT_EQ(complaint("uint8", "Operation", operation("cast")), "no error");
  EXPECT_EQ(complaint("uint8", "Operation", with_constant("multiply", Attribute::Value(0.5))), "no error");
  EXPECT_EQ(complaint("uint8", "Custom>Own", {}), "no error") << "which is refused by its name";
}

TEST(KerasWholeNumbers, WhatWrapsIsRefused) {
  for (const char* kind : {"Flatten", "MaxPooling2D", "Concatenate", "RandomFlip", "UpSampling2D"}) {
    EXPECT_TRUE(contains(complaint("uint8", kind, {}), "layer 'add' (Add): reads whole numbers (uint8)")) << kind;
    EXPECT_EQ(complaint("int32", kind, {}), "no error") << kind;
  }
  const auto two = with_constant("multiply", keras::number(2));
  EXPECT_TRUE(contains(complaint("uint8", "Operation", two), "layer 'first'"));
  EXPECT_EQ(complaint("int32", "Operation", two), "no error");
  EXPECT_TRUE(contains(complaint("int64", "Operation", with_constant("multiply", keras::number(1 << 20))), "'first'"));
  EXPECT_TRUE(contains(complaint("int32", "Operation", operation("square")), "layer 'first'"));
}

TEST(KerasWholeNumbers, TheNarrowestOfSeveralInputsWraps) {
  for (const bool narrow_first : {true, false}) {
    keras::Architecture model;
    model.nodes = {node("InputLayer", {{"dtype", keras::text(narrow_first ? "uint8" : "int32")}}, {}, "a"),
                   node("InputLayer", {{"dtype", keras::text(narrow_first ? "int32" : "uint8")}}, {}, "b"),
                   node("Add", {}, {"a", "b"}, "add")};
    const std::string said = keras_test::error_of("m", [&] { keras::check_whole_numbers(model, true, "m"); });
    EXPECT_TRUE(contains(said, "reads whole numbers (uint8)")) << narrow_first;
  }
}

TEST(KerasWholeNumbers, WhatIsCutIsRefused) {
  const AttributeMap bilinear{{"interpolation", keras::text("bilinear")}};
  for (const char* dtype : {"uint8", "int32"}) {
    EXPECT_TRUE(contains(complaint(dtype, "UpSampling2D", bilinear), "layer 'first'"));
    EXPECT_TRUE(contains(complaint(dtype, "Resizing", {}), "layer 'first'")) << "bilinear unless it says nearest";
    for (const char* kind : {"LayerNormalization", "AveragePooling2D", "LeakyReLU", "GroupNormalization", "Average"})
      EXPECT_TRUE(contains(complaint(dtype, kind, {}), "layer 'first'")) << kind;
    EXPECT_TRUE(contains(complaint(dtype, "GlobalAveragePooling2D", {}, false), "layer 'first'")) << "by Keras 2";
    EXPECT_TRUE(contains(complaint(dtype, "Operation", operation("mean"), false), "layer 'first'"));
  }
  EXPECT_TRUE(contains(complaint("uint8", "Operation", operation("sum"), false), "layer 'first'"));
}

}  // namespace
}  // namespace fovea::keras_whole_numbers_test
