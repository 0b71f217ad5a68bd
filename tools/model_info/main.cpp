// model-info: what a Keras file holds and what fovea makes of it.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include <fovea/keras.h>
#include <fovea/pack.h>
#include "grading/pipeline/keras_options.h"
#include "text/text.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/option_group.h"
#include "tools/common/program/process.h"
#include "tools/model_info/report.h"
#include "tools/model_info/self_test.h"

namespace fovea::tools {
namespace {

constexpr const char* kDescription =
    "Tells what a Keras file holds and what fovea makes of it: format and version, every layer with its\n"
    "class, output shape, parameters and multiply-accumulates (MACs), memory, and what is not supported.";

constexpr const char* kFooter = R"(
Examples:
  model-info resnet50.h5
  model-info model.weights.h5 --config model.json
      a file of weights, with what Keras' model.to_json() wrote
  model-info detector.h5 --height 480 --width 640
      a model that leaves the size of its input open
  model-info model.keras --dot | dot -Tsvg > model.svg
      a picture, with Graphviz

  model-info resnet50.fovea --verify
      a pack file, as model-pack makes them, checked to the last byte

  model-info resnet50.h5 --write-self-test
      puts a self-test into resnet50.json, the model's card: the tools run it before the first picture
      (weights/export_card.py puts Keras' own answer there)

"made" is the kernel that computes the layer, or the layer that it has become a part of; "because" says
why where there was a choice, with costs in percent of the direct convolution. Formats: .keras
archives (Keras 2.12 and later), .h5 of Keras 1, 2 and 3, with or without the configuration, .weights.h5 of
Keras 3, pack files; told apart by content, not by name.
Exit code: 0 the model can run; 2 it cannot, the file cannot be read, or the self-test fails (one line says why).)";

struct Arguments {
  std::string file, config, architecture, layers, isa;
  std::int64_t height = 0, width = 0;
  std::string arithmetic = "fast", threading = "automatic";
  std::string card;
  bool json = false, dot = false, self_test = false, write_self_test = false, verify = false;
};

void print_error(const std::string& message) { std::fprintf(stderr, "model-info: %s\n", printable(message).c_str()); }

void add_options(CLI::App& app, Arguments& a) {
  const Group model{app, "Model"};
  model.option("file", a.file, "FILE", "the file that Keras wrote, or a pack file")->required();
  add_file_options(model, a, "of the input, where the model leaves it open");
  const Group output{app, "Output"};
  output.flag("--json", a.json, "print JSON");
  output.flag("--dot", a.dot, "print the network for Graphviz");
  output.flag("--verify", a.verify,
              "of a pack file, check everything first: all checksums, and\npacked weights against packing anew");
  const Group self_test{app, "Self-test, instead of the output above"};
  self_test.flag("--self-test", a.self_test, "run the self-test of the model's card: one inference");
  self_test.flag(
      "--write-self-test", a.write_self_test,
      "put one into the card, with the answer of this fovea: eight\ninferences, of which the card keeps one");
  self_test.option("--card", a.card, "FILE", "the card [the model's name with .json]");
  const Group running{app, "Running"};
  running.option("--isa", a.isa, "NAME", "instruction set, see --version [FOVEA_ISA, else the best]");
  running
      .option("--threading", a.threading, "NAME", "team or openmp: whose threads run it [FOVEA_THREADING, else team]")
      ->check(CLI::IsMember(available_threading()).description(""));
  running.option("--arithmetic", a.arithmetic, "NAME", "fast or direct [fast]")
      ->check(CLI::IsMember({"fast", "direct"}).description(""));
  add_help_options(app, kFooter);
}

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  if (std::fflush(stdout) != 0) throw Error("the output cannot be written");
  return kExitOk;
}

ModelInfo read_info(const Arguments& a, const KerasOptions& keras, const ModelOptions& options) {
  if (!is_pack_file(a.file)) {
    if (a.verify) throw Error(a.file + ": is no pack file, which is what --verify is for");
    return model_info(load_keras(a.file, keras, options.load), options);
  }
  refuse_for_pack_file(a.file, keras);
  const PackFile pack(a.file, {.verify = a.verify});
  ModelInfo info = model_info(pack.model(options));
  info.pack = PackInfo{{}, !pack.card().empty(), a.verify};
  for (const PackFile::Packed& set : pack.packed()) info.pack->sets.push_back({set.isa, set.arithmetic, set.bytes});
  return info;
}

int show(const Arguments& a) {
  ModelOptions options;
  options.isa = a.isa;
  options.arithmetic = parse_arithmetic(a.arithmetic);
  options.load.threading = parse_threading(a.threading);
  const KerasOptions keras{a.config, a.architecture, a.height, a.width, a.layers};
  const SelfTestFiles files{a.file, keras, a.card};
  if (a.self_test) return print(run_self_test(files, options));
  if (a.write_self_test) return print(write_self_test(files, options));
  options.check_finite = false;  // load_keras has done it
  const ModelInfo info = read_info(a, keras, options);
  print(a.json ? model_info_json(info) : a.dot ? info_dot(info) : info_text(info));
  if (info.unsupported.empty()) return kExitOk;
  print_error(a.file + ": " + info.unsupported);
  return kExitError;
}

int run(int argc, char** argv) {
  try {
    end_with_a_line();
    Arguments arguments;
    CLI::App app(kDescription, "model-info");
    add_options(app, arguments);
    const auto ended = parse_command_line(app, argc, argv, [&] {
      if (!arguments.config.empty() && !arguments.architecture.empty()) {
        wrong_usage("--architecture and --config exclude each other");
      }
      const int outputs = static_cast<int>(arguments.json) + static_cast<int>(arguments.dot) +
                          static_cast<int>(arguments.self_test) + static_cast<int>(arguments.write_self_test);
      if (outputs > 1) wrong_usage("--json, --dot, --self-test and --write-self-test exclude each other");
      if (!arguments.card.empty() && !arguments.self_test && !arguments.write_self_test) {
        wrong_usage("--card goes with --self-test or --write-self-test");
      }
    });
    if (ended) return *ended;
    return show(arguments);
  } catch (const std::bad_alloc&) {
    print_error("not enough memory");
  } catch (const std::exception& e) {
    print_error(e.what());
  }
  return kExitError;
}

}  // namespace
}  // namespace fovea::tools

int main(int argc, char** argv) { return fovea::tools::run(argc, argv); }
