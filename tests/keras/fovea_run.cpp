// fovea-run: feeds models with files of float32 images, one image after another, and writes their float32 outputs, or
// the heat maps of one class. Of several inputs or outputs those of one image stand in a row.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fovea/grad_cam.h>
#include <fovea/keras.h>

namespace {

struct Options {
  std::vector<std::string> files;
  fovea::SessionOptions session;
  fovea::ModelOptions model;
  fovea::KerasOptions keras;
  int heat_class = -1;  ///< write this class' heat maps
};

void write(std::ofstream& out, std::span<const float> values) {
  out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
}

void run(const std::string& path, const std::string& input, const std::string& output, const Options& options) {
  const auto model = fovea::load_model(path, options.model, options.keras);
  fovea::Session session(model, options.session);
  std::optional<fovea::GradCam> cam;
  if (options.heat_class >= 0) cam.emplace(model);
  std::vector<float> heat(cam ? static_cast<std::size_t>(cam->height() * cam->width()) : 0);
  std::ifstream in(input, std::ios::binary);
  std::ofstream out(output, std::ios::binary);
  std::uintmax_t left = std::filesystem::file_size(input);
  const int inputs = static_cast<int>(model->input_names().size());
  const int outputs = static_cast<int>(model->output_names().size());
  std::uintmax_t image_bytes = 0;
  for (int index = 0; index < inputs; ++index) image_bytes += session.input(0, index).size_bytes();
  if (left == 0 || left % image_bytes != 0) throw fovea::Error(input + ": is not a whole number of images");
  while (left > 0) {
    int batch = 0;
    for (; batch < options.session.max_batch && left > 0; ++batch, left -= image_bytes) {
      for (int index = 0; index < inputs; ++index) {
        const std::span<float> values = session.input(batch, index);
        in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
      }
    }
    session.run(batch);
    for (int i = 0; i < batch; ++i) {
      if (cam) {
        cam->map(session, options.heat_class, heat, i);
        write(out, heat);
        continue;
      }
      for (int index = 0; index < outputs; ++index) write(out, session.output(i, index));
    }
  }
  if (!in || !out.flush()) throw fovea::Error(input + " or " + output + ": cannot be read or written");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Feeds models with files of float32 images and writes their float32 outputs.", "fovea-run");
  app.add_option("files", options.files, "MODEL INPUT OUTPUT, once or more")->required();
  app.add_option("--batch", options.session.max_batch, "Images in one run")->check(CLI::Range(1, 256));
  app.add_option("--threads", options.session.threads, "Threads")->check(CLI::Range(1, 1024));
  app.add_option("--heat-map", options.heat_class, "Write the heat maps of this class");
  std::string arithmetic = "fast";
  app.add_option("--arithmetic", arithmetic, "direct or fast");
  app.add_option("--isa", options.model.isa, "Instruction set");
  app.add_option("--architecture", options.keras.architecture, "Architecture of a weights-only file, by name");
  app.add_option("--config", options.keras.config_file,
                 "Architecture of a weights-only file, as Keras' to_json() has it");
  app.add_option("--layers", options.keras.layers_file, "What to run in place of layers");
  app.add_option("--height", options.keras.input_height, "Height of the input where the model leaves it open");
  app.add_option("--width", options.keras.input_width, "Width, likewise");
  CLI11_PARSE(app, argc, argv);
  try {
    options.session.keep_last_convolution = options.heat_class >= 0;
    options.model.arithmetic = fovea::parse_arithmetic(arithmetic);
    if (options.files.size() % 3 != 0) throw fovea::Error("files come in threes: MODEL INPUT OUTPUT");
    for (std::size_t i = 0; i < options.files.size(); i += 3) {
      run(options.files[i], options.files[i + 1], options.files[i + 2], options);
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fovea-run: %s\n", e.what());
    return 2;
  }
}
