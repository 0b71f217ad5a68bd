#include "grader.h"

#include "../bits.h"

std::string graded(const std::string& model) { return answer(model); }
