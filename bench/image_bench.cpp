// image-bench: decodes and prepares photographs on one core, each step beside OpenCV's, and compares the pixels.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <utility>
#include <vector>

#include <fovea/error.h>
#include "bench/machine/machine.h"
#include "bench/machine/times.h"
#include "pictures/decode/image.h"
#include "text/text.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/option_group.h"
#include "tools/common/program/process.h"

namespace fovea::bench {
namespace {

constexpr const char* kDescription =
    "Times decoding and the steps of gaussian-700 on one core, each beside OpenCV's, taking turns in one\n"
    "process, and says whether the pixels are the same. The least of many times counts.";

constexpr const char* kFooter = R"(
Example:
  image-bench left_eye.jpeg right_eye.jpeg --repetitions 20
Exit code: 0, 1 if a pixel differs, or 2 for wrong usage or any error.)";

struct Options {
  std::vector<std::string> photographs;
  int repetitions = 9;
  double sigma = 40;
  int side = 700;
};

cv::Mat bgr(const Image& image) {
  // OpenCV has no Mat of const data; it is only read.
  const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
  cv::Mat result;
  cv::cvtColor(rgb, result, cv::COLOR_RGB2BGR);
  return result;
}

bool same_pixels(const Image& image, const cv::Mat& other) {
  return other.cols == image.width && other.rows == image.height && cv::norm(bgr(image), other, cv::NORM_INF) == 0;
}

/// Runs both in turn; prints one row. Returns whether they gave the same pixels.
bool compare(const std::string& step, int repetitions, const std::function<Image()>& ours,
             const std::function<cv::Mat()>& theirs) {
  std::vector<double> our_times, their_times;
  bool same = true;
  for (int i = 0; i <= repetitions; ++i) {  // the first of each is to warm up
    const Stopwatch our_watch;
    const Image image = ours();
    const double our_time = our_watch.milliseconds();
    const Stopwatch their_watch;
    const cv::Mat other = theirs();
    const double their_time = their_watch.milliseconds();
    if (i == 0) {
      same = same_pixels(image, other);
      continue;
    }
    our_times.push_back(our_time);
    their_times.push_back(their_time);
  }
  const double our_best = summary(our_times).min, their_best = summary(their_times).min;
  std::printf("  %-34s %9.1f %9.1f %7.2f  %s\n", step.c_str(), our_best, their_best, their_best / our_best,
              same ? "same" : "DIFFERENT");
  std::fflush(stdout);
  return same;
}

/// A file that is gone when this is.
class TemporaryPng {
 public:
  explicit TemporaryPng(const Image& image) { write_png(image, path_); }
  ~TemporaryPng() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryPng(const TemporaryPng&) = delete;
  TemporaryPng& operator=(const TemporaryPng&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_ =
      (std::filesystem::temp_directory_path() / ("image-bench-" + std::to_string(::getpid()) + ".png")).string();
};

bool compare_decoding(const std::string& step, int repetitions, const std::vector<std::uint8_t>& bytes) {
  return compare(
      step, repetitions, [&] { return decode_image(bytes.data(), bytes.size(), step); },
      [&] { return cv::imdecode(bytes, cv::IMREAD_COLOR); });
}

std::vector<std::uint8_t> png_bytes(const cv::Mat& picture, const std::vector<int>& parameters) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".png", picture, bytes, parameters);
  return bytes;
}

Image run_step(const Image& image, const ImageStep& step, int width, int height) {
  Preprocessing preprocessing;
  preprocessing.steps = {step};
  return apply_steps(image, preprocessing, width, height);
}

bool bench_photograph(const std::string& path, const Options& options) {
  const Image image = read_image(path);
  const cv::Mat other = bgr(image);
  const int n = options.repetitions;
  std::printf("%s: %d x %d, %.1f megapixels\n", tools::printable(path).c_str(), image.width, image.height,
              image.width * 1e-6 * image.height);
  bool same = compare(
      "decode the file", n, [&] { return read_image(path); }, [&] { return cv::imread(path, cv::IMREAD_COLOR); });
  same &= compare_decoding("decode PNG, OpenCV's settings", n, png_bytes(other, {}));
  same &= compare_decoding("decode PNG, all filters, level 6", n, png_bytes(other, {cv::IMWRITE_PNG_COMPRESSION, 6}));
  {
    const TemporaryPng png(image);
    same &= compare(
        "decode PNG, --save-preprocessed's", n, [&] { return read_image(png.path()); },
        [&] { return cv::imread(png.path(), cv::IMREAD_COLOR); });
  }
  const GaussianContrast contrast{options.sigma};
  same &= compare(
      "Gaussian contrast, sigma " + tools::fixed_text(options.sigma, 1), n,
      [&] { return run_step(image, contrast, image.width, image.height); },
      [&] {
        cv::Mat blurred, result;
        cv::GaussianBlur(other, blurred, {}, contrast.sigma);
        cv::addWeighted(other, contrast.weight, blurred, contrast.blur_weight, contrast.offset, result);
        return result;
      });
  same &= compare(
      "cubic resize to " + std::to_string(options.side) + " x " + std::to_string(options.side), n,
      [&] { return run_step(image, Resize{}, options.side, options.side); },
      [&] {
        cv::Mat result;
        cv::resize(other, result, {options.side, options.side}, 0, 0, cv::INTER_CUBIC);
        return result;
      });
  return same;
}

int run(int argc, char** argv) {
  tools::prepare_process();
  Options options;
  CLI::App app(kDescription, "image-bench");
  app.footer(kFooter);
  app.add_option("photographs", options.photographs, "JPEG, PNG, TIFF or BMP files")->type_name("FILE")->required();
  app.add_option("--repetitions", options.repetitions, "timed runs of each step [9]")
      ->type_name("N")
      ->check(CLI::Range(1, 10000).description(""));
  app.add_option("--sigma", options.sigma, "of the Gaussian contrast, in pixels [40]")
      ->type_name("X")
      ->check(CLI::Range(0.5, 100.0).description(""));
  app.add_option("--side", options.side, "of the resized picture, in pixels [700]")
      ->type_name("N")
      ->check(CLI::Range(1, 10000).description(""));
  if (const auto ended = tools::parse_command_line(app, argc, argv, [] {})) return *ended;
  cv::setNumThreads(1);
  std::printf("%s, one core, %s, commit %s, OpenCV %s, %d repetitions\n", cpu_name().c_str(), compiler_name().c_str(),
              commit(), CV_VERSION, options.repetitions);
  std::printf("  %-34s %9s %9s %7s  pixels\n", "least milliseconds", "fovea", "OpenCV", "ratio");
  bool same = true;
  for (const std::string& path : options.photographs) same &= bench_photograph(path, options);
  return same ? tools::kExitOk : tools::kExitPartial;
}

}  // namespace
}  // namespace fovea::bench

int main(int argc, char** argv) {
  try {
    return fovea::bench::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "image-bench: %s\n", e.what());
    return fovea::tools::kExitError;
  }
}
