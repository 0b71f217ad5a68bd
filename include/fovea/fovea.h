// All of fovea for those who embed it: models and sessions, the Keras loader, pack files, model cards, pictures.
#pragma once

#include <fovea/card.h>
#include <fovea/grad_cam.h>
#include <fovea/keras.h>
#include <fovea/model_info.h>
#include <fovea/pack.h>
#include <fovea/prepare.h>
#include <fovea/session.h>
#include <fovea/version.h>
