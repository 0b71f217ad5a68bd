// All of an HDF5 file read, whatever is in it: every group, text and number. In the reader's namespace, which has
// another name in the copy that mends sums.
#pragma once

#include <string>

#include <fovea/error.h>
#include "loaders/bytes.h"
#include "loaders/hdf5/file.h"

namespace fovea::hdf5 {

/// What `action` throws is passed over.
template <class Action>
void attempt(const Action& action) {
  try {
    action();
  } catch (const Error&) {
  }
}

inline void walk(const Group& group, int& left) {
  constexpr std::size_t kMostLooked = 100;
  const auto names = group.attributes();
  for (std::size_t i = 0; i < names.size() && i < kMostLooked; ++i) attempt([&] { group.texts(names[i]); });
  for (const std::string& link : group.links()) {
    if (--left < 0) return;
    attempt([&] { group.tensor(link); });
    attempt([&] { walk(group.group(link), left); });
  }
}

/// Links may lead in circles: after some of them the walk ends.
inline void walk_all(const Bytes& bytes) {
  int left = 200;
  attempt([&] {
    const File file(bytes, "walked");
    walk(file.root(), left);
  });
}

}  // namespace fovea::hdf5
