// fovea in a program of one's own: embed MODEL.h5 CARD.json PICTURE.ppm prints the probability of each class.
// The picture (PPM, P6) is already of the network's size; how its pixels become numbers stands in the model's card.
#include <fovea/fovea.h>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) try {
  if (argc != 4) throw fovea::Error("usage: embed MODEL.h5 CARD.json PICTURE.ppm");
  const auto model = fovea::load_model(argv[1]);
  const fovea::Normalise scaling = fovea::read_card(argv[2]).preprocessing.normalise;
  const fovea::Shape& size = model->input_shape();

  std::ifstream file(argv[3], std::ios::binary);
  std::string format;
  int width = 0, height = 0, white = 0;
  file >> format >> width >> height >> white;
  file.get();
  std::vector<unsigned char> pixels(static_cast<std::size_t>(size.elements()));
  file.read(reinterpret_cast<char*>(pixels.data()), static_cast<std::streamsize>(pixels.size()));
  if (!file || format != "P6" || white != 255 || height != size.h() || width != size.w() || size.c() != 3) {
    throw fovea::Error(std::string(argv[3]) + ": not a P6 picture for an input of " + size.str());
  }

  fovea::Session session(model);
  const std::span<float> input = session.input();
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const std::size_t channel = i % 3, from = scaling.bgr ? i - channel + (2 - channel) : i;
    input[i] = static_cast<float>((pixels[from] * scaling.scale - scaling.mean[channel]) / scaling.std[channel]);
  }
  session.run();
  for (const float probability : session.output()) std::cout << probability << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
