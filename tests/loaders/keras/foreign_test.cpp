// What is no Keras model is called what it is.
#include "loaders/keras/classes/foreign.h"

#include <gtest/gtest.h>

#include <filesystem>

#include <fovea/keras.h>
#include "loaders/keras/config/settings.h"
#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "tests/loaders/zip_files.h"

namespace fovea::keras_foreign_test {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::Members;

struct Kind {
  std::string name, bytes, said;
};

TEST(KerasForeign, FilesAreCalledWhatTheyAre) {
  const Folder folder;
  const Kind kinds[] = {
      {"a.h5", "", "is empty"},
      {"b.h5", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n", "git lfs pull"},
      {"c.h5", "\n <!DOCTYPE html><html><title>Sign in</title>", "a web page"},
      {"d.keras", "<HTML lang=en>", "a web page"},
      {"e.h5", "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "the download failed"},
      {"f.h5", "\x1f\x8b\x08", "gzip"},
      {"g.h5", "BZh91AY", "bzip2"},
      {"h.tflite", std::string("\x1c\0\0\0TFL3", 8), "TensorFlow Lite"},
      {"i.onnx", "\x08\x07\x12\x07pytorch", "an ONNX model"},
      {"j.h5", "\x08\x08\x12\x0ftf2onnx", "an ONNX model"},
      {"k.pb", "\x0a\x10", "a SavedModel"},
      {"l", std::string("\x08\x01\x12\x80", 4), "a SavedModel"},
      {"m.pkl", "\x80\x04}q.", "a pickle"},
      {"n.pth", "\x80\x02}q.", "PyTorch"},
      {"o.h5", std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15), "PyTorch"},
      {"p.h5", R"({"format": "layers-model", "modelTopology": {"class_name": "x", "config": {}}})", "TensorFlow.js"},
      {"q.json", R"({"metadata": {}, "weight_map": {"a": "b.weights.h5"}})", "weights in several files"},
      {"r.json", R"({"class_name": "Sequential", "config": []})", "--config"},
      {"s.json", R"({"fovea_card": 1})", "a model card"},
      {"t.safetensors", std::string("\x40\0\0\0\0\0\0\0{\"a\":1}", 15), "safetensors"},
      {"u.h5", std::string("\0\x05\x16\x07\0\x02", 6), "'._'"},
      {"v.npy", "\x93NUMPY\x01", "NumPy"},
      {"w.tar", std::string(257, 'x') + "ustar", "a tar archive"},
      {"x.h5", "\xff\xd8\xff\xe0", "a JPEG"}};
  for (const Kind& kind : kinds) {
    const std::string path = folder.write(kind.name, kind.bytes);
    EXPECT_TRUE(contains(keras_test::error_of(path, [&] { load_keras(path); }), kind.said)) << kind.name;
  }
  for (const char* bytes : {"hello", "\x89HDF\r\n\x1a\n", "PK\x03\x04", "\x08"}) {
    EXPECT_FALSE(keras::foreign_kind(folder.write("z.h5", bytes))) << bytes;
  }
  EXPECT_FALSE(keras::foreign_kind(folder.path("missing.h5")));
}

TEST(KerasForeign, SoAreFolders) {
  const Folder folder;
  const auto said = [&](const std::string& file) {
    const std::filesystem::path inside = folder.path("m");
    std::filesystem::remove_all(inside);
    std::filesystem::create_directory(inside);
    folder.write("m/" + file, "{}");
    if (file == "config.json") folder.write("m/model.weights.h5", "");
    return keras_test::error_of(inside.string(), [&] { load_keras(inside.string()); });
  };
  EXPECT_TRUE(contains(said("saved_model.pb"), "a SavedModel"));
  EXPECT_TRUE(contains(said("config.json"), "zip what is in it"));
  EXPECT_TRUE(contains(said("model.json"), "TensorFlow.js"));
  EXPECT_TRUE(contains(said("photo.png"), "is a directory"));
}

std::string complaint(const Members& members) {
  const Folder folder;
  const std::string path = folder.path("m.keras");
  keras_test::write_zip(path, members);
  return keras_test::error_of(path, [&] { load_keras(path); });
}

TEST(KerasForeign, SoAreArchives) {
  EXPECT_TRUE(contains(complaint({{"saved_model.pb", ""}, {"variables/variables.index", ""}}), "a SavedModel"));
  EXPECT_TRUE(contains(complaint({{"net/data.pkl", ""}}), "PyTorch"));
  EXPECT_TRUE(contains(complaint({{"a/model.json", ""}, {"a/group1-shard1of1.bin", ""}}), "TensorFlow.js"));
  EXPECT_TRUE(contains(complaint({{"kernel.npy", ""}}), "arrays of NumPy"));
  EXPECT_TRUE(contains(complaint({{"in/best.h5", ""}, {"train.csv", ""}}), "holds 'in/best.h5': unpack it"));
  EXPECT_TRUE(contains(complaint({{"a.h5", ""}, {"b.keras", ""}, {"._c.h5", ""}}), "'a.h5' and 1 more"));
  EXPECT_TRUE(contains(complaint({{"__MACOSX/._m.h5", ""}, {"readme.txt", ""}}), "no config.json"));
  EXPECT_TRUE(contains(complaint({{"config.json", "{}"}, {"model.weights.json", ""}}), "save it again"));
}

/// As the Finder packs a folder, or what is in it.
TEST(KerasForeign, ArchivesOfMacOSAndOfAFolderAreRead) {
  const Folder folder;
  const std::string path = folder.path("m.keras"), weights = folder.path("w.weights.h5");
  keras_test::write_small_state(weights);
  for (const std::string inside : {"", "model/", "a/b/"}) {
    Members members;
    for (auto [name, content] : keras_test::small_members(keras_test::read_bytes(weights))) {
      members.emplace_back("__MACOSX/" + inside + "._" + name, "notes");
      members.emplace_back(inside + name, content);
    }
    members.emplace_back("__MACOSX/config.json", "notes");
    members.emplace_back("__MACOSX/model.weights.h5", "notes");
    keras_test::write_zip(path, members);
    EXPECT_EQ(load_keras(path).nodes.size(), 6U) << inside;
    const Members twice{{"other/config.json", "{}"}, {"other/model.weights.h5", ""}};
    members.insert(members.end(), twice.begin(), twice.end());
    keras_test::write_zip(path, members);
    const std::string said = keras_test::error_of(path, [&] { load_keras(path); });
    EXPECT_EQ(said == "no error", inside.empty()) << said;
  }
  EXPECT_TRUE(contains(complaint({{"m/config.json", "{}"}, {"m/model.weights.h5", ""}}), "zip what is in the folder"));
}

std::string setting(const std::string& json) {
  keras::Architecture model;
  const AttributeMap attributes = keras::expect_object(keras::parse_json(json, "m"), "m");
  model.nodes = {{"Dense", "d", "d", attributes, {}}};
  return keras_test::error_of("m", [&] { keras::check_settings(model, "m"); });
}

TEST(KerasForeign, SettingsThatChangeTheWeightsAreNamed) {
  EXPECT_TRUE(contains(setting(R"({"dtype": {"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8",
    "source_name": "float32"}}})"),
                       "layer 'd' (Dense): is quantised (int8)"));
  EXPECT_TRUE(contains(setting(R"({"dtype": "float8_from_mixed_bfloat16"})"), "quantised (float8)"));
  EXPECT_TRUE(contains(setting(R"({"dtype": {"config": {"name": "int4_from_float32"}}})"), "quantised (int4)"));
  EXPECT_TRUE(contains(setting(R"({"quantization_config": {}})"), "is quantised"));
  EXPECT_TRUE(contains(setting(R"({"lora_rank": 4})"), "LoRA"));
  EXPECT_TRUE(contains(setting(R"({"renorm": true})"), "renorm = true is not supported"));
  EXPECT_TRUE(contains(setting(R"({"rms_scaling": true})"), "rms_scaling = true"));
  EXPECT_TRUE(contains(setting(R"({"virtual_batch_size": 2})"), "virtual_batch_size"));
  EXPECT_EQ(setting(R"({"dtype": {"config": {"name": "mixed_float16"}}, "renorm": false, "lora_rank": null})"),
            "no error");
}

}  // namespace
}  // namespace fovea::keras_foreign_test
