// Deprecated: include <fovea/keras.h> or <fovea/fovea.h>. Kept until version 0.3.
#pragma once

#pragma message("<fovea/loaders/keras/model.h> is now <fovea/keras.h>")
#include <fovea/keras.h>
