// Deprecated: include <fovea/shape.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/layers/shape.h> is now <fovea/shape.h>")
#include <fovea/shape.h>
