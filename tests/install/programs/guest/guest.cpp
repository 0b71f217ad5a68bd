// guest MODEL
#include <grader.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::puts(graded(argv[1]).c_str());
}
