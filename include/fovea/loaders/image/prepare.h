// Deprecated: include <fovea/prepare.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/loaders/image/prepare.h> is now <fovea/prepare.h>")
#include <fovea/prepare.h>
