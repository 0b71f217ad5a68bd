// Which ids of two lists mean the same image.
#include "tools/compare/input/match_ids.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace fovea::tools {

namespace {

using Key = std::function<std::string(const GradedEntry&)>;

/// Letters in one case, folders divided by slashes, without "./" before them.
std::string folded(const std::string& key) {
  std::string text;
  for (const char c : key) text += c == '\\' ? '/' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  while (text.starts_with("./")) text.erase(0, 2);
  return text;
}

/// The name and as many folders before it; empty if there are not so many.
std::string tail(const std::string& path, int folders) {
  std::size_t at = path.size();
  for (int i = 0; i <= folders; ++i) {
    if (at == 0 || at == std::string::npos) return "";
    at = path.rfind('/', at - 1);
  }
  return at == std::string::npos ? path : path.substr(at + 1);
}

/// Whether one is the other with folders before it.
bool same_below_folders(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  return a == b || (a.ends_with(b) && a[a.size() - b.size() - 1] == '/');
}

class Matcher {
 public:
  Matcher(const GradedList& first, const GradedList& second) : first_(first), second_(second) {
    result_.of_first.assign(first.entries.size(), kNone);
    result_.of_second.assign(second.entries.size(), kNone);
    result_.rivals.resize(first.entries.size());
  }

  Matches run() {
    pass([](const GradedEntry& entry) { return entry.id; });
    pass([](const GradedEntry& entry) { return entry.key; });
    pass([](const GradedEntry& entry) { return folded(entry.key); });
    for (const int folders : {2, 1, 0}) {
      pass([folders](const GradedEntry& entry) { return tail(folded(entry.key), folders); });
    }
    repeat(first_, result_.of_first);
    repeat(second_, result_.of_second);
    return std::move(result_);
  }

 private:
  using Keyed = std::vector<std::pair<std::string, std::size_t>>;
  using Indices = std::vector<std::size_t>;

  /// What is not matched yet, by key.
  static Keyed open_entries(const GradedList& list, const Indices& matched, const Key& key) {
    Keyed keyed;
    for (std::size_t i = 0; i < list.entries.size(); ++i) {
      const GradedEntry& entry = list.entries[i];
      if (entry.id.empty() || entry.repeats != kNoEntry || matched[i] != kNone) continue;
      std::string text = key(entry);
      if (!text.empty()) keyed.emplace_back(std::move(text), i);
    }
    std::sort(keyed.begin(), keyed.end());
    return keyed;
  }

  void pass(const Key& key) {
    const Keyed left = open_entries(first_, result_.of_first, key);
    const Keyed right = open_entries(second_, result_.of_second, key);
    std::size_t l = 0, r = 0;
    while (l < left.size() && r < right.size()) {
      if (left[l].first != right[r].first) {
        ++(left[l].first < right[r].first ? l : r);
        continue;
      }
      const auto take = [](const Keyed& keyed, std::size_t& place) {
        Indices group;
        const std::string& text = keyed[place].first;
        for (; place < keyed.size() && keyed[place].first == text; ++place) group.push_back(keyed[place].second);
        return group;
      };
      const Indices firsts = take(left, l), seconds = take(right, r);
      match_group(firsts, seconds);
    }
  }

  // Pairs those that can mean one another alone. What is large and ambiguous is left alone.
  void match_group(const Indices& firsts, const Indices& seconds) {
    constexpr std::size_t kMostPairs = 10'000;
    if (firsts.size() * seconds.size() > kMostPairs) return;
    std::vector<Indices> of_firsts(firsts.size()), of_seconds(seconds.size());
    for (std::size_t i = 0; i < firsts.size(); ++i) {
      for (std::size_t k = 0; k < seconds.size(); ++k) {
        if (!same_below_folders(folded(first_.entries[firsts[i]].key), folded(second_.entries[seconds[k]].key)))
          continue;
        of_firsts[i].push_back(k);
        of_seconds[k].push_back(i);
      }
    }
    for (std::size_t i = 0; i < firsts.size(); ++i) {
      Indices& rivals = result_.rivals[firsts[i]];
      rivals.clear();
      if (of_firsts[i].size() == 1 && of_seconds[of_firsts[i].front()].size() == 1) {
        result_.of_first[firsts[i]] = seconds[of_firsts[i].front()];
        result_.of_second[seconds[of_firsts[i].front()]] = firsts[i];
        continue;
      }
      for (const std::size_t k : of_firsts[i]) rivals.push_back(seconds[k]);
    }
  }

  static void repeat(const GradedList& list, Indices& matched) {
    for (std::size_t i = 0; i < list.entries.size(); ++i) {
      if (list.entries[i].repeats != kNoEntry) matched[i] = matched[list.entries[i].repeats];
    }
  }

  const GradedList& first_;
  const GradedList& second_;
  Matches result_;
};

}  // namespace

Matches match_ids(const GradedList& first, const GradedList& second) { return Matcher(first, second).run(); }

}  // namespace fovea::tools
