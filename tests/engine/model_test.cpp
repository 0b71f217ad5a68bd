// Model: instruction sets, what it reports, and which weights it refuses.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fovea/version.h>
#include "layers/registry.h"
#include "tests/engine/networks.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

// FOVEA_ISA for one test.
class Environment {
 public:
  explicit Environment(const char* isa) {
    const char* before = std::getenv("FOVEA_ISA");
    if (before != nullptr) before_ = before;
    isa != nullptr ? setenv("FOVEA_ISA", isa, 1) : unsetenv("FOVEA_ISA");
  }
  ~Environment() { before_ ? setenv("FOVEA_ISA", before_->c_str(), 1) : unsetenv("FOVEA_ISA"); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::optional<std::string> before_;
};

ModelDesc small() {
  ModelBuilder net({4});
  net.dense(3);
  return net.desc();
}

std::string error_of(const ModelOptions& options) {
  try {
    Model::create(small(), options);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(ModelIsa, OptionForcesOne) {
  const Environment none(nullptr);
  ASSERT_FALSE(available_isas().empty());
  for (const std::string& isa : available_isas()) {
    const auto model = Model::create(every_layer().desc(), {.isa = isa});
    EXPECT_EQ(model->isa(), isa);
    int kernels = 0;
    for (const LayerReport& layer : model->layers()) {
      if (layer.kernel.empty()) continue;
      EXPECT_EQ(layer.kernel.rfind(isa + "/", 0), 0u) << layer.kernel;
      ++kernels;
    }
    EXPECT_GT(kernels, 5);
  }
}

TEST(ModelIsa, BestIsTheDefault) {
  for (const char* environment : {static_cast<const char*>(nullptr), ""}) {
    const Environment set(environment);
    EXPECT_EQ(Model::create(small())->isa(), available_isas().front());
  }
}

TEST(ModelIsa, EnvironmentForcesOneAndTheOptionWins) {
  for (const std::string& isa : available_isas()) {
    const Environment set(isa.c_str());
    EXPECT_EQ(Model::create(small())->isa(), isa);
    EXPECT_EQ(Model::create(small(), {.isa = available_isas().front()})->isa(), available_isas().front());
  }
}

TEST(ModelIsa, UnknownNamesAreErrorsThatListTheKnown) {
  for (const std::string unknown : {"avx1024", "AVX2", "avx2 ", "neon"}) {
    const std::string by_option = error_of({.isa = unknown});
    const Environment set(unknown.c_str());
    const std::string by_environment = error_of({});
    for (const std::string& what : {by_option, by_environment}) {
      EXPECT_NE(what.find("instruction set '" + unknown + "'"), std::string::npos) << what;
      EXPECT_EQ(what.find('\n'), std::string::npos) << what;
      for (const std::string& isa : available_isas())
        EXPECT_NE(what.find(isa, what.find("available")), std::string::npos) << what;
    }
  }
}

TEST(Model, TellsWhatItIs) {
  ModelBuilder net({9, 9, 16});
  net.conv({.filters = 24, .kh = 3, .kw = 3, .same = true});
  net.batch_norm();
  net.relu();
  net.add("Dropout");
  net.add("GlobalAveragePooling2D");
  net.dense(5, "softmax");
  ModelDesc desc = net.desc();
  desc.name = "little";
  desc.provenance = {.file = "little.h5", .sha256 = "ab", .format = "keras-h5", .keras_version = "3.0"};
  const auto model = Model::create(desc);
  EXPECT_EQ(model->name(), "little");
  EXPECT_EQ(model->provenance().file, "little.h5");
  EXPECT_EQ(model->provenance().sha256, "ab");
  EXPECT_EQ(model->input_shape(), (Shape{9, 9, 16}));
  EXPECT_EQ(model->output_shape(), Shape{5});
  EXPECT_EQ(model->parameters(), 3 * 3 * 16 * 24 + 24 + 4 * 24 + 24 * 5 + 5);

  std::vector<std::string> names;
  for (const LayerReport& layer : model->layers()) names.push_back(layer.name);
  EXPECT_EQ(names, (std::vector<std::string>{"input", "input/to_c16", "layer1", "layer5", "layer6", "layer6/softmax"}));
  const LayerReport& conv = model->layers()[2];
  EXPECT_EQ(conv.class_name, "Conv2D");
  EXPECT_EQ(conv.absorbed, (std::vector<std::string>{"layer2", "layer3", "layer4"}));
  EXPECT_EQ(conv.output, (Shape{9, 9, 24}));
  EXPECT_EQ(conv.macs, 9 * 9 * 24 * 3 * 3 * 16);
  EXPECT_EQ(model->layers()[4].macs, 24 * 5);
}

TEST(Model, ArithmeticIsFastUnlessAskedOtherwise) {
  EXPECT_EQ(Model::create(small())->arithmetic(), Arithmetic::fast);
  const auto winograd = [](Arithmetic arithmetic) {
    const auto model = Model::create(every_convolution().desc(), {.arithmetic = arithmetic});
    EXPECT_EQ(model->arithmetic(), arithmetic);
    return std::ranges::count_if(
        model->layers(), [](const LayerReport& layer) { return layer.kernel.find("winograd") != std::string::npos; });
  };
  EXPECT_EQ(winograd(Arithmetic::direct), 0);
  EXPECT_EQ(winograd(Arithmetic::fast), 4);
}

TEST(Model, WeightsMustBeFiniteUnlessAskedOtherwise) {
  for (const float bad : {kNaN, kInfinity, -kInfinity}) {
    ModelBuilder net({2});
    net.add("Dense", {{"units", value(1)}}, {weight("kernel", {2, 1}, {1, bad}), weight("bias", {1}, {0})});
    expect_error<Error>(net.desc(), {"layer 'layer1' (Dense)", "kernel is not finite at index 1"});
    EXPECT_NO_THROW(Model::create(net.desc(), {.check_finite = false}));
  }
}

TEST(Model, UsesEveryLayerThatThereIs) {
  // The network on which bits, threads and sessions are tested leaves no layer out.
  std::vector<std::string> used;
  for (const NodeDesc& node : every_layer().desc().nodes) used.push_back(node.config.class_name());
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  EXPECT_EQ(used, layer_classes());
}

TEST(Model, HasAVersion) { EXPECT_NE(std::string(version()).find('.'), std::string::npos); }

}  // namespace
}  // namespace fovea::test
