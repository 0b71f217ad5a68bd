// Loading, preparing, deciding and explaining give the same bits whatever rounding the calling program has set.
#include <cfenv>
#include <cstdint>
#include <cstring>
#include <functional>

#include <fovea/grad_cam.h>
#include <fovea/keras.h>
#include <fovea/prepare.h>
#include "base/float_mode.h"
#include "tests/grading/card_files.h"

namespace fovea::card_test {
namespace {

std::string bytes_of(const void* data, std::size_t size) { return {static_cast<const char*>(data), size}; }

/// What `compute` gives with each rounding, flushed numbers included, is what it gives without; and that is left alone.
void expect_the_same(const std::function<std::string()>& compute) {
  const std::string expected = compute();
  ASSERT_FALSE(expected.empty());
  for (const int rounding : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    const FloatRegisters before = FloatRegisters::current();
    FloatRegisters::wanted(TinyNumbers::zero).set();
    ASSERT_EQ(std::fesetround(rounding), 0);
    const std::string got = compute();
    const int after = std::fegetround();
    before.set();
    EXPECT_EQ(after, rounding);
    EXPECT_EQ(got, expected) << rounding;
  }
}

Image host_picture() {
  Image image{301, 203, {}};
  std::uint32_t state = 1;
  for (int i = 0; i < 301 * 203 * 3; ++i) {
    state = state * 1664525U + 1013904223U;
    image.pixels.push_back(static_cast<std::uint8_t>(100 + 40 * ((i / 90 + i / 27090) % 2) + (state >> 28)));
  }
  return image;
}

TEST(HostRounding, ChangesNoPixel) {
  const Image image = host_picture();
  for (const char* name : {"gaussian-700", "ben-graham-320", "imagenet-torch"}) {
    expect_the_same([&] {
      const Preprocessing steps = preset_card(name).preprocessing;
      const int side = name[0] == 'b' ? 320 : 700;
      const Image prepared = apply_steps(image, steps, side, side);
      std::vector<float> floats(prepared.pixels.size());
      normalise(prepared, steps.normalise, floats.data());
      return bytes_of(prepared.pixels.data(), prepared.pixels.size()) +
             bytes_of(floats.data(), floats.size() * sizeof(float));
    });
  }
}

TEST(HostRounding, ChangesNoWeight) {
  const std::string model = std::string(FOVEA_SOURCE_DIR) + "/tests/keras/golden/odd_channels.h5";
  expect_the_same([&] {
    Session session(load_model(model), {.threads = 1});
    std::uint32_t state = 7;
    for (float& value : session.input()) {
      state = state * 1664525U + 1013904223U;
      value = static_cast<float>(state >> 8) / static_cast<float>(1 << 24);
    }
    session.run();
    return bytes_of(session.output().data(), session.output().size_bytes());
  });
}

TEST(HostRounding, ChangesNoCardAndNoGrade) {
  const CardFolder folder;
  const std::string path = folder.write("c.json", R"({"fovea_card": 1, "preprocessing": {"steps": [], "channel_order":
    "rgb", "scale": "1/255", "mean": [0.1, 0.2, 0.3], "std": [0.123456789, 0.7, 1.1]}, "decision": {"rule": "corn",
    "outputs": "logits", "threshold": 0.3}})");
  expect_the_same([&] {
    ModelCard card = read_card(path);
    apply_override(card, "scale", "1/3");
    const std::vector<float> outputs{0.3F, 0.2F, 1.7F};
    const std::vector<double> probabilities = grade_probabilities(card.decision, outputs.data(), 3);
    return card.json + bytes_of(probabilities.data(), probabilities.size() * sizeof(double)) +
           std::to_string(decide(card.decision, outputs.data(), 3));
  });
}

TEST(HostRounding, ChangesNoHeat) {
  const auto model = load_model(std::string(FOVEA_SOURCE_DIR) + "/weights/demo.h5");
  const GradCam cam(model);
  Session session(model, {.threads = 1, .keep_last_convolution = true});
  fill_self_test_input(3, model->input_shape(), {0, 1}, session.input());
  session.run();
  expect_the_same([&] {
    std::vector<float> heat(static_cast<std::size_t>(cam.height() * cam.width()));
    cam.map(session, 0, heat);
    return bytes_of(heat.data(), heat.size() * sizeof(float));
  });
}

}  // namespace
}  // namespace fovea::card_test
