// Deprecated: include <fovea/error.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/layers/error.h> is now <fovea/error.h>")
#include <fovea/error.h>
