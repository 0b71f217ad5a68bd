// What is said of damaged files, where several parts find the same.
#pragma once

namespace fovea::hdf5 {

constexpr const char* kDamagedHeader = "the file is damaged: bad object header";
constexpr const char* kDamagedLinks = "the file is damaged: bad list of its parts";
constexpr const char* kDamagedAttributes = "the file is damaged: bad list of attributes";
constexpr const char* kDamagedChunks = "the file is damaged: bad list of chunks";

}  // namespace fovea::hdf5
