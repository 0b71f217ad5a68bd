// call-bench MODEL: what a call through the C interface costs over one through the C++ interface, on a network so small
// that it shows. Both copy one image in, run it on one thread and copy the result out, taking turns; the outputs must
// be equal.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <limits>
#include <vector>

#include <fovea/error.h>
#include <fovea/fovea_c.h>
#include <fovea/keras.h>

namespace fovea::bench {
namespace {

constexpr int kCalls = 2000, kTurns = 400;

template <typename Call>
double nanoseconds_a_call(const Call& call) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  for (int i = 0; i < kCalls; ++i) call();
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count() / kCalls;
}

void check(fovea_status status) {
  if (status != FOVEA_OK) throw Error(fovea_last_error());
}

int run(const char* path) {
  Session session(load_model(path), {.max_batch = 1, .threads = 1});
  fovea_model* model = nullptr;
  fovea_session* c_session = nullptr;
  fovea_session_options options = FOVEA_SESSION_OPTIONS_INIT;
  options.threads = 1;
  check(fovea_model_load(path, nullptr, &model));
  check(fovea_session_create(model, &options, &c_session));
  std::vector<float> input(session.input().size(), 0.5f), output(session.output().size()), c_output(output.size());

  double cpp = std::numeric_limits<double>::max(), c = cpp;
  for (int turn = 0; turn < kTurns; ++turn) {
    cpp = std::min(cpp, nanoseconds_a_call([&] {
                     std::copy(input.begin(), input.end(), session.input().begin());
                     session.run();
                     std::copy_n(session.output().data(), output.size(), output.begin());
                   }));
    c = std::min(
        c, nanoseconds_a_call([&] {
          check(fovea_session_predict(c_session, 1, input.data(), input.size(), c_output.data(), c_output.size()));
        }));
  }
  check(fovea_session_free(c_session));
  check(fovea_model_free(model));
  std::printf("C++ %.0f ns, C %.0f ns, over it %.0f ns (the least of %d turns of %d calls)\n", cpp, c, c - cpp, kTurns,
              kCalls);
  return output == c_output ? 0 : 1;
}

}  // namespace
}  // namespace fovea::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: call-bench MODEL\n", stderr);
    return 2;
  }
  try {
    return fovea::bench::run(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "call-bench: %s\n", error.what());
    return 2;
  }
}
