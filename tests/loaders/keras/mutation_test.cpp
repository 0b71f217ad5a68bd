// Damaged files: whatever bytes are changed or cut off, loading gives a model or an Error, and soon.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstring>
#include <random>

#include <fovea/keras.h>
#include "tests/loaders/keras/models.h"
#include "tests/loaders/zip_files.h"

namespace fovea {
namespace {

using keras_test::Folder;
using keras_test::H5Writer;

// Exit codes of the process that loads; a sanitizer that finds something ends it with 1.
constexpr int kModel = 0, kOther = 2, kError = 3;
constexpr unsigned kSeconds = 60;  // for one small file, on a slow machine under a sanitizer

bool full_run() {
  const char* set = std::getenv("FOVEA_FULL");
  return set != nullptr && std::string(set) == "1";
}

/// `bytes` cut off, with a number overwritten by one that is often wrong, or with some bytes changed.
std::string mutate(std::string bytes, unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  const std::size_t way = below(10);
  if (way == 0) {
    bytes.resize(below(bytes.size()));
  } else if (way < 4) {
    const std::uint64_t numbers[] = {
        0, 1, 0xff, 0xffff, 0x7fffffff, 0xffffffff, ~std::uint64_t{0}, std::uint64_t{1} << 40, bytes.size(), random()};
    std::memcpy(&bytes[below(bytes.size() - 8)], &numbers[below(10)], std::size_t{1} << below(4));
  } else {
    for (std::size_t n = 1 + below(way < 8 ? 3 : 40); n > 0; --n) {
      char& byte = bytes[below(bytes.size())];
      byte = static_cast<char>(way % 2 == 0 ? random() : static_cast<unsigned char>(byte) ^ (1U << below(8)));
    }
  }
  return bytes;
}

/// Loads in a process of its own; "model", "error", or how the process ended.
std::string outcome(const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(kSeconds);
    int code = kModel;
    try {
      load_keras(path);
    } catch (const Error&) {
      code = kError;
    } catch (...) {
      code = kOther;
    }
    _exit(code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return std::string("signal ") + strsignal(WTERMSIG(status));
  if (WEXITSTATUS(status) == kModel) return "model";
  return WEXITSTATUS(status) == kError ? "error" : "exit code " + std::to_string(WEXITSTATUS(status));
}

/// Loads `count` damaged copies of the file.
void try_mutations(const std::string& path, unsigned count) {
  ASSERT_EQ(outcome(path), "model") << "undamaged";
  const Folder folder;
  const std::string bytes = keras_test::read_bytes(path);
  unsigned errors = 0;
  for (unsigned seed = 0; seed < count; ++seed) {
    const std::string result = outcome(folder.write("damaged.h5", mutate(bytes, seed)));
    EXPECT_TRUE(result == "model" || result == "error") << path << ", seed " << seed << ": " << result;
    errors += result == "error";
  }
  // Some damage hits what is not read or only changes a weight; a lot of it must be noticed.
  EXPECT_GT(errors, count / 4);
  EXPECT_LT(errors, count);
}

TEST(KerasMutation, OfAModelOfTodaysFormEndsInAModelOrAnError) {
  const Folder folder;
  const std::string path = folder.path("model.h5");
  {
    const H5Writer writer(path);
    keras_test::write_config(writer, keras_test::kSmallConfig);
    keras_test::write_weights(writer, "model_weights", keras_test::small_layers(), keras_test::Text::variable_ascii);
  }
  try_mutations(path, full_run() ? 20'000 : 400);
}

TEST(KerasMutation, OfAModelOfTheOldFormEndsInAModelOrAnError) {
  const Folder folder;
  const std::string path = folder.path("model.h5");
  keras_test::write_small_model(path);
  try_mutations(path, full_run() ? 20'000 : 400);
}

TEST(KerasMutation, OfAnArchiveEndsInAModelOrAnError) {
  const Folder folder;
  const std::string path = folder.path("model.keras");
  keras_test::write_small_archive(folder, path);
  try_mutations(path, full_run() ? 20'000 : 400);
}

/// The checksums of an archive find nearly all damage; here only the weights inside are damaged, and then packed.
TEST(KerasMutation, OfTheWeightsInAnArchiveEndsInAModelOrAnError) {
  const Folder folder;
  const std::string weights = folder.path("model.weights.h5");
  keras_test::write_small_state(weights);
  const std::string bytes = keras_test::read_bytes(weights);
  const std::string path = folder.path("model.keras");
  unsigned errors = 0;
  const unsigned count = full_run() ? 20'000 : 400;
  for (unsigned seed = 0; seed < count; ++seed) {
    auto members = keras_test::small_members(bytes);
    members.back().second = mutate(bytes, seed);
    keras_test::write_zip(path, members);
    const std::string result = outcome(path);
    EXPECT_TRUE(result == "model" || result == "error") << "seed " << seed << ": " << result;
    errors += result == "error";
  }
  EXPECT_GT(errors, count / 4);
  EXPECT_LT(errors, count);
}

TEST(KerasMutation, OfARealModelEndsInAModelOrAnError) {
  const std::string data = keras_test::shared_data();
  if (data.empty()) GTEST_SKIP() << "no shared data (FOVEA_SHARED_DATA)";
  try_mutations(data + "/models/dl4j_cnn_batch_norm.h5", full_run() ? 20'000 : 400);
}

}  // namespace
}  // namespace fovea
