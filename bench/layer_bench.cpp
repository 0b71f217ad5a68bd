// layer-bench: times a network layer by layer, or as a whole, on this machine.
#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <string>

#include <fovea/error.h>
#include "bench/end_to_end.h"
#include "bench/measure.h"
#include "bench/options.h"
#include "bench/report.h"
#include "bench/roofline_plot.h"
#include "text/text.h"
#include "tools/common/drawing/picture_file.h"
#include "tools/common/files/atomic_file.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/process.h"

namespace fovea::bench {
namespace {

// A file asked for, created before anything is measured.
class Output {
 public:
  explicit Output(const std::string& path) {
    if (!path.empty()) file_.emplace(path);
  }
  void publish(const std::string& text) {
    if (!file_) return;
    file_->write(text);
    file_->publish();
  }
  void publish_roofline(const Report& report) {
    if (!file_) return;
    tools::write_picture(roofline_drawing(report), *file_);
    file_->publish();
  }

 private:
  std::optional<tools::AtomicFile> file_;
};

void print(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
    throw Error("standard output cannot be written");
}

void bench_layers(const Options& options) {
  if (!options.plot.empty()) tools::check_picture(options.plot);
  Output json(options.json), csv(options.csv), plot(options.plot);
  const Report report = measure(options);
  print(to_table(report));
  json.publish(to_json(report));
  csv.publish(to_csv(report));
  plot.publish_roofline(report);
}

void bench_end_to_end(const Options& options) {
  Output json(options.json);
  const std::string text = end_to_end(options);
  print(text);
  json.publish(text);
}

void print_error(const std::string& message) {
  std::fprintf(stderr, "layer-bench: %s\n", tools::printable(message).c_str());
}

int run(int argc, char** argv) {
  try {
    tools::prepare_process();
    Options options;
    if (const std::optional<int> exit_code = parse_options(argc, argv, options)) return *exit_code;
    options.end_to_end ? bench_end_to_end(options) : bench_layers(options);
    return tools::kExitOk;
  } catch (const tools::Interrupted& e) {
    print_error(e.what());
    return tools::signal_exit_code();
  } catch (const std::bad_alloc&) {
    print_error("not enough memory");
  } catch (const std::exception& e) {
    print_error(e.what());
  }
  return tools::kExitError;
}

}  // namespace
}  // namespace fovea::bench

int main(int argc, char** argv) { return fovea::bench::run(argc, argv); }
