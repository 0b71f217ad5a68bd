// fovea-run MODEL INPUT OUTPUT [BATCH [THREADS [ISA]]]: feeds a model a file of float32 images, one after another, and
// writes its float32 outputs. Several models at once: MODEL, INPUT and OUTPUT are then lists with ':' between the paths.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "loaders/keras/model.h"

namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ':');) parts.push_back(part);
  return parts;
}

void run(const std::string& path, const std::string& input, const std::string& output,
         const fovea::SessionOptions& options, const std::string& isa) {
  fovea::Session session(fovea::load_model(path, {.isa = isa}), options);
  std::ifstream in(input, std::ios::binary);
  std::ofstream out(output, std::ios::binary);
  std::uintmax_t left = std::filesystem::file_size(input);
  const std::uintmax_t image_bytes = session.input().size_bytes();
  if (left == 0 || left % image_bytes != 0) throw fovea::Error(input + ": is not a whole number of images");
  while (left > 0) {
    int batch = 0;
    for (; batch < options.max_batch && left > 0; ++batch, left -= image_bytes) {
      const std::span<float> image = session.input(batch);
      in.read(reinterpret_cast<char*>(image.data()), static_cast<std::streamsize>(image.size_bytes()));
    }
    session.run(batch);
    for (int i = 0; i < batch; ++i) {
      const std::span<const float> answer = session.output(i);
      out.write(reinterpret_cast<const char*>(answer.data()), static_cast<std::streamsize>(answer.size_bytes()));
    }
  }
  if (!in || !out.flush()) throw fovea::Error(input + " or " + output + ": cannot be read or written");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: fovea-run MODEL INPUT OUTPUT [BATCH [THREADS [ISA]]]\n");
    return 2;
  }
  try {
    const std::vector<std::string> models = split(argv[1]), inputs = split(argv[2]), outputs = split(argv[3]);
    if (models.size() != inputs.size() || models.size() != outputs.size()) throw fovea::Error("lists differ in length");
    const fovea::SessionOptions options{.max_batch = argc > 4 ? std::atoi(argv[4]) : 1,
                                        .threads = argc > 5 ? std::atoi(argv[5]) : 0};
    for (std::size_t i = 0; i < models.size(); ++i) {
      run(models[i], inputs[i], outputs[i], options, argc > 6 ? argv[6] : "");
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fovea-run: %s\n", e.what());
    return 1;
  }
}
