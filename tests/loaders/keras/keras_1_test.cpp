// Words of Keras 1, and its Merge, which the first versions of Keras 2 wrote too.
#include "loaders/keras/config/keras_1.h"

#include <gtest/gtest.h>

#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "tests/loaders/keras/files.h"

namespace fovea::keras_1_test {
namespace {

/// A model of one layer, within another.
std::string nested(const std::string& layer) {
  return R"({"class_name": "Model", "config": {"name": "m", "layers": [{"class_name": "Sequential", "config": [)" +
         layer + "]}]}}";
}

using Rewrite = Attribute (*)(const Attribute&);

/// The one layer of `nested`, rewritten.
AttributeMap rewritten(const std::string& layer, Rewrite rewrite) {
  const Attribute model = rewrite(keras::parse_json(nested(layer), "here"));
  const auto& config = keras::expect_object(keras::expect_object(model, "m").at("config"), "m");
  const auto& inner = keras::expect_object(keras::expect_list(config.at("layers"), "m").front(), "s");
  return keras::expect_object(keras::expect_list(inner.at("config"), "s").front(), "layer");
}

std::string class_of(const AttributeMap& layer) { return keras::text_at(layer, "class_name", "layer"); }
AttributeMap config_of(const AttributeMap& layer) { return keras::expect_object(layer.at("config"), "layer"); }

std::string merge(const std::string& mode) {
  return R"({"class_name": "Merge", "config": {"name": "merge_2", "concat_axis": 1, "output_shape_type": "raw",
             "mode_type": "raw", "dot_axes": -1, "output_mask_type": "raw", "arguments": {}, "output_mask": null,
             "output_shape": null, "mode": ")" +
         mode + R"("}})";
}

TEST(Keras1, MergesAreLayersOfTheirOwn) {
  for (const Rewrite rewrite : {keras::from_keras_1, keras::without_merges}) {
    const AttributeMap sum = rewritten(merge("sum"), rewrite), joined = rewritten(merge("concat"), rewrite);
    EXPECT_EQ(class_of(sum), "Add");
    EXPECT_EQ(config_of(sum).size(), 1U) << "the name";
    EXPECT_EQ(class_of(joined), "Concatenate");
    EXPECT_EQ(*keras::as<std::int64_t>(config_of(joined).at("axis")), 1);
    EXPECT_EQ(class_of(rewritten(merge("cos"), rewrite)), "Merge") << "which is refused by this name";
  }
}

TEST(Keras1, OtherWordsAreOfKeras1Alone) {
  const std::string layer = R"({"class_name": "Convolution2D", "config": {"nb_filter": 8, "border_mode": "same"}})";
  const AttributeMap renamed = rewritten(layer, keras::from_keras_1), kept = rewritten(layer, keras::without_merges);
  EXPECT_EQ(class_of(renamed), "Conv2D");
  EXPECT_EQ(*keras::as<std::int64_t>(config_of(renamed).at("filters")), 8);
  EXPECT_EQ(class_of(kept), "Convolution2D");
  EXPECT_EQ(config_of(kept).count("nb_filter"), 1U);
}

}  // namespace
}  // namespace fovea::keras_1_test
