// Deprecated: include <fovea/layer_config.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/layers/layer_config.h> is now <fovea/layer_config.h>")
#include <fovea/layer_config.h>
