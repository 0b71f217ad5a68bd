// The exit codes every tool shares.
#pragma once

namespace fovea::tools {

inline constexpr int kExitOk = 0;       ///< everything asked for was done
inline constexpr int kExitPartial = 1;  ///< some images could not be graded; the others were
inline constexpr int kExitError = 2;    ///< wrong usage, a bad model, or a result that could not be written

}  // namespace fovea::tools
