// What a folder held beside the images of a run.
#include "tools/common/input/passed_over.h"

#include <algorithm>

#include "text/names.h"
#include "text/text.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kMostEndings = 100;  // told apart
constexpr std::size_t kShownNames = 5, kShownEndings = 8;

std::string ending_text(const std::string& ending) { return ending.empty() ? "without an ending" : ending; }

std::string endings_text(const std::map<std::string, std::size_t>& by_ending) {
  std::vector<std::pair<std::string, std::size_t>> sorted(by_ending.begin(), by_ending.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < std::min(kShownEndings, sorted.size()); ++i) {
    text += (i > 0 ? ", " : "") + ending_text(sorted[i].first) + " " + std::to_string(sorted[i].second);
  }
  return text + (sorted.size() > kShownEndings ? ", ..." : "");
}

std::string names_text(const NameList& list) {
  std::string text;
  const std::size_t shown = std::min(kShownNames, list.names.size());
  for (std::size_t i = 0; i < shown; ++i) text += (i > 0 ? ", " : "") + printable(list.names[i]);
  return text + (list.count > shown ? " and " + std::to_string(list.count - shown) + " more" : "");
}

}  // namespace

void NameList::add(const std::string& name) {
  if (names.size() < kKept) names.push_back(safe_name(name));
  ++count;
}

void NameList::add(const NameList& more) {
  for (const std::string& name : more.names) {
    if (names.size() < kKept) names.push_back(name);
  }
  count += more.count;
}

std::size_t PassedOver::files() const {
  std::size_t count = 0;
  for (const auto& [ending, files] : by_ending) count += files;
  return count;
}

void PassedOver::add_file(const std::string& name) {
  constexpr std::size_t kLongest = 12;
  const std::string file = name.substr(name.rfind('/') + 1);
  const std::size_t dot = file.rfind('.');
  std::string ending = dot == std::string::npos || dot == 0 ? "" : safe_name(lower_case(file.substr(dot)));
  if (ending.size() > kLongest || ending == ".") ending = "";
  if (by_ending.size() >= kMostEndings && !by_ending.contains(ending)) ending = "";
  ++by_ending[ending];
}

void PassedOver::add(const PassedOver& more) {
  for (const auto& [ending, files] : more.by_ending) by_ending[ending] += files;
  containers.add(more.containers);
  special.add(more.special);
  known_folders.add(more.known_folders);
  unread_folders.add(more.unread_folders);
}

std::string passed_over_text(const PassedOver& passed) {
  std::string text;
  if (const std::size_t files = passed.files(); files > 0) {
    text += count_text(files, "other file") + " passed over: " + endings_text(passed.by_ending) + "\n";
  }
  if (passed.containers.count > 0) {
    text += "not opened, though there may be pictures inside: " + names_text(passed.containers) + "\n";
  }
  if (passed.special.count > 0) text += "no files, passed over: " + names_text(passed.special) + "\n";
  if (passed.known_folders.count > 0) {
    text += "leads to a folder that is read already: " + names_text(passed.known_folders) + "\n";
  }
  if (passed.unread_folders.count > 0) {
    const bool one = passed.unread_folders.count == 1;
    text += count_text(passed.unread_folders.count, "sub-folder") + (one ? " was" : " were") +
            " not read: " + names_text(passed.unread_folders) + "; --recursive reads " + (one ? "it" : "them") + "\n";
  }
  return text;
}

}  // namespace fovea::tools
