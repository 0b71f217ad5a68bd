// What command lines are made of: groups of options as --help shows them, and the groups that tools share.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "grading/pipeline/keras_options.h"
#include "grading/pipeline/model_arguments.h"

namespace fovea::tools {

/// A group of options, as --help shows it.
struct Group {
  CLI::App& app;
  const char* name;

  template <typename Value>
  CLI::Option* option(const std::string& flag, Value& value, const char* type, const std::string& help) const {
    return app.add_option(flag, value, help)->type_name(type)->group(name);
  }
  void number(const std::string& flag, int& value, int largest, const std::string& help, int smallest = 1) const {
    option(flag, value, "N", help)->check(CLI::Range(smallest, largest).description(""));
  }
  void flag(const std::string& flag, bool& value, const std::string& help) const {
    app.add_flag(flag, value, help)->group(name);
  }
};

/// Values of the card's options, by name, until the command line is parsed.
using CardValues = std::map<std::string, std::string>;

void add_model_options(CLI::App& app, ModelArguments& arguments, const std::string& demo_help);
/// What a file does not say itself, for tools that take one by itself: `Arguments` has `architecture`, `config`,
/// `layers`, `height` and `width`.
template <typename Arguments>
void add_file_options(const Group& group, Arguments& a, const std::string& height_help) {
  group.option("--architecture", a.architecture, "NAME", "of a weights-only file, by name: resnet50, resnet50-notop");
  group.option("--config", a.config, "FILE", "of a weights-only file, as JSON that Keras' to_json wrote");
  group.option("--layers", a.layers, "FILE", kLayersHelp);
  group.option("--height", a.height, "PIXELS", height_help)->check(CLI::Range(1, 1 << 20).description(""));
  group.option("--width", a.width, "PIXELS", "likewise; of rows, their length")
      ->check(CLI::Range(1, 1 << 20).description(""));
}
void add_card_options(CLI::App& app, ModelArguments& arguments, CardValues& values);
void add_running_options(CLI::App& app, ModelArguments& arguments);
/// --help and --version of a tool; `footer` ends its help: examples and exit codes.
void add_help_options(CLI::App& app, const std::string& footer);

/// Parses the command line of `app`, then runs `check`. Returns the exit code if the program ends here: --help and
/// --version (printed to stdout) or wrong usage (one line on stderr).
std::optional<int> parse_command_line(CLI::App& app, int argc, const char* const* argv,
                                      const std::function<void()>& check);

/// Ends the command line as a usage error: one line with `reason`.
[[noreturn]] void wrong_usage(const std::string& reason);
/// Throws CLI::Error if two of the model's options exclude each other.
void check_model_arguments(const ModelArguments& arguments);
/// Takes the card's options that were given into `arguments`.
void take_card_options(const CLI::App& app, const CardValues& values, ModelArguments& arguments);

}  // namespace fovea::tools
