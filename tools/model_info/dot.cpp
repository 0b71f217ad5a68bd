// The network as text for Graphviz' dot.
#include "text/text.h"
#include "tools/model_info/report.h"

namespace fovea::tools {
namespace {

/// `text` within the quotes of a dot string.
std::string in_quotes(const std::string& text) {
  std::string result;
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

/// A line of the label that numbers a layer among the model's inputs or outputs, if it is one.
std::string number_line(const std::vector<EndInfo>& ends, const std::string& name, const std::string& what) {
  std::string line;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i].name == name) line += "\\n" + what + (ends.size() == 1 ? "" : " " + std::to_string(i + 1));
  }
  return line;
}

}  // namespace

std::string info_dot(const ModelInfo& info) {
  std::string text = "digraph \"" + in_quotes(info.name) + "\" {\n  node [shape=box, fontname=\"DejaVu Sans\"];\n";
  for (const LayerInfo& row : info.layers) {
    const std::string name = in_quotes(row.layer.name);
    text += "  \"" + name + "\" [label=\"" + name + "\\n" + in_quotes(row.layer.class_name);
    if (row.layer.output != Shape()) text += "\\n" + row.layer.output.str();
    text += number_line(info.inputs, row.layer.name, "input") + number_line(info.outputs, row.layer.name, "output");
    if (!row.made.empty()) text += "\\n" + in_quotes(row.made);
    text += row.made.rfind("part of ", 0) == 0 ? "\", style=dashed];\n" : "\"];\n";
    for (const std::string& input : row.layer.inputs) text += "  \"" + in_quotes(input) + "\" -> \"" + name + "\";\n";
  }
  return text + "}\n";
}

}  // namespace fovea::tools
