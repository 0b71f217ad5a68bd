// How a run goes on from an earlier one's journal.
#include "tools/predict/resume.h"

#include <unordered_map>
#include <utility>

#include <fovea/error.h>
#include "grading/pipeline/file_stamp.h"
#include "text/text.h"

namespace fovea::tools {

void sort_by_journal(const Journal& journal, std::vector<InputItem>& items) {
  std::unordered_map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < items.size(); ++i) index.emplace(items[i].id, i);
  std::vector<InputItem> sorted;
  std::vector<bool> taken(items.size(), false);
  for (const std::string& id : journal.ids()) {
    const auto found = index.find(id);
    if (found == index.end() || taken[found->second])
      throw Error(printable(id) + ": is in the journal, but not once in the list; --restart begins anew");
    taken[found->second] = true;
    sorted.push_back(items[found->second]);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!taken[i]) sorted.push_back(items[i]);
  }
  items = std::move(sorted);
}

void take_over(Journal& journal, const RunIdentity& identity, const std::vector<InputItem>& items) {
  std::unordered_map<std::string, const InputItem*> known;
  for (const InputItem& item : items) known.emplace(item.id, &item);
  journal.keep_only(identity, [&](const Graded& graded) {
    const auto found = known.find(graded.id);
    if (!graded.error.empty()) {
      return found != known.end() && found->second->error.empty() && file_stamp(found->second->path) == graded.file;
    }
    if (found == known.end()) {
      throw Error(printable(graded.id) + ": was graded, and is not in the list any more; --restart begins anew");
    }
    return true;
  });
}

void count_journal(const Journal& journal, const std::vector<InputItem>& items, Tally& tally) {
  journal.read([&](std::size_t index, const Graded& graded) {
    if (file_stamp(items[index].path) != graded.file) {
      throw Error(items[index].path + ": was changed after it had been graded; --restart begins anew");
    }
    tally.add(items[index], graded);
  });
}

std::string way_on(const Journal& journal, std::size_t images, bool restarted) {
  if (journal.path().empty()) return "; no result was written";
  if (journal.size() == 0) return "; no image was graded";
  return "; " + journal.path().string() + " keeps " + std::to_string(journal.size()) + " of " +
         count_text(images, "image") + ", the same command with --resume " +
         (restarted ? "in place of --restart " : "") + "goes on";
}

}  // namespace fovea::tools
