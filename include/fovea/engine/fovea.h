// Deprecated: include <fovea/session.h> and <fovea/version.h>, or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/engine/fovea.h> is now <fovea/session.h> and <fovea/version.h>")
#include <fovea/session.h>
#include <fovea/version.h>
