// The signatures are those of the formats' own documents.
#include "loaders/keras/classes/foreign.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "loaders/printable.h"

namespace fovea::keras {
namespace {

constexpr std::size_t kFirstBytes = 4096;

constexpr const char* kEmpty = "the file is empty: copy or download it again";
constexpr const char* kSaveAgain = "save it with model.save('model.keras')";
const std::string kSavedModel = std::string("a SavedModel of TensorFlow, which is not supported: load it with ") +
                                "tf.keras.models.load_model and " + kSaveAgain;
const std::string kTfjs =
    std::string("a model of TensorFlow.js, which is not supported: ") +
    "tensorflowjs_converter --input_format tfjs_layers_model --output_format keras makes an .h5 of it";
const std::string kPyTorch =
    "a file of PyTorch, which is not supported: build the same network in Keras and copy its "
    "weights, as weights/export_torchvision.py does";

struct Signature {
  std::size_t at;
  std::string_view bytes;
  std::string_view what;
};

constexpr Signature kSignatures[] = {
    {0, "version https://git-lfs.github.com/", "a Git LFS pointer in place of the model: run 'git lfs pull'"},
    {0, std::string_view("\0\x05\x16\x07", 4), "macOS' notes about a file: give the file without '._' in its name"},
    {0, "\x1f\x8b", "compressed with gzip: unpack it (gunzip, or tar -xzf)"},
    {0, "BZh", "compressed with bzip2: unpack it"},
    {0,
     std::string_view("\xfd"
                      "7zXZ\0",
                      6),
     "compressed with xz: unpack it"},
    {0, "\x28\xb5\x2f\xfd", "compressed with zstd: unpack it"},
    {0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it and give the model within"},
    {0, "Rar!", "a RAR archive: unpack it and give the model within"},
    {257, "ustar", "a tar archive: unpack it and give the model within"},
    {4, "TFL3", "a TensorFlow Lite model, which is not supported: give the Keras model that it was converted from"},
    {0, "\x93NUMPY", "an array of NumPy, not a model"},
    {0, "\xff\xd8\xff", "a JPEG picture, not a model"},
    {0, "\x89PNG", "a PNG picture, not a model"},
    {0, "GGUF", "a GGUF model, which is not supported"},
};

std::string first_bytes(const std::string& path) {
  std::string bytes(kFirstBytes, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::optional<std::string> json_kind(std::string_view text) {
  if (contains(text, "\"weight_map\""))
    return "the index of weights in several files, which are not supported: load the model in Keras and " +
           std::string(kSaveAgain);
  if (contains(text, "\"modelTopology\"") || contains(text, "\"weightsManifest\"")) return kTfjs;
  if (contains(text, "\"fovea_card\"")) return "a model card: give the model that it belongs to";
  if (contains(text, "\"class_name\"") && contains(text, "\"config\""))
    return "a model's configuration without its weights: give the file of weights, and this one with --config";
  return "a JSON file, not a model";
}

/// Python's pickles begin with their version.
std::optional<std::string> pickle_kind(std::string_view bytes, const std::string& ending) {
  if (bytes.size() < 2 || bytes[0] != '\x80' || bytes[1] < 2 || bytes[1] > 5) return std::nullopt;
  const bool torch = ending == ".pt" || ending == ".pth" || contains(bytes, "torch") ||
                     bytes.substr(2).starts_with("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19");
  return torch ? kPyTorch
               : "a pickle of Python, which fovea does not run: load it in Python and " + std::string(kSaveAgain);
}

/// Messages of protocol buffers that begin with a version.
std::optional<std::string> protocol_buffer_kind(std::string_view bytes, const std::string& ending) {
  const bool versioned = bytes.size() > 2 && bytes[0] == '\x08' && bytes[1] > 0 && bytes[1] < 32;
  if (ending == ".pb" || (versioned && bytes[1] == 1 && bytes[2] == '\x12')) return kSavedModel;
  if (ending == ".onnx" || (versioned && bytes[1] > 2 && (bytes[2] == '\x12' || bytes[2] == '\x3a')))
    return "an ONNX model, which is not supported: give the Keras model that it was converted from";
  return std::nullopt;
}

std::optional<std::string> folder_kind(const std::filesystem::path& folder) {
  const auto has = [&](const char* name) {
    std::error_code error;
    return std::filesystem::exists(folder / name, error);
  };
  if (has("saved_model.pb")) return kSavedModel;
  if (has("config.json") && (has("model.weights.h5") || has("metadata.json")))
    return "Keras' form of a model as a folder: zip what is in it (zip -0 ../model.keras *) and give that file";
  if (has("model.json")) return kTfjs;
  return std::nullopt;
}

std::string base_name(const std::string& name) { return name.substr(name.rfind('/') + 1); }

/// What macOS puts beside the files.
bool is_of_macos(const std::string& name) {
  return name.starts_with("__MACOSX/") || base_name(name).starts_with("._") || base_name(name) == ".DS_Store";
}

/// By the first bytes of a file.
std::optional<std::string> content_kind(std::string_view all, const std::string& name) {
  for (const Signature& signature : kSignatures) {
    if (all.size() >= signature.at && all.substr(signature.at).starts_with(signature.bytes))
      return std::string(signature.what);
  }
  const std::string ending = lower(std::filesystem::path(name).extension().string());
  if (auto kind = pickle_kind(all, ending)) return kind;
  if (auto kind = protocol_buffer_kind(all, ending)) return kind;
  // "{" behind the length of a header
  if (all.size() > 9 && all.substr(8).starts_with("{\"") && all[7] == 0)
    return "a safetensors file, which is not supported: load it in Python and " + std::string(kSaveAgain);
  const std::size_t mark = all.starts_with("\xef\xbb\xbf") ? 3 : 0;
  const std::size_t text = all.find_first_not_of(" \t\r\n", mark);
  if (text == std::string_view::npos) return std::nullopt;
  if (all[text] == '{') return json_kind(all);
  const std::string start = lower(std::string(all.substr(text, 512)));
  if (start.starts_with("<!doctype html") || start.starts_with("<html") ||
      (start[0] == '<' && contains(start, "<html")))
    return "a web page in place of the model: the download needs a login or a confirmation; open its address in a "
           "browser";
  if (start.starts_with("<?xml") || start.starts_with("<error"))
    return "an XML message in place of the model: the download failed; open its address in a browser";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> foreign_kind(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return folder_kind(path);
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  const std::string bytes = first_bytes(path);
  if (bytes.empty() && std::filesystem::file_size(path, error) == 0) return kEmpty;
  return content_kind(bytes, path);
}

std::optional<std::string> foreign_kind(const Bytes& image, const std::string& name) {
  if (image.size == 0) return kEmpty;
  const std::string_view all(reinterpret_cast<const char*>(image.data.get()), std::min(image.size, kFirstBytes));
  return content_kind(all, name);
}

std::string foreign_archive(const std::vector<std::string>& names) {
  std::vector<std::string> models;
  bool arrays = !names.empty();
  for (const std::string& name : names) {
    if (is_of_macos(name)) continue;
    const std::string base = lower(base_name(name));
    if (base == "saved_model.pb") return "; it holds " + kSavedModel;
    if (base == "data.pkl") return "; it is " + kPyTorch;
    if (base == "model.json") return "; it holds " + kTfjs;
    arrays = arrays && base.ends_with(".npy");
    const bool model = base.ends_with(".h5") || base.ends_with(".hdf5") || base.ends_with(".keras");
    if (model) models.push_back(name);
  }
  if (!models.empty()) {
    std::string text = "; it holds '" + printable(models.front()) + "'";
    if (models.size() > 1) text += " and " + std::to_string(models.size() - 1) + " more";
    return text + ": unpack it and give the model";
  }
  return arrays ? "; it holds arrays of NumPy" : "";
}

std::optional<std::string> model_folder(const std::vector<std::string>& names) {
  constexpr std::string_view kConfig = "config.json";
  std::vector<std::string> folders;
  for (const std::string& name : names) {
    if (is_of_macos(name) || base_name(name) != kConfig) continue;
    const std::string folder = name.substr(0, name.size() - kConfig.size());
    if (folder.empty()) return folder;
    if (std::ranges::find(names, folder + "model.weights.h5") != names.end()) folders.push_back(folder);
  }
  if (folders.size() != 1) return std::nullopt;
  return folders.front();
}

}  // namespace fovea::keras
