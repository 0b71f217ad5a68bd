// hdf5-ask: what fovea's HDF5 reader makes of files, for the test that holds it against h5py. Questions come line by
// line on standard input, fields apart by tabs; each is answered by a line: "error REASON" or what was asked for.
//   open FILE                the names of the root's links
//   links GROUP              the names of a group's links
//   attributes GROUP         the names of its attributes
//   texts GROUP ATTRIBUTE    its texts
//   data DATASET             shape, and CRC-32 of its elements as float32
// Names and texts are answered in hexadecimal digits, apart by blanks. Not installed.
#include <libdeflate.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <fovea/error.h>
#include "loaders/hdf5/file.h"

namespace {

using Fields = std::vector<std::string>;

Fields split(const std::string& line) {
  Fields fields;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find('\t', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

std::string in_hex(const std::vector<std::string>& texts) {
  std::string all = "ok";
  for (const std::string& text : texts) {
    all += " x";
    for (const char c : text) {
      constexpr const char* kDigits = "0123456789abcdef";
      all += kDigits[static_cast<unsigned char>(c) >> 4];
      all += kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
  return all;
}

fovea::hdf5::Group group_at(const fovea::hdf5::File& file, const std::string& path) {
  return path.empty() ? file.root() : file.root().group(path);
}

std::string about(const fovea::hdf5::Tensor& tensor) {
  std::string all = "ok " + std::to_string(libdeflate_crc32(0, tensor.data.get(),
                                                            sizeof(float) * static_cast<std::size_t>(tensor.elements)));
  for (const auto side : tensor.shape) all += " " + std::to_string(side);
  return all;
}

std::string answer(const Fields& question, std::unique_ptr<fovea::hdf5::File>& file) {
  const std::string& kind = question.at(0);
  if (kind == "open") {
    file.reset();
    file = std::make_unique<fovea::hdf5::File>(question.at(1));
    return in_hex(file->root().links());
  }
  if (file == nullptr) return "error no file is open";
  if (kind == "links") return in_hex(group_at(*file, question.at(1)).links());
  if (kind == "attributes") return in_hex(group_at(*file, question.at(1)).attributes());
  if (kind == "texts") return in_hex(group_at(*file, question.at(1)).texts(question.at(2)));
  return about(file->root().tensor(question.at(1)));
}

}  // namespace

int main() {
  std::unique_ptr<fovea::hdf5::File> file;
  for (std::string line; std::getline(std::cin, line);) {
    try {
      std::cout << answer(split(line), file) << '\n';
    } catch (const fovea::Error& error) {
      std::cout << "error " << error.what() << '\n';
    }
  }
}
