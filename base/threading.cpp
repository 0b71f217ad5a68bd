// Names, the environment, and what a choice leaves open.
#include "base/threading.h"

#include <algorithm>
#include <cstdlib>

#include <fovea/error.h>
#include "base/allowed_threads.h"
#include "base/openmp.h"

namespace fovea {

namespace {

constexpr Threading kThreadings[] = {Threading::automatic, Threading::team, Threading::openmp};

Threading from_environment() {
  const char* name = std::getenv("FOVEA_THREADING");
  if (name == nullptr || *name == '\0') return Threading::team;
  try {
    const Threading threading = parse_threading(name);
    return threading == Threading::automatic ? Threading::team : threading;
  } catch (const Error& error) {
    throw Error(std::string("FOVEA_THREADING: ") + error.what());
  }
}

}  // namespace

const char* threading_name(Threading threading) noexcept {
  switch (threading) {
    case Threading::team:
      return "team";
    case Threading::openmp:
      return "openmp";
    default:
      return "automatic";
  }
}

Threading parse_threading(const std::string& name) {
  for (const Threading threading : kThreadings) {
    if (name == threading_name(threading)) return threading;
  }
  throw Error("threading '" + name + "' is unknown; it is team, openmp or automatic");
}

std::vector<std::string> available_threading() {
  return has_openmp() ? std::vector<std::string>{"team", "openmp"} : std::vector<std::string>{"team"};
}

ThreadChoice settled(ThreadChoice choice) {
  const auto most = std::to_string(kMaxThreads);
  if (choice.threads < 0 || choice.threads > kMaxThreads) throw Error("threads must be 0 to " + most);
  if (choice.executor == nullptr) {
    if (choice.threading == Threading::automatic) choice.threading = from_environment();
    if (choice.threading == Threading::team) {
      if (choice.threads == 0) choice.threads = std::min(allowed_threads(), kMaxThreads);
      return choice;
    }
    choice.executor = openmp_executor();
    const int own = std::min(allowed_threads(), choice.executor->threads());
    if (choice.threads == 0) choice.threads = std::min(own, kMaxThreads);
    return choice;
  }
  int own = 0;
  try {
    own = choice.executor->threads();
  } catch (const std::exception& error) {
    throw Error(std::string("the executor failed: ") + error.what());
  }
  if (own < 1 || own > kMaxThreads) {
    throw Error("the executor has " + std::to_string(own) + " threads; it must be 1 to " + most);
  }
  if (choice.threads == 0) choice.threads = own;
  return choice;
}

}  // namespace fovea
