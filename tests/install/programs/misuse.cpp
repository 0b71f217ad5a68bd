// misuse MODEL: every mistake is a fovea::Error.
#include <functional>
#include <vector>

#include "bits.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto model = fovea::load_model(argv[1]);
  fovea::Session moved(model);
  fovea::Session session(std::move(moved));
  fovea::GradCam gone(model);
  const fovea::GradCam cam(std::move(gone));
  std::vector<float> heat(static_cast<std::size_t>(cam.height() * cam.width()));
  fovea::Image lies;
  lies.width = 1000;
  lies.height = 1000;
  lies.pixels.resize(3);
  const fovea::Preprocessing steps = fovea::preset_card("gaussian-700").preprocessing;
  const std::vector<std::function<void()>> mistakes = {
      [] { fovea::Session(nullptr); },
      [] { fovea::GradCam(nullptr); },
      [&] { moved.run(); },
      [&] { static_cast<void>(moved.output()); },
      [&] { static_cast<void>(gone.height()); },
      [&] { cam.map(moved, 0, heat); },
      [&] { cam.map(session, 0, heat); },
      [&] { session.run(2); },
      [&] { static_cast<void>(session.input(1)); },
      [&] { static_cast<void>(session.input(0, 1)); },
      [&] { session.run_layer(100000); },
      [&] { session.resize({}); },
      [&] { fovea::Session(model, {.max_batch = -1}); },
      [&] { fovea::load_model(argv[1], {.isa = "mmx"}); },
      [] { fovea::load_model("no such file"); },
      [] { fovea::read_card("no such file"); },
      [&] { fovea::apply_steps(lies, steps, 700, 700); },
      [&] { fovea::apply_steps(fovea::Image{}, steps, 700, 700); },
  };
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    try {
      mistakes[i]();
      std::printf("mistake %zu passes\n", i);
      return 1;
    } catch (const fovea::Error&) {
    }
  }
  session.run();
  std::puts(answer(argv[1]).c_str());
}
