// Where the results of one run go, and that none of them falls on an input.
#include "tools/common/output_paths.h"

#include <map>
#include <set>
#include <system_error>

#include "layers/error.h"
#include "tools/common/text.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

std::string resolved(const fs::path& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  const fs::path full = fs::weakly_canonical(absolute, error);
  return (error ? absolute.lexically_normal() : full).string();
}

}  // namespace

OutputPaths output_paths(const BatchPredictArguments& arguments) {
  OutputPaths paths;
  paths.labels = arguments.output;
  paths.errors = fs::path(arguments.output).replace_extension(".errors.csv");
  paths.record = fs::path(arguments.output).replace_extension(".run.json");
  paths.journal = arguments.output + ".journal";
  paths.plot = arguments.plot;
  paths.ids = arguments.write_ids;
  if (arguments.log_json != "-") paths.log = arguments.log_json;
  return paths;
}

void check_output_paths(const OutputPaths& outputs, const BatchPredictArguments& arguments,
                        const std::vector<std::string>& model_files, const std::vector<InputItem>& items) {
  std::set<std::string> inputs;
  for (const std::string& file : model_files) inputs.insert(resolved(file));
  for (const std::string& input : arguments.inputs) inputs.insert(resolved(input));
  for (const InputItem& item : items) inputs.insert(resolved(item.path));

  std::map<std::string, fs::path> results;
  for (const fs::path& path :
       {outputs.labels, outputs.errors, outputs.record, outputs.journal, outputs.plot, outputs.ids, outputs.log}) {
    if (path.empty()) continue;
    const std::string full = resolved(path);
    if (inputs.contains(full))
      throw Error(printable(path.string()) + ": is an input, and would be replaced by a result");
    const auto [first, is_new] = results.try_emplace(full, path);
    if (!is_new) throw Error(printable(path.string()) + ": would be written twice, for two results");
  }
  if (arguments.save_preprocessed.empty()) return;
  const fs::path folder = resolved(arguments.save_preprocessed);
  for (const InputItem& item : items) {
    const fs::path saved = folder / (item.id + ".png");
    if (!item.error.empty() || !inputs.contains(resolved(saved))) continue;
    throw Error("--save-preprocessed " + printable(arguments.save_preprocessed) + ": would replace the input " +
                printable(saved.string()));
  }
}

}  // namespace fovea::tools
