// plain MODEL: loads, runs, prints.
#include "bits.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::puts(answer(argv[1], 2).c_str());
}
