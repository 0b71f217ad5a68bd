// From a model to a pack file that was looked at.
#include "tools/model_pack/run.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <fovea/card.h>
#include <fovea/error.h>
#include <fovea/keras.h>
#include <fovea/pack.h>
#include "grading/pipeline/keras_options.h"
#include "grading/pipeline/own_card.h"
#include "text/text.h"
#include "tools/common/files/atomic_file.h"
#include "tools/common/files/output_stream.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/process.h"
#include "tools/common/program/progress.h"

namespace fovea::tools {
namespace {

namespace fs = std::filesystem;

void check_output(const ModelPackArguments& a) {
  for (const std::string& input : {a.model, a.card, a.config, a.layers, card_beside(a.model).value_or("")}) {
    std::error_code ignored;
    if (!input.empty() && fs::equivalent(input, a.output, ignored)) {
      throw Error(a.output + ": is an input, it would be written over");
    }
  }
}

std::optional<ModelCard> find_card(const ModelPackArguments& a) {
  if (a.no_card) return std::nullopt;
  return a.card.empty() ? own_card(a.model) : read_card(a.card);
}

ModelDesc read_model(const ModelPackArguments& a, const std::optional<ModelCard>& card) {
  ModelArguments arguments;
  arguments.config = a.config;
  arguments.architecture = a.architecture;
  arguments.layers = a.layers;
  KerasOptions options = keras_options(arguments, card.value_or(ModelCard()));
  if (a.height > 0) options.input_height = a.height;
  if (a.width > 0) options.input_width = a.width;
  if (!is_pack_file(a.model)) return load_keras(a.model, options);
  refuse_for_pack_file(a.model, options);
  return PackFile(a.model, {.verify = true}).desc();
}

/// The card's text as it goes into the file: what it says, and its self-test.
std::string card_text(const ModelPackArguments& a, const std::optional<ModelCard>& card) {
  if (!card) return "";
  if (card->source == a.model) return PackFile(a.model).card();
  std::ifstream file(card->source, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  parse_card(text, card->source);  // it was read before, and may have changed since
  return text;
}

void write(const ModelPackArguments& a, const fs::path& path, const ModelDesc& desc, const std::string& card,
           const std::vector<PackedSet>& sets, Progress& progress) {
  errno = 0;
  try {
    std::ofstream out(path, std::ios::binary | std::ios::in | std::ios::out);
    save_pack(out, desc, card, sets, [&](std::size_t done, std::size_t total) {
      if (stop_requested()) throw Interrupted("interrupted, nothing was written");
      progress.update({.done = done, .total = total, .unit = "steps"});
    });
  } catch (const Error& e) {
    const std::string reason = errno == ENOSPC || errno == EFBIG ? ": " + std::generic_category().message(errno) : "";
    throw Error((reason.empty() ? a.model : a.output) + ": " + e.what() + reason);
  }
}

/// Reads the file back: all of it, and its self-test as it will be run.
void examine(const ModelPackArguments& a, const fs::path& path, const std::vector<PackedSet>& sets,
             const std::optional<ModelCard>& card) {
  const PackFile file(path.string(), {.verify = true});
  if (!card || !card->self_test || a.no_self_test) return;
  for (const PackedSet& set : sets.empty() ? std::vector<PackedSet>{{"", Arithmetic::fast}} : sets) {
    ModelOptions options{.isa = set.isa};
    options.arithmetic = set.arithmetic;
    check_self_test(*card->self_test, file.model(options));
  }
}

void print_summary(const ModelPackArguments& a, const std::vector<PackedSet>& sets,
                   const std::optional<ModelCard>& card, std::uintmax_t bytes) {
  std::string packed;
  for (const PackedSet& set : sets) {
    packed += (packed.empty() ? "packed for " : ", ") + set.isa + " " + arithmetic_name(set.arithmetic);
  }
  std::FILE* console = is_standard_output(a.output) ? stderr : stdout;
  std::fprintf(console, "%s: %s MB, %s, %s\n", printable(a.output).c_str(),
               fixed_text(static_cast<double>(bytes) / 1e6, 1).c_str(),
               card ? ("card " + printable(card->source)).c_str() : "no card",
               packed.empty() ? "weights not packed" : packed.c_str());
  if (std::fflush(console) != 0) throw Error("the output cannot be written");
}

}  // namespace

int pack_model(const ModelPackArguments& a) {
  const std::vector<PackedSet> sets = wanted_sets(a);
  check_output(a);
  const std::optional<ModelCard> card = find_card(a);
  const std::string text = card_text(a, card);
  AtomicFile file(a.output);
  {
    Progress progress(stderr, a.quiet ? Progress::Style::none : Progress::style_for(stderr));
    write(a, file.temporary_path(), read_model(a, card), text, sets, progress);
    examine(a, file.temporary_path(), sets, card);
  }
  const std::uintmax_t bytes = fs::file_size(file.temporary_path());
  file.publish();
  if (!a.quiet) print_summary(a, sets, card, bytes);
  return kExitOk;
}

}  // namespace fovea::tools
