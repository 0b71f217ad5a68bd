// rounding MODEL: the host rounds upwards all the time.
#include <cfenv>

#include "bits.h"

int main(int argc, char** argv) {
  if (argc != 2 || std::fesetround(FE_UPWARD) != 0) return 2;
  std::puts(answer(argv[1], 2).c_str());
  return std::fegetround() == FE_UPWARD ? 0 : 1;
}
