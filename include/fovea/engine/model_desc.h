// Deprecated: include <fovea/model_desc.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/engine/model_desc.h> is now <fovea/model_desc.h>")
#include <fovea/model_desc.h>
