// Deprecated: include <fovea/export.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/layers/export.h> is now <fovea/export.h>")
#include <fovea/export.h>
