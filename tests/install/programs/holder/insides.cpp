#include "base/thread_team.h"
int main() {}
