// Packing of padded strips and layout conversion against the reference: values are moved, so every bit must match.
#include "kernels/reference/pack.h"

#include <vector>

#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

class PackRowsTest : public KernelTest {
 protected:
  // Packs one strip and compares every stored value; places past the last column are zero.
  void check(fovea::PackRowsArgs p, bool planar) {
    SCOPED_TRACE(testing::Message() << (planar ? "planar" : "c16") << " h " << p.h << " w " << p.w << " groups "
                                    << p.groups << " y0 " << p.y0 << " row_step " << p.row_step << " x0 " << p.x0
                                    << " rows " << p.rows << " cols " << p.cols << " phases " << p.phases << " keep "
                                    << p.keep_phases);
    const int lanes = planar ? 1 : 16;
    const int places = reference::places(p);
    Buffer in(static_cast<std::int64_t>(p.groups) * p.h * p.w * lanes);
    Buffer out(static_cast<std::int64_t>(p.groups) * p.rows * p.keep_phases * places * lanes);
    random().fill(in.values());
    p.in = in.data();
    p.out = out.data();
    std::vector<float> want;
    for (int group = 0; group < p.groups; ++group) {
      for (int row = 0; row < p.rows; ++row) {
        for (int phase = 0; phase < p.keep_phases; ++phase) {
          for (int place = 0; place < places; ++place) {
            for (int lane = 0; lane < lanes; ++lane) want.push_back(value(p, planar, group, row, phase, place, lane));
          }
        }
      }
    }
    (planar ? table().pack.rows_f32_planar : table().pack.rows_f32_c16)(p);
    ASSERT_TRUE(same_bits(out.values(), want));
    ASSERT_TRUE(out.guards_whole());
  }

  static float value(const fovea::PackRowsArgs& p, bool planar, int group, int row, int phase, int place, int lane) {
    if (place * p.phases + phase >= p.cols) return 0;
    return planar ? reference::pack_rows_f32_planar(p, group, row, phase, place)
                  : reference::pack_rows_f32_c16(p, group, row, phase, place, lane);
  }
};
FOVEA_EVERY_TABLE(PackRowsTest);

TEST_P(PackRowsTest, EveryPhaseStepAndPadding) {
  for (const bool planar : {false, true}) {
    for (int phases = 1; phases <= 4; ++phases) {
      for (int keep = 1; keep <= phases; ++keep) {
        for (int row_step = 1; row_step <= 3; ++row_step) {
          for (const int start : {-7, -3, -1, 0, 2}) {  // -7 and 2: a whole row or column of padding, and none
            for (const int cols : {1, 2, 5, 12, 19}) {
              check({nullptr, 5, 6, 2, start, row_step, start - 1, 4, cols, phases, keep, nullptr}, planar);
            }
          }
        }
      }
    }
  }
}

TEST_P(PackRowsTest, EveryChannelCount) {
  for (int channels = 1; channels <= 67; ++channels) {
    check({nullptr, 3, 4, channels, -1, 1, -1, 5, 6, 2, 2, nullptr}, true);
    check({nullptr, 3, 4, (channels + 15) / 16, -1, 1, -1, 5, 6, 2, 2, nullptr}, false);
  }
}

TEST_P(PackRowsTest, OnePixelFarOutside) {
  for (const bool planar : {false, true}) {
    for (const int start : {-1000, 1000}) check({nullptr, 1, 1, 1, start, 5, start, 3, 3, 3, 2, nullptr}, planar);
    check({nullptr, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, nullptr}, planar);
  }
}

class Layout : public KernelTest {};
FOVEA_EVERY_TABLE(Layout);

TEST_P(Layout, NhwcToC16) {
  for (int channels = 1; channels <= 67; ++channels) {
    for (const int pixels : {1, 2, 17}) {
      const int blocks = (channels + 15) / 16;
      Buffer in(pixels * channels), out(blocks * pixels * 16);
      random().fill(in.values());
      std::vector<float> want;
      for (int b = 0; b < blocks; ++b) {
        for (int p = 0; p < pixels; ++p) {
          for (int lane = 0; lane < 16; ++lane) {
            want.push_back(reference::nhwc_to_c16_f32(in.data(), channels, p, b, lane));
          }
        }
      }
      table().pack.nhwc_to_c16_f32(in.data(), out.data(), pixels, channels);
      ASSERT_TRUE(same_bits(out.values(), want)) << channels << " channels, " << pixels << " pixels";
      ASSERT_TRUE(out.guards_whole());
    }
  }
}

TEST_P(Layout, C16ToNhwc) {
  for (int channels = 1; channels <= 67; ++channels) {
    for (const int pixels : {1, 2, 17}) {
      const int blocks = (channels + 15) / 16;
      Buffer in(blocks * pixels * 16), out(pixels * channels);
      random().fill(in.values());
      std::vector<float> want;
      for (int p = 0; p < pixels; ++p) {
        for (int c = 0; c < channels; ++c) want.push_back(reference::c16_to_nhwc_f32(in.data(), pixels, p, c));
      }
      table().pack.c16_to_nhwc_f32(in.data(), out.data(), pixels, channels);
      ASSERT_TRUE(same_bits(out.values(), want)) << channels << " channels, " << pixels << " pixels";
      ASSERT_TRUE(out.guards_whole());
    }
  }
}

}  // namespace
}  // namespace fovea::test
