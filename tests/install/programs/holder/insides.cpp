#include "layers/thread_team.h"
int main() {}
