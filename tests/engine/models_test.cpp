// Models from files on every instruction set: the golden ones against the oracle, and the oracle against what Keras
// said of them in float64 (tests/keras/golden); the demo model, deep and trained, against itself.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <fovea/keras.h>
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(FOVEA_SOURCE_DIR) / "tests" / "keras" / "golden";
const fs::path kDemo = fs::path(FOVEA_SOURCE_DIR) / "weights" / "demo.h5";

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    if (entry.path().extension() == ".h5") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

template <class T>
std::vector<T> read_numbers(const std::string& file) {
  std::ifstream in(kGolden / file, std::ios::binary);
  std::vector<T> numbers(fs::file_size(kGolden / file) / sizeof(T));
  in.read(reinterpret_cast<char*>(numbers.data()), static_cast<std::streamsize>(numbers.size() * sizeof(T)));
  EXPECT_TRUE(in) << file;
  return numbers;
}

ModelDesc golden(const std::string& name) { return load_keras((kGolden / (name + ".h5")).string()); }

std::vector<std::vector<float>> golden_images(const std::string& name, std::size_t size) {
  const std::vector<float> all = read_numbers<float>(name + ".input.f32");
  std::vector<std::vector<float>> images;
  for (std::size_t at = 0; at + size <= all.size(); at += size)
    images.emplace_back(all.data() + at, all.data() + at + size);
  return images;
}

TEST(GoldenModels, AreThere) { EXPECT_GE(golden_names().size(), 8u); }

TEST(GoldenModels, OracleSaysWhatKerasSays) {
  for (const std::string& name : golden_names()) {
    SCOPED_TRACE(name);
    const ModelDesc desc = golden(name);
    const std::vector<double> want = read_numbers<double>(name + ".output.f64");
    std::vector<double> got;
    for (const auto& image :
         golden_images(name, static_cast<std::size_t>(Model::create(desc)->input_shape().elements()))) {
      for (const Ref& r : oracle(desc, image)) got.push_back(r.value);
    }
    ASSERT_EQ(got.size(), want.size());
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-9);
  }
}

class Models : public KernelTest {};
FOVEA_EVERY_TABLE(Models);

TEST_P(Models, GoldenOnesStayWithinTheOraclesBounds) {
  for (const std::string& name : golden_names()) {
    const ModelDesc desc = golden(name);
    const auto images = golden_images(name, static_cast<std::size_t>(Model::create(desc)->input_shape().elements()));
    for (const Arithmetic arithmetic : {Arithmetic::direct, Arithmetic::fast}) {
      for (const bool optimise : {false, true}) {
        SCOPED_TRACE(name + (optimise ? " with passes, " : " without passes, ") + arithmetic_name(arithmetic));
        Graph graph(desc);
        optimise ? run_passes(graph) : assign_layouts(graph);
        const auto got = GraphRunner(std::move(graph), table(), arithmetic).run(images);
        for (std::size_t i = 0; i < images.size(); ++i) {
          EXPECT_TRUE(all_close(got[i], oracle(desc, images[i], arithmetic)));
        }
      }
    }
  }
}

// Probabilities of one image of noise, as the second of a batch of two or alone.
std::vector<float> demo(const std::string& isa, Arithmetic arithmetic, int threads, int batch) {
  Session session(load_model(kDemo.string(), {.isa = isa, .arithmetic = arithmetic}),
                  {.max_batch = batch, .threads = threads});
  for (int i = 0; i < batch; ++i) {
    Random random(test_seed() + static_cast<std::uint32_t>(batch - i));
    for (float& x : session.input(i)) x = random.real(0, 1);
  }
  session.run(batch);
  const auto output = session.output(batch - 1);
  return {output.begin(), output.end()};
}

TEST_P(Models, DemoModelGivesTheSameBitsHoweverItRuns) {
  if (!fs::exists(kDemo)) GTEST_SKIP() << "there is no weights/demo.h5";
  const std::string isa = isa_name(table().isa);
  for (const Arithmetic arithmetic : {Arithmetic::direct, Arithmetic::fast}) {
    const std::vector<float> want = demo(isa, arithmetic, 1, 1);
    EXPECT_NEAR(std::accumulate(want.begin(), want.end(), 0.0), 1, 1e-6);
    EXPECT_TRUE(same_bits(demo(isa, arithmetic, 3, 2), want));
    if (isa == "avx2" && find_table("avx512") != nullptr) {
      EXPECT_TRUE(same_bits(demo("avx512", arithmetic, 1, 1), want));
    }
    if (find_table("portable") == nullptr) continue;
    const std::vector<float> portable = demo("portable", Arithmetic::direct, 1, 1);
    for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(want[i], portable[i], 1e-4);
  }
}

}  // namespace
}  // namespace fovea::test
