// Deprecated: include <fovea/grad_cam.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/engine/grad_cam.h> is now <fovea/grad_cam.h>")
#include <fovea/grad_cam.h>
