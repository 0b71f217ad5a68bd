// Models that are no files: bytes and streams give what the file gives, and are as little trusted.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <istream>
#include <random>
#include <sstream>
#include <streambuf>

#include <fovea/keras.h>
#include "tests/loaders/zip_files.h"

namespace fovea {
namespace {

using keras_test::contains;
using keras_test::error_of;

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

// Three files of the small model: legacy, archive, and weights alone with what they need beside them.
class KerasMemory : public testing::Test {
 protected:
  struct Sample {
    std::string path, content;
    KerasOptions options;
  };
  void SetUp() override {
    keras_test::write_small_model(folder_.path("legacy.h5"));
    keras_test::write_small_archive(folder_, folder_.path("archive.keras"));
    keras_test::write_small_state(folder_.path("alone.weights.h5"));
    for (const char* name : {"legacy.h5", "archive.keras", "alone.weights.h5"}) {
      samples_.push_back({folder_.path(name), keras_test::read_bytes(folder_.path(name)), {}});
    }
    samples_.back().options.config_json = keras_test::kSmallConfig;
  }

  keras_test::Folder folder_;
  std::vector<Sample> samples_;
};

void expect_same(const ModelDesc& got, const ModelDesc& want, const std::string& name) {
  EXPECT_EQ(got.provenance.file, name);
  EXPECT_EQ(got.provenance.sha256, want.provenance.sha256);
  EXPECT_EQ(got.provenance.format, want.provenance.format);
  EXPECT_EQ(got.provenance.keras_version, want.provenance.keras_version);
  ASSERT_EQ(got.nodes.size(), want.nodes.size());
  for (std::size_t i = 0; i < got.nodes.size(); ++i) {
    EXPECT_EQ(got.nodes[i].config.name(), want.nodes[i].config.name());
    const auto& a = got.nodes[i].config.weights();
    const auto& b = want.nodes[i].config.weights();
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t w = 0; w < a.size(); ++w) {
      ASSERT_EQ(a[w].shape, b[w].shape);
      EXPECT_TRUE(std::equal(a[w].data.get(), a[w].data.get() + a[w].elements(), b[w].data.get()));
    }
  }
}

TEST_F(KerasMemory, GivesWhatTheFileGives) {
  for (const Sample& sample : samples_) {
    const ModelDesc want = load_keras(sample.path, sample.options);
    std::string copy = sample.content;
    const ModelDesc got = load_keras(bytes_of(copy), "from memory", sample.options);
    std::ranges::fill(copy, 'x');  // no longer needed
    expect_same(got, want, "from memory");
    std::istringstream stream(sample.content);
    expect_same(load_keras(stream, "from a stream", sample.options), want, "from a stream");
    const auto model = load_model(bytes_of(sample.content), "from memory", {}, sample.options);
    EXPECT_EQ(model->output_shape(), Shape({2}));
    EXPECT_EQ(want.provenance.sha256.size(), 64U);
  }
}

// What stands before the model in a stream was somebody else's.
TEST_F(KerasMemory, AStreamIsReadFromWhereItIs) {
  std::istringstream stream("head\n" + samples_[1].content);
  std::string head;
  std::getline(stream, head);
  expect_same(load_keras(stream, "rest"), load_keras(samples_[1].path), "rest");
}

// A name is a name: what lies on disk under it is not looked at.
TEST_F(KerasMemory, NoFileIsLookedForBesideIt) {
  const Sample& weights = samples_[2];
  folder_.write("alone.weights.json", keras_test::kSmallConfig);
  load_keras(weights.path);
  EXPECT_TRUE(contains(error_of(weights.path, [&] { load_keras(bytes_of(weights.content), weights.path); }),
                       "holds weights only"));
}

TEST_F(KerasMemory, TextsInPlaceOfFilesAreCheckedAsTheyAre) {
  const Sample& weights = samples_[2];
  const auto said = [&](KerasOptions options) {
    return error_of("w", [&] { load_keras(bytes_of(weights.content), "w", options); });
  };
  EXPECT_TRUE(contains(said({.config_json = "{"}), "config_json: "));
  EXPECT_TRUE(contains(said({.config_json = R"({"fovea_card": 1})"}), "config_json: a model card"));
  EXPECT_TRUE(contains(said({.architecture = "resnet50", .config_json = keras_test::kSmallConfig}), "given twice"));
  EXPECT_TRUE(contains(said({.config_file = "c.json", .config_json = keras_test::kSmallConfig}), "given twice"));
  EXPECT_TRUE(contains(said({.config_json = std::string((16 << 20) + 1, ' ')}), "larger than 16 MiB"));
  const auto layers = [&](KerasOptions options, const char* place) {
    options.config_json = keras_test::kSmallConfig;
    return error_of(place, [&] { load_keras(bytes_of(weights.content), "w", options); });
  };
  EXPECT_TRUE(contains(layers({.layers_json = "[]"}, "layers_json"), ""));
  EXPECT_TRUE(contains(layers({.layers_json = "{}"}, "layers_json"), "names no layer"));
  EXPECT_TRUE(contains(layers({.layers_file = "l.json", .layers_json = "{}"}, "l.json"), "given twice"));
}

TEST_F(KerasMemory, BadBytesAreErrorsThatNameThem) {
  const auto said = [](const std::string& content) {
    return error_of("m", [&] { load_keras(bytes_of(content), "m"); });
  };
  EXPECT_TRUE(contains(error_of("m", [] { load_keras(std::span<const std::byte>(), "m"); }), "the file is empty"));
  EXPECT_TRUE(contains(said("version https://git-lfs.github.com/spec/v1\n"), "git lfs pull"));
  EXPECT_TRUE(contains(said("PK\x03\x04 nothing"), "zip archive"));
  EXPECT_NE(said("some words"), "no error");
  std::mt19937 random(5);
  for (const Sample& sample : samples_) {
    for (int i = 0; i < 300; ++i) {
      std::string content = sample.content;
      if (i % 2 == 0) content.resize(random() % content.size());
      for (int change = 0; change < i % 5 && !content.empty(); ++change) {
        content[random() % content.size()] = static_cast<char>(random());
      }
      try {
        load_keras(bytes_of(content), "m", sample.options);
      } catch (const Error& error) {
        EXPECT_EQ(std::string(error.what()).rfind("m: ", 0), 0U) << error.what();
      }
    }
  }
}

// A stream that never ends, one that fails, one that throws.
class Endless final : public std::streambuf {
 public:
  enum class End { never, throws };
  explicit Endless(End end) : end_(end) {}

 private:
  int_type underflow() override {
    if (end_ == End::throws && blocks_++ > 3) throw std::runtime_error("the line is down");
    setg(block_, block_, block_ + sizeof block_);
    return traits_type::to_int_type(block_[0]);
  }
  End end_;
  int blocks_ = 0;
  char block_[4096] = {};
};

TEST_F(KerasMemory, BadStreamsAreErrors) {
  const auto said = [](std::istream& stream, const LoadOptions& options) {
    return error_of("s", [&] { load_keras(stream, "s", {}, options); });
  };
  Endless never(Endless::End::never), throws(Endless::End::throws);
  std::istream endless(&never), broken(&throws), nothing(nullptr);
  EXPECT_TRUE(contains(said(endless, {.most_stream_bytes = 1 << 20}), "the stream holds more than 1048576 bytes"));
  EXPECT_TRUE(contains(said(broken, {}), "cannot be read"));
  EXPECT_TRUE(contains(said(nothing, {}), "cannot be read"));
  Endless again(Endless::End::throws);
  std::istream loud(&again);
  loud.exceptions(std::ios::badbit | std::ios::failbit);
  EXPECT_TRUE(contains(said(loud, {}), "cannot be read"));
  std::istringstream empty;
  EXPECT_TRUE(contains(said(empty, {}), "the file is empty"));
  std::istringstream good(samples_[0].content);
  good.exceptions(std::ios::badbit | std::ios::failbit | std::ios::eofbit);
  load_keras(good, "s");
  std::istringstream exact(samples_[0].content), more(samples_[0].content);
  load_keras(exact, "s", {}, {.most_stream_bytes = samples_[0].content.size()});
  EXPECT_TRUE(contains(said(more, {.most_stream_bytes = samples_[0].content.size() - 1}), "holds more than"));
  CancelSource source;
  source.cancel();
  EXPECT_THROW(load_keras(endless, "s", {}, {.cancel = source.token()}), Cancelled);
}

// Told from 0 to 1 over both halves of a load, which ends wherever it is cancelled.
TEST_F(KerasMemory, ALoadIsToldAndCancelled) {
  for (const Sample& sample : samples_) {
    std::vector<double> told;
    const auto tell = [&](double share) { told.push_back(share); };
    load_model(sample.path, {.load = {.progress = tell}}, sample.options);
    ASSERT_GT(told.size(), 5U);
    EXPECT_EQ(told.front(), 0);
    EXPECT_EQ(told.back(), 1);
    EXPECT_TRUE(std::ranges::is_sorted(told));
    EXPECT_NE(std::ranges::find(told, 0.5), told.end());
    for (std::size_t at = 0; at + 1 < told.size(); ++at) {
      CancelSource source;
      std::size_t now = 0;
      const auto cancelling = [&](double) {
        if (now++ == at) source.cancel();
      };
      const LoadOptions load{.cancel = source.token(), .progress = cancelling};
      EXPECT_THROW(load_model(sample.path, {.load = load}, sample.options), Cancelled) << at << " of " << told.size();
    }
  }
}

}  // namespace
}  // namespace fovea
