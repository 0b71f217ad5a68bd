// Deprecated: include <fovea/card.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/loaders/card/card.h> is now <fovea/card.h>")
#include <fovea/card.h>
