// The command line of layer-bench.
#include "bench/options.h"

#include <CLI/CLI.hpp>
#include <vector>

#include <fovea/model.h>
#include <fovea/version.h>
#include "bench/machine/machine.h"
#include "tools/common/program/option_group.h"

namespace fovea::bench {

namespace {

constexpr const char* kDescription =
    "Times a network layer by layer on this machine and sets each layer against what the\n"
    "machine can do: its measured arithmetic peak and memory bandwidth.";

constexpr const char* kFooter = R"(
Examples:
  layer-bench --threads 1
      the layers of ResNet50 v1 at 224x224, with random weights: no file is needed
  layer-bench --model model.h5 --batch 8 --json layers.json --csv layers.csv --plot roofline.png
      the layers of a model, the table as JSON and CSV as well, and a picture of the roofline
  layer-bench --model model.h5 --isa avx2 --filter '3x3|Winograd'
      with AVX2, showing the 3x3 convolutions
  layer-bench --model model.h5 --end-to-end --json times.json
      the whole model only: load, first run, many runs, peak memory of a program that does no more

Each distinct layer is one row, with how often it occurs. Times are of a whole batch and of one such layer within
the running network; `alone` is the layer by itself over and over (Google Benchmark). Arithmetic is counted as the
file's layers have it: Winograd, and values that nobody reads, do less and may exceed 100 %.
Exit code: 0, or 2 for wrong usage or any error.)";

// What does not depend on the model is checked here; the rest where it is used.
void check_combinations(const Options& options) {
  const auto wrong = [](const std::string& reason) { throw CLI::ValidationError(reason); };
  if (options.end_to_end && options.model.empty()) wrong("--end-to-end times loading as well and needs --model FILE");
  if (options.end_to_end && !(options.filter + options.csv + options.plot).empty()) {
    wrong("--end-to-end looks at no layers: --filter, --csv and --plot do not go with it");
  }
  const std::vector<std::string> files{options.model, options.json, options.csv, options.plot};
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!files[i].empty() && files[i] == files[j]) wrong(files[i] + " is named twice");
    }
  }
}

void add_options(CLI::App& app, Options& o, std::string& arithmetic) {
  const auto text = [&](const char* group, const char* flag, std::string& value, const char* type, const char* help) {
    return app.add_option(flag, value, help)->type_name(type)->group(group);
  };
  const auto number = [&](const char* flag, int& value, int least, int most, const char* help) {
    app.add_option(flag, value, help)
        ->type_name("N")
        ->group("Measuring")
        ->check(CLI::Range(least, most).description(""));
  };
  text("Model", "--model", o.model, "FILE", "a Keras .h5 file [ResNet50 v1 with random weights]");
  text("Model", "--architecture", o.architecture, "NAME",
       "of a weights-only file, or of the random one: resnet50,\nresnet50-notop, resnet50:700 (side) [resnet50]");

  number("--batch", o.batch, 1, 1024, "images in one run [1]");
  number("--threads", o.threads, 0, 1024, "threads in use [0: as many as this process is allowed]");
  number("--repetitions", o.repetitions, 1, 100000, "timed runs [30]");
  text("Measuring", "--isa", o.isa, "NAME", "avx512, avx2, portable or neon [FOVEA_ISA, else the best]");
  text("Measuring", "--arithmetic", arithmetic, "NAME", "fast, or direct: no Winograd [fast]")
      ->check(CLI::IsMember({"fast", "direct"}).description(""));
  app.add_flag("--end-to-end", o.end_to_end, "time the whole model only")->group("Measuring");

  text("Output", "--filter", o.filter, "REGEX", "show only layers whose name, kind, class, algorithm\nor shapes match");
  text("Output", "--json", o.json, "FILE", "write everything measured");
  text("Output", "--csv", o.csv, "FILE", "write the table");
  text("Output", "--plot", o.plot, "FILE", "draw the roofline, .png or .svg");

  app.set_help_flag("--help,-h", "print this and exit")->group("Help");
  app.set_version_flag("--version", std::string("layer-bench (fovea) ") + version() + ", commit " + commit(),
                       "print version and commit and exit")
      ->group("Help");
}

}  // namespace

std::optional<int> parse_options(int argc, const char* const* argv, Options& options) {
  CLI::App app(kDescription, "layer-bench");
  std::string arithmetic = arithmetic_name(options.arithmetic);
  add_options(app, options, arithmetic);
  app.footer(kFooter);
  app.get_formatter()->column_width(28);
  const auto ended = tools::parse_command_line(app, argc, argv, [&] { check_combinations(options); });
  if (ended) return ended;
  options.arithmetic = parse_arithmetic(arithmetic);
  return std::nullopt;
}

}  // namespace fovea::bench
