// What a folder held beside the images of a run: no error, and yet nothing that vanishes in silence.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace fovea::tools {

/// Names of one kind, of which the first are kept.
struct NameList {
  static constexpr std::size_t kKept = 100;
  std::vector<std::string> names;  ///< safe to print (text/names.h)
  std::size_t count = 0;

  void add(const std::string& name);
  void add(const NameList& more);
};

struct PassedOver {
  std::map<std::string, std::size_t> by_ending;  ///< files that are no pictures: ".csv" -> 2, "" = without an ending
  NameList containers;                           ///< of these, archives and documents that may hold pictures
  NameList special;                              ///< pipes, sockets, devices
  NameList known_folders;                        ///< links and mounts that lead to a folder that is read already
  NameList unread_folders;                       ///< sub-folders with pictures, where none was to be read

  std::size_t files() const;
  void add_file(const std::string& name);
  void add(const PassedOver& more);
};

/// What the summary says of it, each line with its line end: "3 other files passed over: .csv 2, .txt 1".
std::string passed_over_text(const PassedOver& passed);

}  // namespace fovea::tools
