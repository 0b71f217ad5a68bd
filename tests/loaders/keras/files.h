// What the HDF5 and Keras tests share: a scratch folder, .h5 files written piece by piece, and the message of an Error.
#pragma once

#include <gtest/gtest.h>
#include <hdf5.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fovea/error.h>

namespace fovea::keras_test {

/// A folder that is removed with its contents.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "fovea-keras-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Error("no temporary folder");
    folder_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

 private:
  std::filesystem::path folder_;
};

inline std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The message of the Error that `action` throws, "no error" if none. Checks that it is one line and starts with
/// `path`.
template <typename Action>
std::string error_of(const std::string& path, const Action& action) {
  try {
    action();
  } catch (const Error& e) {
    const std::string message = e.what();
    EXPECT_EQ(message.rfind(path + ": ", 0), 0U) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message.substr(std::min(message.size(), path.size() + 2));
  }
  return "no error";
}

inline testing::AssertionResult contains(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << text << "' does not contain '" << part << "'";
}

/// The folder with real data, or "" where there is none.
inline std::string shared_data() {
  const char* set = std::getenv("FOVEA_SHARED_DATA");
  const std::string folder = set != nullptr ? set : std::string(FOVEA_SOURCE_DIR) + "/../shared/data";
  return std::filesystem::is_directory(folder) ? folder : "";
}

/// How the strings of an attribute are stored.
enum class Text { fixed_null_padded, fixed_null_terminated, fixed_space_padded, variable_ascii, variable_utf8 };

/// Writes an HDF5 file; groups on the way are made as needed. For tests only: failures throw.
class H5Writer {
 public:
  explicit H5Writer(const std::string& path, hid_t access = H5P_DEFAULT, hid_t creation = H5P_DEFAULT)
      : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access)) {
    check(file_);
    links_ = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links_, 1);
  }
  ~H5Writer() {
    H5Pclose(links_);
    H5Fclose(file_);
  }
  H5Writer(const H5Writer&) = delete;
  H5Writer& operator=(const H5Writer&) = delete;

  hid_t file() const { return file_; }
  hid_t links() const { return links_; }

  void group(const std::string& path) const {
    if (exists(path)) return;
    H5Gclose(check(H5Gcreate2(file_, path.c_str(), links_, H5P_DEFAULT, H5P_DEFAULT)));
  }

  /// A list of strings; a scalar if `scalar`.
  void texts(const std::string& group_path, const std::string& name, const std::vector<std::string>& values,
             Text form = Text::fixed_null_padded, bool scalar = false) const {
    const bool variable = form == Text::variable_ascii || form == Text::variable_utf8;
    std::size_t size = 1;
    for (const auto& value : values)
      size = std::max(size, value.size() + (form == Text::fixed_null_terminated ? 1 : 0));
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, variable ? H5T_VARIABLE : size);
    if (form == Text::variable_utf8) H5Tset_cset(type, H5T_CSET_UTF8);
    if (form == Text::fixed_null_padded) H5Tset_strpad(type, H5T_STR_NULLPAD);
    if (form == Text::fixed_space_padded) H5Tset_strpad(type, H5T_STR_SPACEPAD);
    std::string cells;
    std::vector<const char*> pointers;
    for (std::string value : values) {
      value.resize(size, form == Text::fixed_space_padded ? ' ' : '\0');
      cells += value;
    }
    for (const auto& value : values) pointers.push_back(value.c_str());
    const hsize_t count = values.size();
    const hid_t space = scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, nullptr);
    attribute(group_path, name, type, space,
              variable ? static_cast<const void*>(pointers.data()) : static_cast<const void*>(cells.data()));
    H5Sclose(space);
    H5Tclose(type);
  }

  void text(const std::string& group_path, const std::string& name, const std::string& value,
            Text form = Text::variable_ascii) const {
    texts(group_path, name, {value}, form, true);
  }

  /// What Keras writes for an empty list: zero numbers.
  void no_texts(const std::string& group_path, const std::string& name) const {
    const hsize_t count = 0;
    const hid_t space = H5Screate_simple(1, &count, nullptr);
    const double nothing = 0;
    attribute(group_path, name, H5T_IEEE_F64LE, space, &nothing);
    H5Sclose(space);
  }

  /// A dataset of floats stored as `type`, with `properties` for its storage.
  void floats(const std::string& path, const std::vector<hsize_t>& shape, const std::vector<float>& values,
              hid_t type = H5T_IEEE_F32LE, hid_t properties = H5P_DEFAULT) const {
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t id = check(H5Dcreate2(file_, path.c_str(), type, space, links_, properties, H5P_DEFAULT));
    if (!values.empty()) check(H5Dwrite(id, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
    H5Dclose(id);
    H5Sclose(space);
  }

  void remove(const std::string& path) const { check(H5Ldelete(file_, path.c_str(), H5P_DEFAULT)); }

  void remove_attribute(const std::string& path, const std::string& name) const {
    check(H5Adelete_by_name(file_, path.c_str(), name.c_str(), H5P_DEFAULT));
  }

 private:
  template <typename Result>
  static Result check(Result result) {
    if (result < 0) throw std::runtime_error("HDF5 refuses what the test wants to write");
    return result;
  }

  bool exists(const std::string& path) const {
    if (path == "/") return true;
    for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
      if (end > 0 && H5Lexists(file_, path.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    }
    return H5Lexists(file_, path.c_str(), H5P_DEFAULT) > 0;
  }

  void attribute(const std::string& group_path, const std::string& name, hid_t type, hid_t space,
                 const void* data) const {
    group(group_path);
    const hid_t object = check(H5Oopen(file_, group_path.c_str(), H5P_DEFAULT));
    const hid_t id = check(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT));
    check(H5Awrite(id, type, data));
    H5Aclose(id);
    H5Oclose(object);
  }

  hid_t file_, links_;
};

}  // namespace fovea::keras_test
