// Builders of networks.
#include "tests/engine/networks.h"

#include <algorithm>
#include <map>

namespace fovea::test {

namespace {

// What mobile and squeeze-and-excite networks are made of, on a map of 50 channels; returns one of the same shape.
std::string merged(ModelBuilder& net, const std::string& from) {
  net.add("DepthwiseConv2D", {{"kernel_size", pair(3, 3)}, {"padding", value("same")}},
          {net.random_weight("depthwise_kernel", {3, 3, 50, 1}), net.random_weight("bias", {50})}, {from});
  const std::string depthwise = net.add("LeakyReLU");
  net.add("SeparableConv2D", {{"filters", value(50)}, {"kernel_size", pair(3, 3)}, {"padding", value("same")}},
          {net.random_weight("depthwise_kernel", {3, 3, 50, 1}), net.random_weight("pointwise_kernel", {1, 1, 50, 50}),
           net.random_weight("bias", {50})},
          {from});
  const std::string separable = net.add("ELU");
  net.add("GlobalAveragePooling2D", {}, {}, {from});
  const std::string factors = net.add("Reshape", {{"target_shape", list({value(1), value(1), value(50)})}});
  const std::string excited = net.add("Multiply", {}, {}, {depthwise, factors});
  const std::string difference = net.add("Subtract", {}, {}, {excited, separable});
  const std::string most = net.add("Maximum", {}, {}, {difference, from});
  const std::string least = net.add("Minimum", {}, {}, {most, depthwise});
  net.add("Concatenate", {}, {}, {least, from});
  return net.conv({.filters = 50});
}

// Transposed, grouped and one-dimensional convolutions; returns a vector of 37.
std::string rare_convolutions(ModelBuilder& net, const std::string& from) {
  net.add("Conv2DTranspose",
          {{"filters", value(12)}, {"kernel_size", pair(3, 3)}, {"strides", pair(2, 2)}, {"padding", value("same")}},
          {net.random_weight("kernel", {3, 3, 12, net.shape(from).c()}), net.random_weight("bias", {12})}, {from});
  net.add("PReLU", {{"shared_axes", list({value(1), value(2)})}}, {net.random_weight("alpha", {1, 1, 12})});
  net.conv({.filters = 24, .kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2, .same = true, .groups = 4});
  net.add("Reshape", {{"target_shape", list({value(-1), value(24)})}});
  net.add("Conv1D", {{"filters", value(10)}, {"kernel_size", value(3)}, {"strides", value(2)}},
          {net.random_weight("kernel", {3, 24, 10}), net.random_weight("bias", {10})});
  net.add("DepthwiseConv1D", {{"kernel_size", value(3)}, {"padding", value("causal")}},
          {net.random_weight("depthwise_kernel", {3, 10, 1}), net.random_weight("bias", {10})});
  net.add("SeparableConv1D", {{"filters", value(18)}, {"kernel_size", value(3)}, {"padding", value("same")}},
          {net.random_weight("depthwise_kernel", {3, 10, 1}), net.random_weight("pointwise_kernel", {1, 10, 18}),
           net.random_weight("bias", {18})});
  net.add("Conv1DTranspose", {{"filters", value(7)}, {"kernel_size", value(2)}, {"strides", value(2)}},
          {net.random_weight("kernel", {2, 7, 18}), net.random_weight("bias", {7})});
  net.add("ThresholdedReLU", {{"theta", value(-0.5)}});
  return net.dense(37, "linear", true, net.add("Flatten"));
}

// What takes the slow ways: other axes than the channels, slices, and inputs that repeat along one; returns a vector.
std::string over_other_axes(ModelBuilder& net, const std::string& from) {
  const Shape shape = net.shape(from);
  const std::int64_t rows = shape.h();
  net.add(
      "BatchNormalization", {{"axis", value(1)}},
      {net.random_weight("gamma", {rows}), net.random_weight("beta", {rows}), net.random_weight("moving_mean", {rows}),
       weight("moving_variance", {rows}, std::vector<float>(static_cast<std::size_t>(rows), 2))},
      {from});
  const std::string normal = net.add("UnitNormalization", {{"axis", list({value(1), value(3)})}});
  const AttributeMap last_row{{"operation", value("get_item")}, {"slice_spec", list({object({}), value(-1)})}};
  const std::string row = net.add("Operation", last_row, {}, {normal});
  net.add("Reshape", {{"target_shape", list({value(1), value(shape.w()), value(shape.c())})}}, {}, {row});
  net.add("Add", {}, {}, {normal, net.last()});
  net.add("Concatenate", {{"axis", value(1)}}, {}, {net.last(), normal});
  net.add("Operation", {{"operation", value("max")}, {"axis", value(2)}});
  return net.dense(37, "linear", true, net.add("Flatten"));
}

// What newer networks and operations are made of, on a map of 50 channels; returns a vector.
std::string modern(ModelBuilder& net, const std::string& from) {
  const auto weights = [&](std::initializer_list<const char*> names) {
    std::vector<Weight> all;
    for (const char* name : names) all.push_back(net.random_weight(name, {50}));
    return all;
  };
  net.add("LayerNormalization", {{"axis", value(-1)}}, weights({"gamma", "beta"}), {from});
  net.dense(50, "gelu");
  net.add("LayerScale", {{"projection_dim", value(50)}}, weights({"gamma"}));
  net.add("StochasticDepth", {{"drop_path_rate", value(0.1)}});
  const std::string branch = net.add("CustomScaleLayer", {{"scale", value(0.25)}}, {}, {from, net.last()});
  net.add("GroupNormalization", {{"groups", value(5)}}, weights({"gamma", "beta"}));
  net.add("RMSNormalization", {{"axis", value(-1)}}, weights({"scale"}));
  net.add("UnitNormalization", {{"axis", value(-1)}});
  net.add("Average", {}, {}, {branch, net.last(), net.conv({.filters = 1})});
  for (const char* kind : {"SpatialDropout2D",
                           "SpatialDropout1D",
                           "AlphaDropout",
                           "GaussianDropout",
                           "GaussianNoise",
                           "ActivityRegularization",
                           "Identity",
                           "RandomBrightness",
                           "RandomContrast",
                           "RandomFlip",
                           "RandomHeight",
                           "RandomRotation",
                           "RandomTranslation",
                           "RandomWidth",
                           "RandomZoom",
                           "AugMix",
                           "CutMix",
                           "MixUp",
                           "RandAugment",
                           "RandomColorDegeneration",
                           "RandomColorJitter",
                           "RandomElasticTransform",
                           "RandomErasing",
                           "RandomGaussianBlur",
                           "RandomGrayscale",
                           "RandomHue",
                           "RandomInvert",
                           "RandomPerspective",
                           "RandomPosterization",
                           "RandomSaturation",
                           "RandomSharpness",
                           "RandomShear"}) {
    net.add(kind);
  }
  net.add("UpSampling2D", {{"size", pair(2, 1)}, {"interpolation", value("bilinear")}});
  net.add("Cropping2D", {{"cropping", list({pair(1, 0), pair(0, 1)})}});
  net.add("Resizing", {{"height", value(9)}, {"width", value(8)}});
  net.add("Resizing", {{"height", value(7)}, {"width", value(10)}, {"interpolation", value("bicubic")}});
  net.add("RandomCrop", {{"height", value(6)}, {"width", value(9)}, {"inference", value("cover")}});
  net.add("CenterCrop", {{"height", value(4)}, {"width", value(5)}});
  net.add("LayerNormalization", {{"axis", list({value(1), value(2), value(3)})}},
          {net.random_weight("gamma", {4, 5, 50}), net.random_weight("beta", {4, 5, 50})});
  net.add("Permute", {{"dims", list({value(2), value(3), value(1)})}});
  net.add("Operation", {{"operation", value("multiply")}, {"constant", value(0.5)}});
  net.add("Reshape", {{"target_shape", list({value(20), value(50)})}});
  net.add("ZeroPadding1D", {{"padding", value(2)}});
  net.add("MaxPooling1D", {{"pool_size", value(2)}});
  net.add("UpSampling1D", {{"size", value(3)}});
  net.add("AveragePooling1D", {{"pool_size", value(2)}});
  const std::string cropped = net.add("Cropping1D", {{"cropping", value(1)}});
  const std::string likeness = net.add("Dot", {{"axes", value(2)}}, {}, {cropped, cropped});
  const std::string row = net.add("Dot", {{"axes", pair(2, 1)}, {"normalize", value(true)}}, {}, {likeness, cropped});
  const std::string most = net.add("GlobalMaxPooling1D");
  net.add("RepeatVector", {{"n", value(3)}}, {}, {net.add("GlobalAveragePooling1D", {}, {}, {row})});
  return net.add("Add", {}, {}, {net.add("Flatten"), net.dense(150, "hard_sigmoid", true, most)});
}

}  // namespace

ModelBuilder every_layer(std::uint32_t seed) {
  ModelBuilder net({33, 29, 3}, false, seed);
  net.add("Rescaling", {{"scale", value(0.75)}, {"offset", value(0.25)}});
  net.add("Normalization", {{"axis", value(-1)}},
          {weight("mean", {3}, {0.5f, -0.25f, 0}), weight("variance", {3}, {0.25f, 2, 1})});
  net.zero_padding(3, 3, 3, 3);
  net.conv({.filters = 40, .kh = 7, .kw = 7, .stride_y = 2, .stride_x = 2});
  net.batch_norm();
  net.relu();
  net.zero_padding(1, 1, 1, 1);
  const std::string stem = net.pool("MaxPooling2D", {.kh = 3, .kw = 3});
  net.conv({.filters = 20});
  net.batch_norm();
  net.add("Activation", {{"activation", value("relu")}});
  net.conv({.filters = 20, .kh = 3, .kw = 3, .same = true, .activation = "relu"});
  const std::string main = net.batch_norm(net.conv({.filters = 50}));
  const std::string shortcut = net.batch_norm(net.conv({.filters = 50}, stem));
  net.add("Add", {}, {}, {shortcut, main});
  const std::string block = merged(net, net.relu());
  net.batch_norm();
  net.conv({.filters = 33, .kh = 1, .kw = 3, .stride_y = 2, .dilation_x = 2, .same = true, .activation = "sigmoid"});
  net.pool("AveragePooling2D", {.same = true});
  const std::string attention = net.add("Softmax");
  const std::string a = net.dense(37, "relu", true, net.add("GlobalAveragePooling2D", {}, {}, {block}));
  const std::string b = net.dense(37, "linear", false, net.add("GlobalMaxPooling2D", {}, {}, {block}));
  const std::string c = net.dense(37, "linear", true, net.add("Flatten", {}, {}, {attention}));
  const std::string d = rare_convolutions(net, attention);
  const std::string e = net.dense(37, "linear", true, modern(net, block));
  const std::string f = over_other_axes(net, attention);
  net.add("Add", {}, {}, {a, b, c, d, e, f});
  net.batch_norm();
  net.add("ReLU", {{"max_value", value(6.0)}});
  net.add("Dropout", {{"rate", value(0.5)}});
  net.dense(5, "softmax");
  return net;
}

ModelBuilder every_convolution(std::uint32_t seed) {
  ModelBuilder net({45, 43, 3}, false, seed);
  net.batch_norm(net.conv({.filters = 40, .kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2}));
  std::string x = net.relu();
  const auto residual = [&](std::int64_t channels) {
    net.batch_norm(net.conv({.filters = channels, .kh = 3, .kw = 3, .same = true, .bias = false}, x));
    net.relu();
    net.batch_norm(net.conv({.filters = channels, .kh = 3, .kw = 3, .same = true, .bias = false}));
    net.add("Add", {}, {}, {x, net.last()});
    x = net.relu();
  };
  residual(40);  // 22x21: F(4x4,3x3)
  net.zero_padding(1, 1, 0, 2, x);
  net.batch_norm(net.conv({.filters = 72, .kh = 3, .kw = 3, .stride_y = 3, .stride_x = 3}));
  x = net.relu();
  residual(72);  // 7x7: F(2x2,3x3)
  net.conv({.filters = 24, .kh = 7, .kw = 5}, x);
  net.conv({.filters = 24, .kh = 3, .kw = 3, .same = true});  // 1x3: direct
  net.dense(5, "linear", true, net.add("GlobalAveragePooling2D"));
  return net;
}

namespace {

// One random layer on `from` (of shape `shape`).
std::string grow(ModelBuilder& net, Random& random, const std::string& from, const Shape& shape) {
  const bool small = shape.h() < 4 || shape.w() < 4;
  switch (random.integer(0, small ? 6 : 8)) {
    case 0:
      return net.relu(from);
    case 1:
      return net.batch_norm(from);
    case 2:
      return net.add("Dropout", {{"rate", value(0.5)}}, {}, {from});
    case 3:
      return net.add("Activation", {{"activation", value("sigmoid")}}, {}, {from});
    case 4:
      return net.conv({.filters = random.integer(1, 3) * 12, .kh = 1, .kw = 1}, from);
    case 5:
      return net.conv({.filters = shape.c(), .kh = 3, .kw = 3, .same = true}, from);
    case 6:
      return net.zero_padding(random.integer(0, 1), 1, random.integer(0, 1), 0, from);
    case 7:
      return net.pool("MaxPooling2D", {.kh = 3, .kw = 3}, from);
    default:
      return net.pool("AveragePooling2D", {.same = true}, from);
  }
}

}  // namespace

ModelBuilder random_network(std::uint32_t seed) {
  Random random(seed);
  ModelBuilder net({random.integer(5, 12), random.integer(5, 12), random.integer(1, 24)}, false, seed);
  std::vector<std::pair<std::string, Shape>> maps = {{"input", net.input_shape()}};
  std::vector<std::string> unread = {"input"};
  if (seed % 3 == 1) {
    unread.push_back(net.input(net.input_shape()));
    maps.emplace_back(unread.back(), net.input_shape());
  }
  const auto append = [&](const std::string& name, const std::vector<std::string>& read) {
    for (const std::string& r : read) unread.erase(std::remove(unread.begin(), unread.end(), r), unread.end());
    unread.push_back(name);
    maps.emplace_back(name, net.shape(name));
  };
  for (int i = 0; i < 14; ++i) {
    // Mostly from the newest maps, so that the graph grows deep as well as wide.
    const auto pick = [&] {
      return maps.size() - 1 -
             static_cast<std::size_t>(random.integer(0, std::min(4, static_cast<int>(maps.size()) - 1)));
    };
    const auto [from, shape] = maps[pick()];
    std::vector<std::string> alike;
    for (const auto& [name, other] : maps) {
      if (other == shape) alike.push_back(name);
    }
    if (alike.size() > 1 && i % 3 == 2) {
      const std::string other = alike[static_cast<std::size_t>(random.integer(0, static_cast<int>(alike.size()) - 1))];
      append(net.add("Add", {}, {}, {from, other}), {from, other});
    } else {
      append(grow(net, random, from, shape), {from});
    }
  }
  for (std::uint32_t i = 0; i < seed % 5 / 2; ++i) {
    net.output(maps[static_cast<std::size_t>(random.integer(0, static_cast<int>(maps.size()) - 1))].first);
  }
  std::vector<std::string> heads;
  for (const std::string& name : unread)
    heads.push_back(net.dense(7, "linear", true, net.add("GlobalAveragePooling2D", {}, {}, {name})));
  if (heads.size() > 1) net.add("Add", {}, {}, heads);
  return net;
}

}  // namespace fovea::test
