// Where the results of one run go, and that none of them falls on an input.
#include "tools/predict/output_paths.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include <fovea/error.h>
#include "text/names.h"
#include "text/text.h"
#include "tools/common/files/output_stream.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

std::string resolved(const fs::path& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  const fs::path full = fs::weakly_canonical(absolute, error);
  return (error ? absolute.lexically_normal() : full).string();
}

// In a folder of preprocessed pictures, so that a later run does not take them for photographs.
constexpr const char* kPreprocessedMark = ".fovea-preprocessed";

// Where the chart of the run lies whose record this is; empty if it had none, or there is no such record.
std::string plot_of_record(const fs::path& record) {
  constexpr std::uintmax_t kMostBytes = 1 << 20;
  std::error_code error;
  const std::uintmax_t size = fs::is_regular_file(record, error) ? fs::file_size(record, error) : 0;
  if (error || size == 0 || size > kMostBytes) return "";
  const nlohmann::json json = nlohmann::json::parse(file_text(record), nullptr, /*allow_exceptions=*/false);
  const nlohmann::json::json_pointer plot("/files/plot");
  return json.is_object() && json.contains(plot) && json.at(plot).is_string() ? json.at(plot).get<std::string>() : "";
}

}  // namespace

OutputPaths output_paths(const BatchPredictArguments& arguments) {
  OutputPaths paths;
  paths.labels = arguments.output;
  if (!is_stream(paths.labels)) {
    paths.errors = fs::path(arguments.output).replace_extension(".errors.csv");
    paths.record = fs::path(arguments.output).replace_extension(".run.json");
    paths.journal = arguments.output + ".journal";
  }
  paths.plot = arguments.plot;
  paths.ids = arguments.write_ids;
  if (arguments.log_json != "-") paths.log = arguments.log_json;
  return paths;
}

OwnFiles own_files(const OutputPaths& outputs, const std::string& save_preprocessed) {
  OwnFiles own;
  for (const fs::path& path :
       {outputs.labels, outputs.errors, outputs.record, outputs.journal, outputs.ids, outputs.log}) {
    if (!path.empty()) own.files.insert(resolved(path));
  }
  // A picture is only passed over if it is known to be a chart, and no patient's eye.
  if (!outputs.plot.empty() && plot_of_record(outputs.record) == utf8_name(outputs.plot.string())) {
    own.pictures.insert(resolved(outputs.plot));
  }
  std::error_code error;
  if (!save_preprocessed.empty() && fs::exists(fs::path(save_preprocessed) / kPreprocessedMark, error)) {
    own.folders.insert(resolved(save_preprocessed));
  }
  return own;
}

void mark_preprocessed(const std::string& folder) {
  std::error_code error;
  if (fs::is_empty(folder, error)) std::ofstream(fs::path(folder) / kPreprocessedMark);
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
    if (path.empty() || is_stream(path)) continue;
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
