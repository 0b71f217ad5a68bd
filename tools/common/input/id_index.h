// Finds images by their ids as people write them in lists: with or without the ending, in any case, with or without
// the folders.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace fovea::tools {

class IdIndex {
 public:
  /// `below`: an id is also found below sub-folders that it does not name.
  explicit IdIndex(bool below) : below_(below) {}

  /// `path` is an image's, relative to the folder of all; `value` is what find returns for it.
  void add(const std::string& path, std::size_t value);

  /// What fits the id best: the very name, else the name without its picture's ending, else one of these in another
  /// case (of ASCII letters), else, with `below`, the same for the end of a longer path. Several values: ambiguous.
  std::vector<std::size_t> find(const std::string& id) const;
  /// Whether it is found by its whole path, in its own case.
  bool has(const std::string& id) const;

 private:
  using Values = std::vector<std::size_t>;
  enum Level { by_name, by_stem, name_any_case, stem_any_case, level_count };
  static std::string key(const std::string& path, int level);
  Values below(const std::string& wanted, int level) const;

  bool below_;
  std::array<std::unordered_map<std::string, Values>, level_count> whole_,
      last_;                        // by the whole path, by its last part
  std::vector<std::string> paths_;  // of values
};

}  // namespace fovea::tools
