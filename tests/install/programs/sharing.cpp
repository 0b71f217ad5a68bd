// sharing MODEL: eight threads with a session each over one model, while models come and go.
#include <atomic>
#include <thread>
#include <vector>

#include "bits.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string expected = answer(argv[1]);
  const auto model = fovea::load_model(argv[1]);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      fovea::Session session(i % 2 == 0 ? model : fovea::load_model(argv[1]), {.threads = 1 + i % 3});
      fill(session);
      for (int run = 0; run < 5; ++run) {
        session.run();
        if (bits_of(session) != expected) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::puts(expected.c_str());
  return wrong == 0 ? 0 : 1;
}
