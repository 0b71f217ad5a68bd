// fovea on a camera or a video: camera MODEL.h5 CARD.json SOURCE [FRAMES] prints the grade of every frame and its
// probabilities. SOURCE is a camera's number, or whatever OpenCV opens as a video: a file, an address, frames/%04d.png.
// Frames go from OpenCV to the network as they are; nothing is written in between.
#include <fovea/fovea.h>
#include <fovea/opencv.h>

#include <cctype>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include <opencv2/videoio.hpp>

namespace {

cv::VideoCapture open(const std::string& source) {
  const bool is_number = source.size() == 1 && std::isdigit(static_cast<unsigned char>(source[0])) != 0;
  cv::VideoCapture capture = is_number ? cv::VideoCapture(std::atoi(source.c_str())) : cv::VideoCapture(source);
  if (!capture.isOpened()) throw fovea::Error(source + ": OpenCV cannot open it as a camera or a video");
  return capture;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 4 || argc > 5) throw fovea::Error("usage: camera MODEL.h5 CARD.json SOURCE [FRAMES]");
  const auto model = fovea::load_model(argv[1]);
  const fovea::ModelCard card = fovea::read_card(argv[2]);
  const int outputs = static_cast<int>(model->output_shape().elements());
  fovea::check_outputs(card, outputs);
  if (card.self_test) fovea::check_self_test(*card.self_test, model);
  cv::VideoCapture capture = open(argv[3]);
  const long frames = argc == 5 ? std::atol(argv[4]) : -1;

  fovea::Session session(model);
  cv::Mat frame;
  long seen = 0;
  for (; seen != frames && capture.read(frame); ++seen) {
    fovea::prepare(fovea::view(frame), card.preprocessing, session);
    session.run();
    const float* answer = session.output().data();
    std::cout << "frame " << seen << ": grade " << fovea::decide(card.decision, answer, outputs);
    for (const double p : fovea::grade_probabilities(card.decision, answer, outputs)) std::cout << ' ' << p;
    std::cout << std::endl;
  }
  if (seen == 0) throw fovea::Error(std::string(argv[3]) + ": holds no frame");
  return 0;
} catch (const std::exception& error) {
  std::cerr << "camera: " << error.what() << '\n';
  return 2;
}
