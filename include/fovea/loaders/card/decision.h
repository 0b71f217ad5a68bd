// Deprecated: include <fovea/decision.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/loaders/card/decision.h> is now <fovea/decision.h>")
#include <fovea/decision.h>
