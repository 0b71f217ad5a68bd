// Models within a model that were trained before: what is of their training is left out, and nothing else is.
#include <gtest/gtest.h>

#include <fovea/keras.h>
#include "tests/loaders/zip_files.h"

namespace fovea::keras_nested_state_test {
namespace {

using keras_test::contains;

constexpr const char* kConfig = R"({"class_name": "Sequential", "config": {"name": "outer", "layers": [
  {"class_name": "InputLayer", "config": {"batch_shape": [null, 4, 4, 3], "name": "in"}},
  {"class_name": "Sequential", "config": {"name": "middle", "layers": [
    {"class_name": "Sequential", "config": {"name": "inner", "layers": [
      {"class_name": "ReLU", "config": {"name": "relu"}}]}},
    {"class_name": "Flatten", "config": {"name": "flat"}},
    {"class_name": "Dense", "config": {"name": "dense", "units": 2, "use_bias": false}}]}}]}})";

/// What loading says if the file holds `extra` as well.
std::string complaint(const std::string& extra, const std::string& layers = "layers") {
  const keras_test::Folder folder;
  const std::string path = folder.path("m.keras"), weights = folder.path("w.weights.h5");
  {
    const keras_test::H5Writer writer(weights);
    const std::string dense = layers + "/sequential/" + layers + "/dense/vars/0";
    writer.floats(dense, {48, 2}, keras_test::values_of(1, {48, 2}));
    if (!extra.empty()) writer.floats(extra, {2}, {1, 2});
  }
  const std::string version = R"({"keras_version": "3.5.0"})";
  keras_test::write_zip(
      path,
      {{"metadata.json", version}, {"config.json", kConfig}, {"model.weights.h5", keras_test::read_bytes(weights)}});
  return keras_test::error_of(path, [&] { load_model(path); });
}

TEST(KerasNestedState, TrainingIsLeftOut) {
  EXPECT_EQ(complaint(""), "no error");
  for (const char* extra :
       {"layers/sequential/optimizer/vars/0", "layers/sequential/_loss_tracker/vars/0",
        "layers/sequential/_compile_metrics/metrics/auc/vars/3", "layers/sequential/optimizer/inner_optimizer/vars/1",
        "layers/sequential/layers/sequential/optimizer/vars/0", "optimizer/vars/0"}) {
    EXPECT_EQ(complaint(extra), "no error") << extra;
  }
  EXPECT_EQ(complaint("_layer_checkpoint_dependencies/sequential/optimizer/vars/0", "_layer_checkpoint_dependencies"),
            "no error");
}

TEST(KerasNestedState, NothingElseIs) {
  for (const char* extra :
       {"layers/sequential/vars/0", "layers/sequential/layers/dense/vars/1", "layers/sequential/layers/dense/lora/0",
        "layers/sequential/layers/dense_1/vars/0", "layers/conv2d/vars/0", "layers/sequential/layers/flatten/vars/0",
        "layers/sequential/layers/sequential/layers/re_lu/vars/0", "layers/conv2d/optimizer/vars/0"}) {
    EXPECT_NE(complaint(extra), "no error") << extra;
  }
  EXPECT_TRUE(contains(complaint("layers/conv2d/optimizer/vars/0"), "an extra tensor"));
}

}  // namespace
}  // namespace fovea::keras_nested_state_test
