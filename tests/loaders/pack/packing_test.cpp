// The packed weights of a network that has each kind of them, by their checksums: where one changes,
// kPackingVersion has to, or pack files of before would be read wrongly.
#include <gtest/gtest.h>

#include <map>
#include <span>

#include <fovea/version.h>
#include "base/checksum64.h"
#include "layers/packed.h"
#include "tests/fuzz/pack_sums.h"
#include "tests/loaders/pack/pack_trip.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

std::uint64_t sum_of(const std::string& bytes) { return checksum64(std::as_bytes(std::span(bytes))); }

// One of each that packs weights, on maps of sizes that take every way. It stays as it is.
ModelBuilder one_of_each() {
  ModelBuilder net({40, 40, 3}, false, 1);
  net.conv({.filters = 40, .kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2});
  net.batch_norm();
  const std::string first = net.relu();
  net.conv({.filters = 64, .kh = 3, .kw = 3, .same = true});
  net.conv({.filters = 64, .kh = 3, .kw = 3, .same = true});
  net.pool("MaxPooling2D", {});
  net.conv({.filters = 64, .kh = 3, .kw = 3, .same = true});
  net.conv({.filters = 48, .kh = 3, .kw = 3, .dilation_y = 2, .dilation_x = 2});
  net.conv({.filters = 48, .kh = 3, .kw = 3, .same = true, .groups = 6});
  net.add("DepthwiseConv2D", {{"kernel_size", pair(3, 3)}},
          {net.random_weight("depthwise_kernel", {3, 3, 48, 1}), net.random_weight("bias", {48})});
  net.add("Conv2DTranspose", {{"filters", value(20)}, {"kernel_size", pair(3, 3)}, {"strides", pair(2, 2)}},
          {net.random_weight("kernel", {3, 3, 20, 48}), net.random_weight("bias", {20})});
  net.add("PReLU", {{"shared_axes", list({value(1), value(2)})}}, {net.random_weight("alpha", {1, 1, 20})});
  net.add("Flatten");
  return net;
}

TEST(Packing, IsThatOfItsVersion) {
  ASSERT_EQ(kPackingVersion, 1U) << "put this version's checksums here";
  const std::map<std::string, std::uint64_t> known{
      {"portable fast", 16091343663416185199u}, {"portable direct", 1978208760586713179u},
      {"avx2 fast", 1292588197795316006u},      {"avx2 direct", 5728013307229119789u},
      {"avx512 fast", 11616912193692180016u},   {"avx512 direct", 5625689223269002388u}};
  ModelBuilder net = one_of_each();
  net.dense(40);
  for (const std::string& isa : available_isas()) {
    for (const Arithmetic arithmetic : {Arithmetic::fast, Arithmetic::direct}) {
      const std::string name = isa + " " + arithmetic_name(arithmetic);
      if (known.count(name) == 0) continue;
      const std::string bytes = pack_bytes(net.desc(), {{isa, arithmetic}});
      std::string sets, packed;
      for (const auto& [kind, part] :
           fuzz::pack_parts({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()})) {
        if (kind == 3) sets = part;
        if (kind == 5) packed = part;
      }
      for (const char* layout : {"conv_f32_planar x", "conv_f32_c16 x", "grouped conv_f32_c16 x", "depthwise_f32_c16",
                                 "prelu_f32", "dense_f32"}) {
        EXPECT_NE(sets.find(layout), std::string::npos) << layout;
      }
      EXPECT_EQ(sets.find("winograd4_f32_c16 x") != std::string::npos, arithmetic == Arithmetic::fast);
      EXPECT_EQ(sets.find("winograd2_f32_c16 x") != std::string::npos, arithmetic == Arithmetic::fast);
      EXPECT_EQ(sum_of(sets + packed), known.at(name)) << name << ": raise kPackingVersion";
    }
  }
}

}  // namespace
}  // namespace fovea::test
