// The groups of options that tools share.
#include "tools/common/program/option_group.h"

#include <cstdio>

#include <fovea/card.h>
#include <fovea/model.h>
#include <fovea/version.h>
#include "grading/pipeline/keras_options.h"
#include "grading/pipeline/views.h"
#include "text/text.h"
#include "tools/common/program/exit_code.h"

namespace fovea::tools {

namespace {

constexpr int kMaxThreads = 1024;
constexpr int kMaxBatch = 256;

// A list of names, broken into lines for the right column of --help.
std::string joined(const std::vector<std::string>& words) {
  constexpr std::size_t kColumns = 68;
  std::string text;
  std::size_t line = 0;
  for (const std::string& word : words) {
    if (!text.empty()) text += ",";
    const bool breaks = line + word.size() > kColumns;
    if (!text.empty()) text += breaks ? "\n" : " ";
    line = (breaks ? 0 : line + 2) + word.size();
    text += word;
  }
  return text;
}

}  // namespace

void add_model_options(CLI::App& app, ModelArguments& a, const std::string& demo_help) {
  const Group model{app, "Model"};
  model.option("--model", a.model, "FILE",
               "the network as Keras saved it: .h5, .keras, .weights.h5;\nor a pack file, made by model-pack");
  model.option("--architecture", a.architecture, "NAME", "of a weights-only file, by name: resnet50, resnet50-notop");
  model.option("--config", a.config, "FILE", "of a weights-only file, as JSON that Keras' to_json wrote");
  model.option("--layers", a.layers, "FILE", kLayersHelp);
  model.flag("--demo", a.demo, demo_help);
  model.option("--weights-dir", a.weights_dir, "DIR", "folder of the demo model, if it is not found by itself");
}

void add_card_options(CLI::App& app, ModelArguments& a, CardValues& values) {
  const Group card{app, "Model card"};
  card.option("--card", a.card, "FILE", "what the model expects of its input [the model's name with .json]");
  for (const CardOption& option : card_options()) {
    const bool presets = option.name == "preprocess";
    card.option("--" + option.name, values[option.name], option.value.c_str(),
                option.help + (presets ? ":\n" + joined(preset_names()) : ""));
  }
  card.flag("--self-test", a.self_test,
            "refuse a card without a self-test; one that it holds is run before the first\n"
            "picture in any case, which costs one inference");
  card.flag("--no-self-test", a.no_self_test, "do not run the card's self-test");
}

void add_running_options(CLI::App& app, ModelArguments& a) {
  const Group running{app, "Running"};
  running.number("--threads", a.threads, kMaxThreads, "threads in use [as many as this process is allowed]");
  running.number("--batch", a.batch, kMaxBatch, "pictures in one run of the network [1]; changes no result");
  running.number("--tta", a.tta, kMaxViews, "average over the first N of [1]:\n" + joined(view_names(kMaxViews)));
  running.flag(
      "--fast-decode", a.fast_decode,
      "decode a JPEG at 1/2, 1/4 or 1/8 of its size where it is resized to less:\nfaster, but other pixels, so "
      "now and then another grade");
  running.flag("--accept-damaged", a.accept_damaged,
               "grade pictures that lost pixels as far as they go, with a note that says how\nmuch is lost; without it "
               "they are errors");
  running.number("--memory", a.memory_mib, 1 << 20,
                 "MiB for all pictures that are being decoded: threads wait for each other\n[half of the machine's or "
                 "container's]");
  running
      .option("--threading", a.threading, "NAME",
              "whose threads run the network: team (fovea's own) or openmp;\nchanges no result\n[FOVEA_THREADING, else "
              "team]")
      ->check(CLI::IsMember(available_threading()).description(""));
  running.option("--isa", a.isa, "NAME", "instruction set, see --version [FOVEA_ISA, else the best]");
  running
      .option("--arithmetic", a.arithmetic, "NAME",
              "fast, or direct: no Winograd, slower and closest to exact sums [fast]")
      ->check(CLI::IsMember({"fast", "direct"}).description(""));
}

void add_help_options(CLI::App& app, const std::string& footer) {
  app.footer(footer);
  app.get_formatter()->column_width(34);
  app.set_help_flag("--help,-h", "print this and exit")->group("Help");
  const auto text = [name = app.get_name()] {
    return name + " (fovea) " + version() + "\ninstruction sets usable here, best first: " + joined(available_isas()) +
           "\nthreads allowed here: " + std::to_string(allowed_threads()) +
           "\nthreading: " + joined(available_threading());
  };
  app.set_version_flag("--version", text, "print version and instruction sets and exit")->group("Help");
}

std::optional<int> parse_command_line(CLI::App& app, int argc, const char* const* argv,
                                      const std::function<void()>& check) {
  try {
    app.parse(argc, argv);
    check();
  } catch (const CLI::Success& done) {
    return app.exit(done) == 0 ? kExitOk : kExitError;
  } catch (const CLI::Error& e) {
    std::fprintf(stderr, "%s: %s (--help explains)\n", app.get_name().c_str(), printable(e.what()).c_str());
    return kExitError;
  }
  return std::nullopt;
}

void wrong_usage(const std::string& reason) { throw CLI::ValidationError(reason); }

void check_model_arguments(const ModelArguments& a) {
  if (a.demo && !a.model.empty()) wrong_usage("--demo brings its own model, it does not go with --model");
  if (!a.demo && !a.weights_dir.empty()) wrong_usage("--weights-dir goes with --demo");
  if (!a.architecture.empty() && !a.config.empty()) wrong_usage("--architecture and --config exclude each other");
  if (a.self_test && a.no_self_test) wrong_usage("--self-test and --no-self-test exclude each other");
}

void take_card_options(const CLI::App& app, const CardValues& values, ModelArguments& arguments) {
  for (const CardOption& option : card_options()) {
    if (app.count("--" + option.name) > 0) {
      arguments.card_options.emplace_back(option.name, values.at(option.name));
    }
  }
}

}  // namespace fovea::tools
