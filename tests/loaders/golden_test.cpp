// Golden files: tiny Keras models with the outputs Keras computed in float64 (tests/keras/golden/make_golden.py). They
// stand in for Keras itself where it cannot be installed, and need no network.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <fovea/keras.h>
#include <fovea/version.h>

namespace fovea {
namespace {

namespace fs = std::filesystem;

// Largest error allowed, relative to the largest output: rounding stays an order of magnitude below it, and whatever
// else goes wrong in a network lies orders above.
constexpr double kTolerance = 1e-5;

fs::path folder() { return fs::path(FOVEA_SOURCE_DIR) / "tests" / "keras" / "golden"; }

template <class T>
std::vector<T> read_numbers(const std::string& name) {
  std::ifstream in(folder() / name, std::ios::binary);
  std::vector<T> numbers(fs::file_size(folder() / name) / sizeof(T));
  in.read(reinterpret_cast<char*>(numbers.data()), static_cast<std::streamsize>(numbers.size() * sizeof(T)));
  EXPECT_TRUE(in) << name;
  return numbers;
}

/// Largest difference relative to the largest output; infinite for NaN or another number of outputs.
double relative_error(const std::vector<float>& got, const std::vector<double>& want) {
  double error = 0, largest = 0;
  if (got.size() != want.size()) return INFINITY;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!std::isfinite(got[i])) return INFINITY;
    error = std::max(error, std::abs(static_cast<double>(got[i]) - want[i]));
    largest = std::max(largest, std::abs(want[i]));
  }
  return largest > 0 ? error / largest : INFINITY;
}

std::vector<float> run(const std::string& name, const std::string& isa, const std::vector<float>& input) {
  Session session(load_model((folder() / (name + ".h5")).string(), {.isa = isa}), {.max_batch = 1, .threads = 1});
  const std::size_t size = session.input().size();
  std::vector<float> outputs;
  for (std::size_t at = 0; at + size <= input.size(); at += size) {
    std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(at), size, session.input().begin());
    session.run();
    const auto output = session.output();
    outputs.insert(outputs.end(), output.begin(), output.end());
  }
  return outputs;
}

std::vector<std::string> model_names() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder())) {
    if (entry.path().extension() == ".h5") names.insert(entry.path().stem().string());
  }
  return {names.begin(), names.end()};
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, AsKerasInDouble) {
  const auto input = read_numbers<float>(GetParam() + ".input.f32");
  const auto want = read_numbers<double>(GetParam() + ".output.f64");
  for (const std::string& isa : available_isas()) {
    EXPECT_LE(relative_error(run(GetParam(), isa, input), want), kTolerance) << isa;
  }
}

TEST_P(Golden, WrongAnswersAreNoticed) {
  auto input = read_numbers<float>(GetParam() + ".input.f32");
  const auto want = read_numbers<double>(GetParam() + ".output.f64");
  std::vector<float> wrong(want.begin(), want.end());
  EXPECT_LE(relative_error(wrong, want), kTolerance);
  const double largest = std::abs(
      *std::max_element(want.begin(), want.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
  wrong.back() += static_cast<float>(4 * kTolerance * largest);
  EXPECT_GT(relative_error(wrong, want), kTolerance);
  wrong.back() = NAN;
  EXPECT_GT(relative_error(wrong, want), kTolerance);
  // An input read one value too late is another picture.
  std::rotate(input.begin(), input.begin() + 1, input.end());
  EXPECT_GT(relative_error(run(GetParam(), "", input), want), 10 * kTolerance);
}

INSTANTIATE_TEST_SUITE_P(Models, Golden, testing::ValuesIn(model_names()), [](const auto& test) { return test.param; });

TEST(GoldenFiles, AreThere) { EXPECT_GE(model_names().size(), 8U); }

}  // namespace
}  // namespace fovea
