// What the host brought for the load that a thread does, for all that takes part in it.
#pragma once

#include <fovea/load_options.h>
#include "base/aligned.h"
#include "base/threading.h"

namespace fovea {

/// While one lives, this thread loads as `options` say: memory is theirs, `threads` what they chose, and `advance`
/// tells how far it is. Without one all is as by default.
class LoadScope {
 public:
  /// `options` outlive it. Throws Error for threads that cannot be had, and Cancelled.
  explicit LoadScope(const LoadOptions& options);
  ~LoadScope();
  LoadScope(const LoadScope&) = delete;
  LoadScope& operator=(const LoadScope&) = delete;

  /// For a ThreadTeam.
  static ThreadChoice threads();
  /// The token to be looked at in loops.
  static const CancelToken& cancel();
  /// Throws Cancelled if the load is.
  static void check_cancelled();
  /// Tells the host that this share of the load is done, if it is more than before. Throws Cancelled, and what the
  /// host's callback throws.
  static void advance(double share);
  /// Whether threads of fovea's own may work beside the load.
  static bool may_start_threads();

 private:
  const LoadOptions* options_;
  ThreadChoice threads_;
  MemoryScope memory_;
  double told_ = -1;
  LoadScope* before_;
};

}  // namespace fovea
