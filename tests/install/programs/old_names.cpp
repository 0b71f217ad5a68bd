// What plain does, with the headers by their first names, which still work: each says by a note what it is now.
#include <fovea/engine/fovea.h>
#include <fovea/engine/grad_cam.h>
#include <fovea/engine/model_desc.h>
#include <fovea/layers/arithmetic.h>
#include <fovea/layers/error.h>
#include <fovea/layers/export.h>
#include <fovea/layers/layer_config.h>
#include <fovea/layers/shape.h>
#include <fovea/loaders/card/card.h>
#include <fovea/loaders/card/decision.h>
#include <fovea/loaders/card/self_test.h>
#include <fovea/loaders/image/prepare.h>
#include <fovea/loaders/keras/model.h>

#include "plain.cpp"
