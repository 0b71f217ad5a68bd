// Finds images by their ids as people write them in lists.
#include "tools/common/input/id_index.h"

#include <algorithm>

#include "text/names.h"

namespace fovea::tools {

namespace {

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::string IdIndex::key(const std::string& path, int level) {
  const std::string name = level == by_stem || level == stem_any_case ? without_image_ending(path) : path;
  return level == name_any_case || level == stem_any_case ? lower_case(name) : name;
}

void IdIndex::add(const std::string& path, std::size_t value) {
  if (paths_.size() <= value) paths_.resize(value + 1);
  paths_[value] = path;
  for (int level = 0; level < level_count; ++level) {
    const auto at = static_cast<std::size_t>(level);
    whole_[at][key(path, level)].push_back(value);
    if (below_) last_[at][key(last_part(path), level)].push_back(value);
  }
}

IdIndex::Values IdIndex::below(const std::string& wanted, int level) const {
  const auto& known = last_[static_cast<std::size_t>(level)];
  const auto found = known.find(last_part(wanted));
  Values values;
  if (found == known.end()) return values;
  std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(values),
               [&](std::size_t value) { return ("/" + key(paths_[value], level)).ends_with("/" + wanted); });
  return values;
}

bool IdIndex::has(const std::string& id) const {
  return whole_[by_name].contains(key(id, by_name)) || whole_[by_stem].contains(key(id, by_stem));
}

std::vector<std::size_t> IdIndex::find(const std::string& id) const {
  for (int level = 0; level < level_count; ++level) {
    const auto& known = whole_[static_cast<std::size_t>(level)];
    if (const auto found = known.find(key(id, level)); found != known.end()) return found->second;
  }
  for (int level = 0; below_ && level < level_count; ++level) {
    if (Values values = below(key(id, level), level); !values.empty()) return values;
  }
  return {};
}

}  // namespace fovea::tools
