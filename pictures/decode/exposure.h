// Pictures that show nothing, whatever they were meant to show: said in a note, as a network grades them all the same.
#pragma once

#include <string>

#include <fovea/prepare.h>

namespace fovea {

/// "" for a picture that may show something, else what it is: nearly black, white or of one colour. Looks at a million
/// pixels at most, always the same ones.
std::string exposure_note(const Image& image);

/// Of a file with 16 bits a sample, given the OR of all its colour samples: "" unless so few bits are in use that the
/// upper eight, which are the picture, are nearly black.
std::string sample_bits_note(unsigned all_samples);

}  // namespace fovea
