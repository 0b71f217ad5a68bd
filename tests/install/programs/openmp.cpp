// openmp MODEL: a program that lives with OpenMP, whose pool the sessions use; a child is refused it and goes on alone.
#include <omp.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bits.h"

namespace {

constexpr auto kOpenMp = fovea::Threading::openmp;

std::string run(fovea::Session& session) {
  fill(session);
  session.run();
  return bits_of(session);
}

// What it inherits runs on the one thread there is; another session of its kind would wait for threads that are not
// there.
int child(const std::shared_ptr<const fovea::Model>& model, fovea::Session& inherited, const std::string& expected) {
  alarm(60);
  if (run(inherited) != expected) return 1;
  try {
    const fovea::Session other(model, {.threading = kOpenMp});
    return 2;
  } catch (const fovea::Error& error) {
    if (std::string(error.what()).find("fork") == std::string::npos) return 3;
  }
  fovea::Session team(model, {.threads = 2, .threading = fovea::Threading::team});
  return run(team) == expected ? 0 : 4;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string expected = answer(argv[1]);
  long own = 0;
#pragma omp parallel for reduction(+ : own)
  for (int i = 0; i < 1000; ++i) own += i;
  const auto model = fovea::load_model(argv[1], {.load = {.threads = 3, .threading = kOpenMp}});
  fovea::Session session(model, {.threads = 3, .threading = kOpenMp});
  if (run(session) != expected || own != 499500) return 3;

  // Sessions in a region of the host's, one a thread: each does its work alone or with what OpenMP gives.
  int wrong = 0;
#pragma omp parallel num_threads(3) reduction(+ : wrong)
  {
    fovea::Session inside(model, {.threads = 2, .threading = kOpenMp});
    if (run(inside) != expected) ++wrong;
  }
  omp_set_num_threads(1);
  if (fovea::Session(model, {.threading = kOpenMp}).threads() != 1) return 4;

  const pid_t process = fork();
  if (process == 0) _exit(child(model, session, expected));
  int status = -1;
  if (process < 0 || waitpid(process, &status, 0) != process || status != 0) return 5;
  std::puts(expected.c_str());
  return wrong == 0 ? 0 : 1;
}
