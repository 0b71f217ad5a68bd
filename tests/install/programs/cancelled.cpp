// cancelled MODEL: loads and runs that another thread ends, with progress; the session goes on afterwards.
#include <thread>

#include "bits.h"

namespace {

template <class Work>
bool is_cancelled(const Work& work) {
  try {
    work();
  } catch (const fovea::Cancelled&) {
    return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string expected = answer(argv[1]);

  // To its end, told all the way; and ended wherever the host is told something.
  int told = 0;
  double last = -1;
  bool rising = true;
  const auto model = fovea::load_model(argv[1], {.load = {.progress = [&](double share) {
                                                   ++told;
                                                   rising = rising && share > last;
                                                   last = share;
                                                 }}});
  if (told < 5 || !rising || last != 1) return 3;
  for (int at = 0; at < told - 1; ++at) {
    fovea::CancelSource source;
    int now = 0;
    const auto progress = [&](double) {
      if (now++ == at) source.cancel();
    };
    if (!is_cancelled(
            [&] { fovea::load_model(argv[1], {.load = {.cancel = source.token(), .progress = progress}}); })) {
      return 4;
    }
  }

  fovea::Session session(model, {.threads = 2});
  for (int i = 0; i < 20; ++i) {
    fovea::CancelSource source;
    fill(session);
    std::thread other([&] { source.cancel(); });
    const bool ended = is_cancelled([&] {
      for (;;) session.run(1, source.token());
    });
    other.join();
    session.run();
    if (!ended || bits_of(session) != expected) return 5;
  }
  fovea::CancelSource before;
  before.cancel();
  if (!is_cancelled([&] { session.run(1, before.token()); })) return 6;
  session.run(1, fovea::CancelSource().token());
  std::puts(bits_of(session).c_str());
  return bits_of(session) == expected ? 0 : 1;
}
