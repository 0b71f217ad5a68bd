// Which instruction set's kernels a program runs.
#pragma once

#include <string>

#include "kernels/table.h"

namespace fovea {

/// The kernels of instruction set `wanted`; for "" those of the environment's FOVEA_ISA, or the best of this machine.
/// Throws Error where the name is unknown, not built in or not supported here.
const KernelTable& choose_kernels(const std::string& wanted);

}  // namespace fovea
