// What an unfinished run has found so far, kept beside its output so that it can go on after a crash or a power cut.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tools/predict/journal_format.h"

namespace fovea::tools {

/// What to do with a journal that an earlier run left.
enum class JournalStart {
  fresh,   ///< refuse: the user must say
  resume,  ///< go on with it
  add,     ///< the same, though the list of images may be another
  restart  ///< empty it
};

/// Results in the order of the list, appended as they come. What was appended survives the end of the process at once,
/// and a power cut within two seconds of work. A line that was torn is cut off when the journal is opened, and what
/// follows it as well. Only one process at a time holds a journal. All errors are fovea::Error "PATH: reason".
class Journal {
 public:
  /// Throws if `fresh` is asked for and there is a journal. Costs nothing, so that it comes before long work.
  static void check(const std::filesystem::path& path, JournalStart start);

  /// Opens or creates it; without a path it is a file without a name, which no other run can go on with. One of another
  /// run (`identity`), or with records that cannot be of this one, is refused; a file that is no journal is never
  /// changed.
  Journal(const std::filesystem::path& path, JournalStart start, const RunIdentity& identity,
          const JournalShape& shape);
  /// Removes a journal without any image: it is worth nothing.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Images in it; the next one to append has this index.
  std::size_t size() const { return ids_.size(); }
  /// Of these, in their order.
  const std::vector<std::string>& ids() const { return ids_; }
  const std::filesystem::path& path() const { return path_; }

  /// Visits all results in their order.
  void read(const std::function<void(std::size_t, const Graded&)>& visit) const;
  /// Becomes the journal of the run `identity`, with those results only that `keep` wants.
  void keep_only(const RunIdentity& identity, const std::function<bool(const Graded&)>& keep);
  /// A record that does not fit on the disk is an Error, and leaves the journal without it.
  void append(const Graded& graded);
  /// Everything appended is on the disk.
  void sync();
  /// The run is complete, and its results are published.
  void remove();

 private:
  void open(JournalStart start);
  void begin(const RunIdentity& identity);
  void resume(const RunIdentity& identity, JournalStart start);
  void write(const std::string& line);
  [[noreturn]] void fail(const std::string& reason) const;
  [[noreturn]] void fail_to_write(int error) const;

  std::filesystem::path path_;
  JournalShape shape_;
  int descriptor_ = -1;
  std::int64_t end_ = 0;  // of the last whole line
  std::vector<std::string> ids_;
  std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

}  // namespace fovea::tools
