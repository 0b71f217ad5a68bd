// All of fovea for those who embed it: models and sessions, the Keras loader, model cards, pictures.
#pragma once

#include <fovea/engine/fovea.h>
#include <fovea/engine/grad_cam.h>
#include <fovea/loaders/card/card.h>
#include <fovea/loaders/image/prepare.h>
#include <fovea/loaders/keras/model.h>
