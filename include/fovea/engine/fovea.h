// Deprecated: include <fovea/session.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/engine/fovea.h> is now <fovea/session.h>")
#include <fovea/session.h>
