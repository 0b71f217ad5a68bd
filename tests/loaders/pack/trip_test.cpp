// Through a pack file and back: networks of every layer, the golden files and the demo model give the same bits.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>

#include <fovea/keras.h>
#include <fovea/pack.h>
#include <fovea/version.h>
#include "tests/engine/networks.h"
#include "tests/loaders/keras/files.h"
#include "tests/loaders/pack/pack_trip.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

using keras_test::contains;
using keras_test::Folder;

const std::filesystem::path kGoldenFolder = std::filesystem::path(FOVEA_SOURCE_DIR) / "tests" / "keras" / "golden";
const std::string kDemoModel = std::string(FOVEA_SOURCE_DIR) + "/weights/demo.h5";

std::vector<float> answers_of(const std::shared_ptr<const Model>& model) {
  Session session(model, {.max_batch = 2, .threads = 2});
  for (int i = 0; i < 2; ++i) {
    for (int index = 0; index < std::ssize(model->input_names()); ++index) {
      Random random(test_seed() + static_cast<std::uint32_t>(10 * index + i));
      for (float& x : session.input(i, index)) x = random.real(-1, 1);
    }
  }
  session.run(2);
  std::vector<float> all = outputs_of(session, 0);
  const std::vector<float> more = outputs_of(session, 1);
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<PackedSet> all_sets() {
  std::vector<PackedSet> sets;
  for (const std::string& isa : available_isas()) {
    for (const Arithmetic arithmetic : {Arithmetic::fast, Arithmetic::direct}) sets.push_back({isa, arithmetic});
  }
  return sets;
}

/// All that a description says, weights included.
std::string text_of(const Attribute& attribute) {
  struct Text {
    std::string operator()(std::nullptr_t) const { return "null"; }
    std::string operator()(bool x) const { return x ? "true" : "false"; }
    std::string operator()(std::int64_t x) const { return std::to_string(x); }
    std::string operator()(double x) const { return std::to_string(std::bit_cast<std::uint64_t>(x)) + "d"; }
    std::string operator()(const std::string& x) const { return "'" + x + "'"; }
    std::string operator()(const AttributeList& all) const {
      std::string text = "[";
      for (const Attribute& x : all) text += text_of(x) + ",";
      return text + "]";
    }
    std::string operator()(const AttributeMap& all) const {
      std::string text = "{";
      for (const auto& [key, x] : all) text += key + ":" + text_of(x) + ",";
      return text + "}";
    }
  };
  return std::visit(Text(), attribute.value());
}

std::string text_of(const ModelDesc& desc) {
  std::string text = desc.name + desc.provenance.sha256 + desc.provenance.keras_version + desc.provenance.layers;
  for (const auto* names : {&desc.inputs, &desc.outputs}) {
    for (const std::string& name : *names) text += "\n" + name;
  }
  for (const NodeDesc& node : desc.nodes) {
    text += "\n" + node.config.class_name() + " " + node.config.name() +
            text_of(Attribute(Attribute::Value(node.config.attributes())));
    for (const std::string& input : node.inputs) text += " <" + input;
    for (const Weight& weight : node.config.weights()) {
      text += " " + weight.name + Shape(weight.shape).str() + " ";
      text.append(reinterpret_cast<const char*>(weight.data.get()), static_cast<std::size_t>(weight.elements()) * 4);
    }
  }
  return text;
}

void expect_same(const ModelDesc& desc, const std::vector<PackedSet>& sets) {
  const std::string bytes = pack_bytes(desc, sets);
  const PackFile packed = open_pack(bytes, {.verify = true});
  const PackFile plain = open_pack(pack_bytes(desc, {}), {.verify = true});
  EXPECT_EQ(packed.packed().size(), sets.size());
  EXPECT_EQ(text_of(packed.desc()), text_of(desc));
  for (const PackedSet& set : sets) {
    const ModelOptions options{.isa = set.isa, .arithmetic = set.arithmetic};
    const std::vector<float> want = answers_of(Model::create(desc, options));
    EXPECT_TRUE(same_bits(answers_of(packed.model(options)), want)) << set.isa << arithmetic_name(set.arithmetic);
    EXPECT_TRUE(same_bits(answers_of(plain.model(options)), want)) << set.isa << arithmetic_name(set.arithmetic);
  }
}

TEST(PackTrip, EveryLayer) { expect_same(every_layer().desc(), all_sets()); }
TEST(PackTrip, EveryConvolution) { expect_same(every_convolution().desc(), all_sets()); }
TEST(PackTrip, RandomNetworks) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) expect_same(random_network(seed).desc(), {{"", Arithmetic::fast}});
}
TEST(PackTrip, GoldenFiles) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kGoldenFolder)) {
    if (entry.path().extension() != ".h5") continue;
    SCOPED_TRACE(entry.path());
    expect_same(load_keras(entry.path().string()), all_sets());
    ++files;
  }
  EXPECT_GE(files, 8);
}

TEST(PackTrip, TheDemoModelThroughAFile) {
  if (!std::filesystem::exists(kDemoModel)) GTEST_SKIP() << "there is no weights/demo.h5";
  const Folder folder;
  const ModelDesc desc = load_keras(kDemoModel);
  const std::vector<PackedSet> sets{{available_isas().front(), Arithmetic::fast},
                                    {available_isas().front(), Arithmetic::direct}};
  const std::string path = folder.write("demo.fovea", pack_bytes(desc, sets, "{\"card\": 1}"));
  const PackFile mapped(path), read(path, {.map = false, .verify = true});
  EXPECT_EQ(mapped.card(), "{\"card\": 1}");
  for (const PackedSet& set : sets) {
    const ModelOptions options{.isa = set.isa, .arithmetic = set.arithmetic};
    const auto from_keras = load_model(kDemoModel, options);
    const std::vector<float> want = answers_of(from_keras);
    EXPECT_TRUE(same_bits(answers_of(load_model(path, options)), want));
    EXPECT_TRUE(same_bits(answers_of(mapped.model(options)), want));
    EXPECT_TRUE(same_bits(answers_of(read.model(options)), want));
    EXPECT_EQ(mapped.model(options)->provenance().sha256, from_keras->provenance().sha256);
  }
  EXPECT_EQ(mapped.desc().provenance.format, "pack of keras-h5");
}

TEST(PackTrip, TheSameBytesEveryTime) {
  const ModelDesc desc = every_layer().desc();
  const std::string bytes = pack_bytes(desc, all_sets());
  EXPECT_EQ(pack_bytes(desc, all_sets()), bytes);
  EXPECT_EQ(pack_bytes(open_pack(bytes).desc(), all_sets()), bytes);
}

// Were they packed anew, nobody would see the change.
TEST(PackTrip, PackedWeightsAreReadWhereTheyLie) {
  ModelBuilder net({6, 6, 16});
  net.conv({.filters = 32});
  std::string bytes = pack_bytes(net.desc(), {{"", Arithmetic::fast}});
  const auto before = answers_of(open_pack(bytes).model());
  const float changed = 77;
  std::memcpy(bytes.data() + bytes.size() / 4096 * 4096, &changed, sizeof changed);
  EXPECT_FALSE(same_bits(answers_of(open_pack(bytes).model()), before));
  EXPECT_TRUE(same_bits(answers_of(open_pack(bytes).model({.arithmetic = Arithmetic::direct})), before));
  EXPECT_TRUE(contains(keras_test::error_of("memory", [&] { open_pack(bytes, {.verify = true}); }),
                       "packed: checksum does not fit"));
}

TEST(PackTrip, OtherSizesArePackedAnew) {
  ModelBuilder net({20, 20, 3}), larger({33, 21, 3});
  for (ModelBuilder* one : {&net, &larger}) {
    one->conv({.filters = 32, .kh = 3, .kw = 3, .same = true});
    one->conv({.filters = 32, .kh = 3, .kw = 3, .same = true});
    one->add("GlobalAveragePooling2D");
  }
  const PackFile file = open_pack(pack_bytes(net.desc(), all_sets()));
  for (const PackedSet& set : all_sets()) {
    const ModelOptions options{.isa = set.isa, .arithmetic = set.arithmetic, .resizable = true};
    const auto resized = file.model(options)->resized({{33, 21, 3}});
    EXPECT_TRUE(same_bits(answers_of(resized), answers_of(Model::create(larger.desc(), options))));
  }
}

TEST(PackTrip, FromMemoryAndAStream) {
  const ModelDesc desc = every_convolution().desc();
  std::string bytes = pack_bytes(desc, all_sets());
  std::istringstream stream(bytes);
  const auto streamed = load_model(stream, "stream");
  const auto want = answers_of(Model::create(desc));
  EXPECT_TRUE(same_bits(answers_of(streamed), want));
  const auto copied = load_model(std::as_bytes(std::span(bytes)), "memory");
  bytes.assign(bytes.size(), 'x');  // it was needed during the call only
  EXPECT_TRUE(same_bits(answers_of(copied), want));
  EXPECT_EQ(copied->provenance().file, "memory");
}

TEST(PackTrip, AModelOutlivesItsFile) {
  const Folder folder;
  const ModelDesc desc = every_convolution().desc();
  const std::string path = folder.write("m.fovea", pack_bytes(desc, all_sets()));
  const auto model = load_model(path, {.resizable = true});
  std::filesystem::remove(path);
  EXPECT_TRUE(same_bits(answers_of(model), answers_of(Model::create(desc))));
}

TEST(PackTrip, WhatCannotRunOrIsNotFiniteIsNotWritten) {
  ModelBuilder net({4, 4, 1});
  net.conv({.filters = 2});
  ModelBuilder unknown({4, 4, 1});
  unknown.add("NoSuchLayer");
  for (const std::vector<PackedSet>& sets : {std::vector<PackedSet>{}, all_sets()}) {
    EXPECT_THROW(pack_bytes(unknown.desc(), sets), UnsupportedError);
    ModelBuilder nan({1, 1, 1});
    nan.add("Conv2D", {{"filters", value(1)}, {"kernel_size", pair(1, 1)}, {"use_bias", value(false)}},
            {weight("kernel", {1, 1, 1, 1}, {NAN})});
    EXPECT_THROW(pack_bytes(nan.desc(), sets), Error);
  }
  EXPECT_THROW(pack_bytes(net.desc(), {{"no such", Arithmetic::fast}}), Error);
}

}  // namespace
}  // namespace fovea::test
