// Writes the tests' tiny model: fovea-tiny-model FILE.
#include <cstdio>

#include "tests/tools/tiny_model.h"

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: fovea-tiny-model FILE\n", stderr), 2;
  fovea::test::write_tiny_model(argv[1]);
  return 0;
}
