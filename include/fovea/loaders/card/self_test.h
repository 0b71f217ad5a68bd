// Deprecated: include <fovea/self_test.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/loaders/card/self_test.h> is now <fovea/self_test.h>")
#include <fovea/self_test.h>
