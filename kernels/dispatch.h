// Chooses a kernel table at run time.
#pragma once

#include <string_view>
#include <vector>

#include "kernels/table.h"

namespace fovea {

/// Tables built in that this machine can run, best first. Never empty.
const std::vector<const KernelTable*>& usable_tables();

/// The table for `name`, or the best one for "". nullptr if the name is unknown, not built in or not supported here.
const KernelTable* find_table(std::string_view name);

}  // namespace fovea
