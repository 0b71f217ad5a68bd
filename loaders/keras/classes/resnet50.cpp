// Builds ResNet50 v1: bottlenecks with the stride in the first 1x1 convolution.
#include "loaders/keras/classes/resnet50.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "loaders/keras/json/access.h"

namespace fovea::keras {
namespace {

Attribute real(double value) { return Attribute::Value(value); }
Attribute pair(std::int64_t value) { return list({number(value), number(value)}); }

/// Collects layers; each member adds one and returns its name.
class ResNet50Builder {
 public:
  explicit ResNet50Builder(double epsilon) : epsilon_(epsilon) {}

  std::string input(std::int64_t side, const std::string& name) {
    return add("InputLayer", name, {}, {{"shape", list({number(side), number(side), number(3)})}});
  }
  std::string pad(const std::string& from, std::int64_t size, const std::string& name) {
    return add("ZeroPadding2D", name, {from}, {{"padding", list({pair(size), pair(size)})}});
  }
  std::string conv(const std::string& from, std::int64_t filters, std::int64_t kernel, std::int64_t stride,
                   const char* padding, const std::string& name) {
    return add("Conv2D", name, {from},
               {{"filters", number(filters)},
                {"kernel_size", pair(kernel)},
                {"strides", pair(stride)},
                {"padding", text(padding)},
                {"activation", text("linear")},
                {"use_bias", flag(true)}});
  }
  std::string norm(const std::string& from, const std::string& name) {
    return add("BatchNormalization", name, {from},
               {{"axis", number(3)}, {"epsilon", real(epsilon_)}, {"center", flag(true)}, {"scale", flag(true)}});
  }
  std::string relu(const std::string& from, const std::string& name) {
    return add("Activation", name, {from}, {{"activation", text("relu")}});
  }
  std::string max_pool(const std::string& from, const std::string& name) {
    return add("MaxPooling2D", name, {from},
               {{"pool_size", pair(3)}, {"strides", pair(2)}, {"padding", text("valid")}});
  }
  std::string sum(const std::string& a, const std::string& b, const std::string& name) {
    return add("Add", name, {a, b}, {});
  }
  std::string classifier(const std::string& from, const std::string& name) {
    const std::string pooled = add("GlobalAveragePooling2D", "avg_pool", {from}, {});
    return add("Dense", name, {pooled},
               {{"units", number(1000)}, {"activation", text("softmax")}, {"use_bias", flag(true)}});
  }

  Architecture model(const std::string& from, const std::string& to) {
    result_.name = "resnet50";
    result_.inputs = {from};
    result_.outputs = {to};
    return std::move(result_);
  }

 private:
  std::string add(const char* class_name, const std::string& name, std::vector<std::string> from,
                  AttributeMap attributes) {
    attributes.emplace("name", text(name));
    result_.layers.push_back({name, class_name, {result_.nodes.size()}});
    result_.nodes.push_back({class_name, name, name, std::move(attributes), std::move(from), true});
    return name;
  }

  double epsilon_;
  Architecture result_;
};

struct Stage {
  int number, blocks;
  std::int64_t filters, stride;
};
constexpr std::array<Stage, 4> kStages = {{{2, 3, 64, 1}, {3, 4, 128, 2}, {4, 6, 256, 2}, {5, 3, 512, 2}}};

std::string block(ResNet50Builder& b, const std::string& in, const Stage& stage, bool first, const std::string& name) {
  const std::int64_t stride = first ? stage.stride : 1;
  std::string shortcut = in;
  if (first) {
    shortcut = b.conv(in, 4 * stage.filters, 1, stride, "valid", name + "_0_conv");
    shortcut = b.norm(shortcut, name + "_0_bn");
  }
  std::string x = b.conv(in, stage.filters, 1, stride, "valid", name + "_1_conv");
  x = b.relu(b.norm(x, name + "_1_bn"), name + "_1_relu");
  x = b.conv(x, stage.filters, 3, 1, "same", name + "_2_conv");
  x = b.relu(b.norm(x, name + "_2_bn"), name + "_2_relu");
  x = b.norm(b.conv(x, 4 * stage.filters, 1, 1, "valid", name + "_3_conv"), name + "_3_bn");
  return b.relu(b.sum(shortcut, x, name + "_add"), name + "_out");
}

std::string old_block(ResNet50Builder& b, const std::string& in, const Stage& stage, bool first,
                      const std::string& name, int& relus, int& sums) {
  const std::int64_t stride = first ? stage.stride : 1;
  const auto next_relu = [&](const std::string& from) { return b.relu(from, "activation_" + std::to_string(++relus)); };
  const std::string conv = "res" + name + "_branch";
  const std::string norm = "bn" + name + "_branch";
  std::string x = b.conv(in, stage.filters, 1, stride, "valid", conv + "2a");
  x = next_relu(b.norm(x, norm + "2a"));
  x = b.conv(x, stage.filters, 3, 1, "same", conv + "2b");
  x = next_relu(b.norm(x, norm + "2b"));
  x = b.norm(b.conv(x, 4 * stage.filters, 1, 1, "valid", conv + "2c"), norm + "2c");
  std::string shortcut = in;
  if (first) shortcut = b.norm(b.conv(in, 4 * stage.filters, 1, stride, "valid", conv + "1"), norm + "1");
  return next_relu(b.sum(x, shortcut, "add_" + std::to_string(++sums)));
}

}  // namespace

Architecture resnet50(std::int64_t side, bool top) {
  ResNet50Builder b(1.001e-5);
  const std::string in = b.input(side, "input_1");
  std::string x = b.conv(b.pad(in, 3, "conv1_pad"), 64, 7, 2, "valid", "conv1_conv");
  x = b.relu(b.norm(x, "conv1_bn"), "conv1_relu");
  x = b.max_pool(b.pad(x, 1, "pool1_pad"), "pool1_pool");
  for (const Stage& stage : kStages) {
    for (int i = 1; i <= stage.blocks; ++i) {
      x = block(b, x, stage, i == 1, "conv" + std::to_string(stage.number) + "_block" + std::to_string(i));
    }
  }
  if (top) x = b.classifier(x, "predictions");
  return b.model(in, x);
}

Architecture old_resnet50(std::int64_t side, bool top) {
  ResNet50Builder b(1e-3);
  int relus = 1;
  int sums = 0;
  const std::string in = b.input(side, "input_1");
  std::string x = b.conv(b.pad(in, 3, "conv1_pad"), 64, 7, 2, "valid", "conv1");
  x = b.relu(b.norm(x, "bn_conv1"), "activation_1");
  x = b.max_pool(b.pad(x, 1, "pool1_pad"), "max_pooling2d_1");
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.blocks; ++i) {
      const std::string name = std::to_string(stage.number) + static_cast<char>('a' + i);
      x = old_block(b, x, stage, i == 0, name, relus, sums);
    }
  }
  if (top) x = b.classifier(x, "fc1000");
  return b.model(in, x);
}

}  // namespace fovea::keras
