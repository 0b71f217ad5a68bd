// Options and their help.
#include "tools/model_pack/arguments.h"

#include <algorithm>
#include <cstdlib>

#include <fovea/error.h>
#include <fovea/version.h>
#include "grading/pipeline/keras_options.h"
#include "tools/common/program/option_group.h"

namespace fovea::tools {
namespace {

constexpr const char* kDescription =
    "Makes a pack file of a model: network, card and weights in one file that is mapped into memory instead of read,\n"
    "ready in milliseconds, and one copy for all processes that use it. It is a cache: keep the Keras file.";

constexpr const char* kFooter = R"(
Examples:
  model-pack resnet50.h5 --output resnet50.fovea
      weights packed for this machine's best instruction set; the card beside the model goes with it
  model-pack resnet50.h5 --isa avx2,avx512 --arithmetic fast,direct --output resnet50.fovea
      packed for several; what they have in common is in the file once
  model-pack resnet50.h5 --isa none --output resnet50.fovea
      the smallest file, which runs anywhere: weights are packed when it is loaded

All tools take the file where they take a Keras file, and give the same results to the bit, whatever it is packed
for. Before it takes its name it is read back and compared, and the card's self-test is run on it. It fits the
version of fovea that made it: others pack anew what they keep in another way, or refuse it (docs/pack-file.md).
Exit code: 0 the file is written; 2 it is not, and one that was there is as it was (one line says why).)";

}  // namespace

std::optional<int> parse_arguments(int argc, const char* const* argv, ModelPackArguments& a) {
  CLI::App app(kDescription, "model-pack");
  const Group model{app, "Model"};
  model.option("model", a.model, "FILE", "the file that Keras wrote, or a pack file")->required();
  add_file_options(model, a, "of the input, where the model leaves it open [as the card resizes]");
  const Group card{app, "Model card"};
  card.option("--card", a.card, "FILE", "the card to put in [the model's own: its name with .json]");
  card.flag("--no-card", a.no_card, "put none in");
  card.flag("--no-self-test", a.no_self_test, "do not run the card's self-test on the file");
  const Group packed{app, "Packed weights"};
  packed
      .option("--isa", a.isa, "LIST",
              "instruction sets, of those that --version lists; also best, all or\nnone [FOVEA_ISA, else the best]")
      ->delimiter(',');
  packed.option("--arithmetic", a.arithmetic, "LIST", "fast, direct, or both: fast,direct [fast]")
      ->delimiter(',')
      ->check(CLI::IsMember({"fast", "direct"}).description(""));
  const Group output{app, "Output"};
  output.option("--output,-o", a.output, "FILE", "the pack file, usually NAME.fovea")->required();
  output.flag("--quiet,-q", a.quiet, "print nothing but errors");
  add_help_options(app, kFooter);
  return parse_command_line(app, argc, argv, [&] {
    if (!a.config.empty() && !a.architecture.empty()) wrong_usage("--architecture and --config exclude each other");
    if (!a.card.empty() && a.no_card) wrong_usage("--card and --no-card exclude each other");
    if (a.isa.size() > 1 && std::ranges::find(a.isa, "none") != a.isa.end()) {
      wrong_usage("--isa none stands alone");
    }
  });
}

std::vector<PackedSet> wanted_sets(const ModelPackArguments& arguments) {
  const std::vector<std::string> usable = available_isas();
  std::vector<std::string> wanted = arguments.isa;
  if (wanted.empty()) {
    const char* environment = std::getenv("FOVEA_ISA");
    wanted = {environment != nullptr && *environment != '\0' ? environment : "best"};
  }
  std::vector<bool> packs(usable.size(), false);
  for (const std::string& name : wanted) {
    const auto found = std::ranges::find(usable, name);
    if (name == "all") {
      packs.assign(usable.size(), true);
    } else if (name == "best") {
      packs.front() = true;
    } else if (found != usable.end()) {
      packs[static_cast<std::size_t>(found - usable.begin())] = true;
    } else if (name != "none") {
      std::string all;
      for (const std::string& isa : usable) all += isa + ", ";
      throw Error("--isa " + name + ": is no instruction set of this machine; there are " + all + "best, all, none");
    }
  }
  std::vector<PackedSet> sets;
  for (std::size_t i = 0; i < usable.size(); ++i) {
    for (const Arithmetic arithmetic : {Arithmetic::fast, Arithmetic::direct}) {
      const bool asked =
          arguments.arithmetic.empty()
              ? arithmetic == Arithmetic::fast
              : std::ranges::find(arguments.arithmetic, arithmetic_name(arithmetic)) != arguments.arithmetic.end();
      if (packs[i] && asked) sets.push_back({usable[i], arithmetic});
    }
  }
  return sets;
}

}  // namespace fovea::tools
