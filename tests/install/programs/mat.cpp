// mat MODEL: pictures of OpenCV as they are, whole and as windows, of one, three and four channels; and what is no
// picture is refused by name.
#include <fovea/opencv.h>

#include <opencv2/imgproc.hpp>

#include "bits.h"

namespace {

std::string run(fovea::Session& session, const cv::Mat& picture, const fovea::Preprocessing& steps) {
  fovea::prepare(fovea::view(picture), steps, session);
  session.run();
  return bits_of(session);
}

template <class Work>
bool is_refused(const Work& work, const char* reason) {
  try {
    work();
  } catch (const fovea::Error& error) {
    return std::string(error.what()).find(reason) != std::string::npos;
  }
  return false;
}

bool refuses_what_is_no_picture() {
  const int sides[] = {2, 3, 4};
  const auto said = [](const cv::Mat& mat, const char* reason) {
    return is_refused([&] { fovea::view(mat); }, reason);
  };
  return said(cv::Mat(), "empty") && said(cv::Mat(3, 3, CV_16UC3), "CV_16UC3") &&
         said(cv::Mat(3, 3, CV_32FC3), "CV_32FC3") && said(cv::Mat(3, 3, CV_8SC1), "CV_8SC1") &&
         said(cv::Mat(3, 3, CV_8UC2), "CV_8UC2") && said(cv::Mat(3, sides, CV_8UC1), "3 dimensions");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto model = fovea::load_model(argv[1]);
  fovea::Session session(model, {.threads = 1});
  const fovea::Preprocessing steps = fovea::preset_card("resize-255").preprocessing;

  cv::Mat large(240, 320, CV_8UC3);
  cv::randu(large, 0, 256);
  cv::GaussianBlur(large, large, {}, 9);
  large.convertTo(large, -1, 6, -640);
  const cv::Mat window = large(cv::Rect(17, 23, 200, 180));
  if (window.isContinuous()) return 3;
  cv::Mat rgb, bgra, grey, grey_bgr;
  cv::cvtColor(window, rgb, cv::COLOR_BGR2RGB);
  cv::cvtColor(window, bgra, cv::COLOR_BGR2BGRA);
  cv::cvtColor(window, grey, cv::COLOR_BGR2GRAY);
  cv::cvtColor(grey, grey_bgr, cv::COLOR_GRAY2BGR);

  // The same picture as fovea's own tools would have it.
  const fovea::Image own{window.cols, window.rows, {rgb.datastart, rgb.dataend}};
  const fovea::Shape& size = model->input_shape();
  const fovea::Image prepared =
      fovea::apply_steps(own, steps, static_cast<int>(size.w()), static_cast<int>(size.h()), model->isa());
  fovea::normalise(prepared, steps.normalise, session.input().data());
  session.run();
  const std::string want = bits_of(session);
  if (run(session, window, steps) != want || run(session, window.clone(), steps) != want) return 4;
  if (run(session, bgra, steps) != want || run(session, large, steps) == want) return 5;
  if (run(session, grey, steps) != run(session, grey_bgr, steps) || run(session, grey, steps) == want) return 6;
  if (!refuses_what_is_no_picture()) return 7;

  // Floats of the network's own size and order.
  cv::Mat floats(static_cast<int>(size.h()), static_cast<int>(size.w()), CV_32FC3);
  fill(session);
  std::copy(session.input().begin(), session.input().end(), floats.ptr<float>());
  std::fill(session.input().begin(), session.input().end(), 0.0F);
  fovea::set_input(session, floats);
  session.run();
  const std::string expected = bits_of(session);
  if (!is_refused([&] { fovea::set_input(session, floats.rowRange(1, floats.rows)); }, "the model takes floats"))
    return 8;
  if (!is_refused([&] { fovea::set_input(session, window); }, "CV_8UC3")) return 9;
  std::puts(expected.c_str());
  return expected == answer(argv[1]) ? 0 : 1;
}
