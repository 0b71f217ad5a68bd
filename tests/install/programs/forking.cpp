// forking MODEL: a child goes on with the session it inherits, and destroys it; so does the parent.
#include <sys/wait.h>
#include <unistd.h>

#include "bits.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::string before, after;
  {
    fovea::Session session(fovea::load_model(argv[1]), {.threads = 3});
    fill(session);
    session.run();
    before = bits_of(session);
    const pid_t child = fork();
    if (child == 0) {
      {
        const fovea::Session inherited(std::move(session));
        if (bits_of(inherited) != before) _exit(1);
      }
      std::exit(answer(argv[1], 3) == before ? 0 : 1);  // exit: with all that runs at the end of a process
    }
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return 1;
    session.run();
    after = bits_of(session);
  }
  std::puts(after.c_str());
  return before == after ? 0 : 1;
}
