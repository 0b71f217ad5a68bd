// What the card tests share: a scratch file with a card's text, and the message of an Error.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <fovea/card.h>
#include <fovea/error.h>

namespace fovea::card_test {

/// A folder that is removed with its contents.
class CardFolder {
 public:
  CardFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "fovea-card-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Error("no temporary folder");
    folder_ = name;
  }
  ~CardFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  CardFolder(const CardFolder&) = delete;
  CardFolder& operator=(const CardFolder&) = delete;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

 private:
  std::filesystem::path folder_;
};

inline ModelCard card_from(const std::string& text) {
  const CardFolder folder;
  return read_card(folder.write("eye.json", text));
}

/// The message of the Error that `action` throws, "no error" if none.
template <typename Action>
std::string card_error_of(const Action& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

/// What reading this card throws, without the file's name, which is checked to be there.
inline std::string reading_error(const std::string& text) {
  const CardFolder folder;
  const std::string path = folder.write("eye.json", text);
  const std::string error = card_error_of([&] { read_card(path); });
  if (error == "no error") return error;
  EXPECT_EQ(error.rfind(path + ": ", 0), 0U) << error;
  EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  return error.substr(std::min(error.size(), path.size() + 2));
}

}  // namespace fovea::card_test
