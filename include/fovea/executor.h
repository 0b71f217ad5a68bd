// Whose threads compute: fovea's own, OpenMP's, or those of the program that holds fovea.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fovea/export.h>

namespace fovea {

/// Who shares the loops of a network where the host brings no Executor. No bit of a result depends on it.
enum class Threading {
  automatic,  ///< a session: as its model was loaded; a load: what the environment's FOVEA_THREADING names, or `team`
  team,       ///< threads of fovea's own for each session; goes on in a process made by fork
  openmp      ///< OpenMP's pool, for programs that live with it; not in a process made by fork
};

/// "automatic", "team", "openmp"
FOVEA_API const char* threading_name(Threading threading) noexcept;
/// The reverse; throws Error for any other name.
FOVEA_API Threading parse_threading(const std::string& name);
/// What this build offers: "team", and "openmp" if it was built with it.
FOVEA_API std::vector<std::string> available_threading();

/// A piece of work that an Executor runs: small, to be copied at will, and never dangling. Called when it is no longer
/// wanted, even long after its session is gone, it does nothing but note the mistake.
class Task {
 public:
  /// Runs task number `index` on the calling thread. Never throws.
  FOVEA_API void operator()(int index) const noexcept;

  /// Two words for an interface in C to carry; of no other use.
  void* state = nullptr;
  std::uint64_t loop = 0;
};

/// The host's threads: one pool for all sessions and loads that it is given to, or one for each.
///
///   struct Pool final : fovea::Executor {
///     int threads() const override { return 4; }
///     void run(int tasks, const fovea::Task& task) override {
///       host_pool.parallel_for(0, tasks, [task](int i) { task(i); });
///     }
///   };
///   fovea::Session session(model, {.executor = std::make_shared<Pool>()});
///
/// Tasks share the work of a loop by themselves: it is complete and has the same bits whichever threads run them, one
/// after the other or together. They run for microseconds to milliseconds, take no locks and wait for nothing. If tasks
/// are left out or run twice, or `run` throws, the loop is done nevertheless, and then the session's run (or the load)
/// throws an Error that says so.
class FOVEA_API Executor {
 public:
  Executor() = default;
  virtual ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// How many tasks can run at the same time, the caller's thread included: 1 to 1024. Asked when a session or a load
  /// begins.
  virtual int threads() const = 0;

  /// Calls task(0) to task(tasks - 1), each once, on whatever threads, and returns when all have returned. Called from
  /// the thread that runs the session or loads, up to some hundred times a run; from several threads at once where
  /// several sessions share an executor. Loops of one task do not come here.
  virtual void run(int tasks, const Task& task) = 0;
};

}  // namespace fovea
