// What a host program passes in from memory is checked where it enters: pictures that are none, steps and numbers that
// no card may have.
#include <cstdlib>
#include <limits>

#include <fovea/prepare.h>
#include <fovea/version.h>
#include "tests/pictures/files.h"

namespace fovea::image_test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

std::string error_of_steps(const std::vector<ImageStep>& steps, int width = 8, int height = 8) {
  Preprocessing preprocessing;
  preprocessing.steps = steps;
  return error_of([&] { apply_steps(to_image(noise(12, 9)), preprocessing, width, height); });
}

// The environment counts where the caller names no instruction set, and only there.
TEST(ImageEntry, TheCallerSaysWhichInstructionSet) {
  Preprocessing preprocessing;
  preprocessing.steps = {GaussianContrast{}, Resize{}};
  const Image image = to_image(noise(31, 27));
  const Bytes want = apply_steps(image, preprocessing, 8, 8).pixels;
  const char* before = std::getenv("FOVEA_ISA");
  const std::string kept = before != nullptr ? before : "";
  setenv("FOVEA_ISA", "mmx", 1);
  for (const std::string& isa : available_isas()) {
    EXPECT_EQ(apply_steps(image, preprocessing, 8, 8, isa).pixels, want) << isa;
  }
  for (const std::string isa : {"", "mmx"}) {
    const std::string error = error_of([&] { apply_steps(image, preprocessing, 8, 8, isa); });
    EXPECT_EQ(error.rfind("instruction set 'mmx' is unknown", 0), 0u) << error;
  }
  EXPECT_NE(error_of([&] { apply_steps(image, preprocessing, 8, 8); }).find("'mmx' is unknown"), std::string::npos);
  setenv("FOVEA_ISA", available_isas().front().c_str(), 1);
  EXPECT_NE(error_of([&] { apply_steps(image, preprocessing, 8, 8, "sse9"); }).find("'sse9'"), std::string::npos);
  before != nullptr ? setenv("FOVEA_ISA", kept.c_str(), 1) : unsetenv("FOVEA_ISA");
}

TEST(ImageEntry, PicturesThatAreNone) {
  Preprocessing preprocessing;
  preprocessing.steps = {CropGrey{}, CropCircle{}, GaussianContrast{}, Resize{}};
  std::vector<float> out(3 * 64);
  for (const Image& image :
       {Image{}, Image{4, 4, {}}, Image{4, 4, Bytes(47)}, Image{4, 4, Bytes(49)}, Image{-4, -4, Bytes(48)},
        Image{0, 4, {}}, Image{std::numeric_limits<int>::max(), std::numeric_limits<int>::max(), Bytes(3)},
        Image{1 << 30, 4, Bytes(12)}, Image{1 << 21, 1, Bytes(3 << 21)}}) {
    const std::string what = std::to_string(image.width) + "x" + std::to_string(image.height);
    const std::string error = error_of([&] { apply_steps(image, preprocessing, 8, 8); });
    EXPECT_EQ(error.rfind("the picture ", 0), 0U) << what << ": " << error;
    EXPECT_EQ(error_of([&] { normalise(image, {}, out.data()); }), error) << what;
    EXPECT_EQ(error_of([&] { encode_png(image); }), error) << what;
    EXPECT_EQ(error_of([&] { write_png(image, "/nowhere/a.png"); }), error) << what;
  }
  EXPECT_EQ(error_of([&] { decode_image(nullptr, 100, "a"); }), "a: file is empty");
  EXPECT_EQ(error_of([&] {
              normalise(Image{1, 1, Bytes(3)}, {}, nullptr);
            }),
            "there is no place for the network's input");
}

TEST(ImageEntry, StepsThatNoCardHas) {
  for (const double sigma : {kNan, kInfinite, -kInfinite, 0.0, -1.0, 1e9, 501.0}) {
    EXPECT_NE(error_of_steps({GaussianContrast{sigma, 4, -4, 128}, Resize{}}).find("steps[0].sigma"), std::string::npos)
        << sigma;
  }
  for (const double bad : {kNan, kInfinite, -kInfinite, 1e9}) {
    EXPECT_NE(error_of_steps({Resize{}, GaussianContrast{1, bad, -4, 128}}).find("steps[1].weight"), std::string::npos);
    EXPECT_NE(error_of_steps({GaussianContrast{1, 4, bad, 128}, Resize{}}).find("blur_weight"), std::string::npos);
    EXPECT_NE(error_of_steps({GaussianContrast{1, 4, -4, bad}, Resize{}}).find("offset"), std::string::npos);
  }
  for (const int side : {-1, 16385, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
    EXPECT_NE(error_of_steps({Resize{side, 8, Interpolation::area}}).find("steps[0].width"), std::string::npos) << side;
    EXPECT_NE(error_of_steps({Resize{8, side, Interpolation::area}}).find("steps[0].height"), std::string::npos);
    EXPECT_NE(error_of_steps({Resize{}}, side, 8).find("a network does not take"), std::string::npos) << side;
    EXPECT_NE(error_of_steps({Resize{}}, 8, side).find("a network does not take"), std::string::npos) << side;
  }
  EXPECT_NE(error_of_steps({Resize{0, 8, Interpolation::area}}).find("steps[0].width"), std::string::npos);
  EXPECT_NE(error_of_steps({Resize{8, 8, static_cast<Interpolation>(77)}}).find("interpolation"), std::string::npos);
  for (const int tolerance : {-1, 256, std::numeric_limits<int>::min()}) {
    EXPECT_NE(error_of_steps({CropGrey{tolerance}, Resize{}}).find("tolerance"), std::string::npos) << tolerance;
  }
  EXPECT_NE(error_of_steps(std::vector<ImageStep>(33, CropCircle{})).find("more than 32 steps"), std::string::npos);
  EXPECT_EQ(error_of_steps({CropGrey{}, GaussianContrast{}, Resize{}}), "no error");
}

TEST(ImageEntry, NumbersThatNoCardHas) {
  const Image pixel{1, 1, Bytes(3, 100)};
  std::array<float, 3> out{};
  const auto error_for = [&](const Normalise& numbers) {
    const std::string error = error_of([&] { normalise(pixel, numbers, out.data()); });
    EXPECT_EQ(error_of([&] { input_range(numbers); }), error);
    return error;
  };
  for (const double bad : {kNan, kInfinite, 0.0, 1e9}) {
    EXPECT_NE(error_for({false, bad, {0, 0, 0}, {1, 1, 1}}).find("preprocessing.scale"), std::string::npos) << bad;
    EXPECT_NE(error_for({false, 1, {0, 0, 0}, {1, bad, 1}}).find("preprocessing.std[1]"), std::string::npos) << bad;
  }
  EXPECT_NE(error_for({false, 1, {0, 0, kNan}, {1, 1, 1}}).find("preprocessing.mean[2]"), std::string::npos);
  EXPECT_EQ(error_for({}), "no error");
}

TEST(ImageEntry, DecisionsThatNoCardHas) {
  const std::array<float, 3> outputs{0.1F, 0.7F, 0.2F};
  Decision decision;
  EXPECT_EQ(error_of([&] { decide(decision, nullptr, 3); }), "there are no outputs to decide by");
  EXPECT_NE(error_of([&] { decide(decision, outputs.data(), 0); }), "no error");
  EXPECT_NE(error_of([&] { decide(decision, outputs.data(), -3); }), "no error");
  for (const std::vector<int>& grades : {std::vector<int>{0, 1, 3}, {0, -1, 2}, {0, 1, 1}}) {
    decision.grades = grades;
    EXPECT_NE(error_of([&] { decide(decision, outputs.data(), 3); }).find("decision.grades"), std::string::npos);
  }
}

}  // namespace
}  // namespace fovea::image_test
