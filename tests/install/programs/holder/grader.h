// The library of a project that holds fovea.
#pragma once

#include <fovea/fovea.h>

#include <string>

std::string graded(const std::string& model);
