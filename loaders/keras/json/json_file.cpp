// Reading of a whole file that is known to be small.
#include "loaders/keras/json/json_file.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fovea/error.h>
#include "loaders/keras/json/json.h"

namespace fovea::keras {

JsonFile read_json_file(const std::string& path, std::uintmax_t largest) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) throw Error(path + ": no such file");
  if (!std::filesystem::is_regular_file(path, error)) throw Error(path + ": is not a regular file");
  if (std::filesystem::file_size(path, error) > largest)
    throw Error(path + ": larger than " + std::to_string(largest >> 20) + " MiB");
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  if (!in) throw Error(path + ": cannot be read");
  JsonFile file{content.str(), {}};
  file.json = parse_json(file.text, path);
  return file;
}

}  // namespace fovea::keras
