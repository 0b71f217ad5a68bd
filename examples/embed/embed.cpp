// fovea in a program of one's own: embed MODEL.h5 CARD.json PICTURE.ppm prints the model's outputs, each with the
// digits that give back its bits. The picture (PPM, P6) may have any size: the card says what is done with it.
#include <fovea/fovea.h>
#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <string>

namespace {

constexpr int kMostSide = 20000;

fovea::Image read_ppm(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string format;
  int width = 0, height = 0, white = 0;
  file >> format >> width >> height >> white;
  file.get();
  if (!file || format != "P6" || white != 255 || width < 1 || width > kMostSide || height < 1 || height > kMostSide) {
    throw fovea::Error(path + ": not a P6 picture of 8 bits a channel");
  }
  fovea::Image image;
  image.width = width;
  image.height = height;
  image.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  file.read(reinterpret_cast<char*>(image.pixels.data()), static_cast<std::streamsize>(image.pixels.size()));
  if (!file) throw fovea::Error(path + ": the file ends before the picture");
  return image;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw fovea::Error("usage: embed MODEL.h5 CARD.json PICTURE.ppm");
  const auto model = fovea::load_model(argv[1]);
  const fovea::ModelCard card = fovea::read_card(argv[2]);
  if (card.self_test) fovea::check_self_test(*card.self_test, model);
  const fovea::Preprocessing& preprocessing = card.preprocessing;
  const fovea::Shape& size = model->input_shape();
  if (size.rank() != 3 || size.c() != 3) throw fovea::Error("the model takes " + size.str() + ", not a colour picture");

  const fovea::Image picture = read_ppm(argv[3]);
  const fovea::Image prepared =
      fovea::apply_steps(picture, preprocessing, static_cast<int>(size.w()), static_cast<int>(size.h()), model->isa());
  fovea::Session session(model);
  fovea::normalise(prepared, preprocessing.normalise, session.input().data());
  session.run();
  std::cout << std::setprecision(std::numeric_limits<float>::max_digits10);
  for (const float output : session.output()) std::cout << output << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
