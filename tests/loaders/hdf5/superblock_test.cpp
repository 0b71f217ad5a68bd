// What is said about files that are not there, not HDF5, or not all there.
#include "loaders/hdf5/objects/superblock.h"

#include <gtest/gtest.h>

#include "tests/loaders/keras/files.h"

namespace fovea::hdf5_superblock_test {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::H5Writer;

std::string complaint(const std::string& path) {
  return keras_test::error_of(path, [&] { hdf5::check_superblock(path); });
}

TEST(Hdf5Superblock, NamesWhatIsNotAFile) {
  const Folder folder;
  EXPECT_EQ(complaint(folder.path("absent.h5")), "no such file");
  EXPECT_TRUE(contains(complaint(folder.path("")), "directory"));
  EXPECT_TRUE(contains(complaint("/dev/null"), "not a regular file"));
  EXPECT_EQ(complaint(folder.write("empty.h5", "")), "the file is empty");
}

TEST(Hdf5Superblock, NamesOtherFormats) {
  const Folder folder;
  EXPECT_EQ(complaint(folder.write("text.h5", "version https://example.org\n")), "not an HDF5 file");
  EXPECT_EQ(complaint(folder.write("short.h5", "\x89H")), "not an HDF5 file");
  EXPECT_TRUE(contains(complaint(folder.write("model.keras", std::string("PK\x03\x04 and so on"))), "zip"));
}

TEST(Hdf5Superblock, SaysByHowMuchAFileIsTruncated) {
  const Folder folder;
  for (const bool newest : {false, true}) {
    const std::string path = folder.path("whole.h5");
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (newest) H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    H5Fclose(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access));
    H5Pclose(access);
    const std::string bytes = keras_test::read_bytes(path);
    EXPECT_EQ(hdf5::check_superblock(path).file_size, bytes.size());
    EXPECT_EQ(complaint(folder.write("cut.h5", bytes.substr(0, bytes.size() - 1))),
              "the file is truncated: it has " + std::to_string(bytes.size() - 1) + " bytes and should have " +
                  std::to_string(bytes.size()));
  }
}

TEST(Hdf5Superblock, RefusesDriverInformation) {
  const Folder folder;
  const std::string path = folder.path("whole.h5");
  H5Fclose(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  std::string bytes = keras_test::read_bytes(path);
  hdf5::check_superblock(path);
  bytes[48] = 0;
  EXPECT_TRUE(contains(complaint(folder.write("driver.h5", bytes)), "driver information"));
  bytes[13] = 4;  // bytes of an address: the same block is then elsewhere
  EXPECT_TRUE(contains(complaint(folder.write("short_addresses.h5", bytes)), "not 8 bytes long"));
}

TEST(Hdf5Superblock, FindsTheSuperblockAfterAUserBlock) {
  const Folder folder;
  const std::string path = folder.path("block.h5");
  const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_userblock(creation, 1024);
  H5Fclose(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, H5P_DEFAULT));
  H5Pclose(creation);
  EXPECT_EQ(hdf5::check_superblock(path).base, 1024U);
}

TEST(Hdf5Superblock, TellsTruncatedDownloads) {
  const std::string data = keras_test::shared_data();
  if (data.empty()) GTEST_SKIP() << "no shared data (FOVEA_SHARED_DATA)";
  EXPECT_EQ(complaint(data + "/models/truncated_best_model.h5"),
            "the file is truncated: it has 1048576 bytes and should have 290289416");
  EXPECT_EQ(complaint(data + "/models/truncated_resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"),
            "the file is truncated: it has 1048576 bytes and should have 94653016");
}

}  // namespace
}  // namespace fovea::hdf5_superblock_test
