// The table for people.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "text/text.h"
#include "tools/model_info/report.h"

namespace fovea::tools {
namespace {

constexpr std::size_t kColumnCount = 7;
using Cells = std::array<std::string, kColumnCount>;
constexpr std::array<bool, kColumnCount> kRightAligned{false, false, true, true, true, false, false};

/// "25,583,592"
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string megabytes(std::int64_t bytes) { return fixed_text(static_cast<double>(bytes) / 1e6, 1) + " MB"; }

std::string table(const std::vector<Cells>& lines) {
  std::array<std::size_t, kColumnCount> widths{};
  for (const Cells& cells : lines) {
    for (std::size_t i = 0; i < kColumnCount; ++i) widths[i] = std::max(widths[i], columns(cells[i]));
  }
  std::string text;
  for (const Cells& cells : lines) {
    std::string line;
    for (std::size_t i = 0; i < kColumnCount; ++i) line += padded(cells[i], widths[i], kRightAligned[i]) + "  ";
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string fact(const std::string& name, const std::string& value) { return padded(name, 14) + value + "\n"; }

/// "picture 224x224x3, age 1"
std::string ends_text(const std::vector<EndInfo>& ends) {
  std::string text;
  for (const EndInfo& end : ends) {
    text += (text.empty() ? "" : ", ") + printable(end.name) + " " + (end.shape == Shape() ? "-" : end.shape.str());
  }
  return text;
}

// What a pack file has beyond the Keras file.
std::string pack_text(const PackInfo& pack) {
  std::string sets;
  for (const PackInfo::Set& set : pack.sets) {
    sets +=
        (sets.empty() ? "" : ", ") + printable(set.isa) + " " + printable(set.arithmetic) + " " + megabytes(set.bytes);
  }
  return fact("packed", sets.empty() ? "nothing" : sets) +
         fact("card", pack.card ? "in the file" : "none in the file") +
         fact("checked", pack.verified ? "everything" : "all but the weights, which --verify checks");
}

}  // namespace

std::string info_text(const ModelInfo& info) {
  const Provenance& from = info.provenance;
  std::string text = fact("file", printable(from.file)) + fact("format", printable(from.format));
  text += fact("Keras", from.keras_version.empty() ? "version not stated" : printable(from.keras_version));
  text += fact("SHA-256", from.sha256 + (info.pack ? " of the Keras file" : "")) + fact("model", printable(info.name));
  if (info.pack) text += pack_text(*info.pack);
  text += fact(info.inputs.size() == 1 ? "input" : "inputs", ends_text(info.inputs));
  text += fact(info.outputs.size() == 1 ? "output" : "outputs", ends_text(info.outputs)) + "\n";

  std::vector<Cells> lines{{"layer", "class", "output", "parameters", "MACs", "made", "because"}};
  for (const LayerInfo& row : info.layers) {
    const std::string shape = row.layer.output == Shape() ? "-" : row.layer.output.str();
    lines.push_back({printable(row.layer.name), printable(row.layer.class_name), shape, grouped(row.layer.parameters),
                     row.macs == 0 ? "" : grouped(row.macs), printable(row.made), row.because});
  }
  text += table(lines) + "\n" + fact("layers", std::to_string(info.layers.size()));
  text += fact("parameters", grouped(info.parameters));
  if (info.model == nullptr) return text + fact("cannot run", printable(info.unsupported));
  text += fact("MACs", grouped(info.macs) + " an image");
  text += fact("memory", megabytes(info.weight_bytes) + " packed weights, " +
                             megabytes(info.model->activation_bytes()) + " activations an image");
  text += fact("runs as", count_text(info.model->layers().size(), "step") + ", " + info.model->isa());
  return text;
}

}  // namespace fovea::tools
