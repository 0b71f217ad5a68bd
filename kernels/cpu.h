// What the processor and the operating system support.
#pragma once

#include "kernels/isa.h"

namespace fovea {

/// True if the CPU has the instructions of this copy of the kernels and the OS saves its registers.
bool cpu_supports(Isa isa) noexcept;

}  // namespace fovea
