// The files of assets/, built into the program.
#include "tools/serve/assets.h"

namespace fovea::tools {

std::string_view asset(std::string_view name) {
  for (const EmbeddedAsset& known : embedded_assets()) {
    if (known.name == name) return {reinterpret_cast<const char*>(known.data), known.size};
  }
  return {};
}

std::string filled(std::string_view text, std::string_view name, std::string_view value) {
  const std::string mark = "{{" + std::string(name) + "}}";
  std::string result;
  while (true) {
    const std::size_t at = text.find(mark);
    result += text.substr(0, at);
    if (at == std::string_view::npos) return result;
    result += value;
    text.remove_prefix(at + mark.size());
  }
}

}  // namespace fovea::tools
