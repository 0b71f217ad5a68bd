// Deprecated: include <fovea/arithmetic.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/layers/arithmetic.h> is now <fovea/arithmetic.h>")
#include <fovea/arithmetic.h>
