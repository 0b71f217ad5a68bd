// `.keras` archives and `.weights.h5`: what they hold is found, and what is wrong with them is said.
#include <gtest/gtest.h>

#include <fovea/keras.h>
#include "loaders/keras/config/saved_names.h"
#include "tests/loaders/zip_files.h"

namespace fovea {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::H5Writer;
using keras_test::Members;

class KerasArchive : public testing::Test {
 protected:
  void SetUp() override {
    keras_test::write_small_state(weights_);
    members_ = keras_test::small_members(keras_test::read_bytes(weights_));
    members_h5_ = &members_.back().second;
  }
  std::string complaint(const KerasOptions& options = {}) const {
    return keras_test::error_of(path_, [&] { load_keras(path_, options); });
  }
  /// After `change` of the weights inside.
  template <typename Change>
  std::string complaint_of(const Change& change) {
    keras_test::write_small_state(weights_);
    change();
    *members_h5_ = keras_test::read_bytes(weights_);
    keras_test::write_zip(path_, members_);
    return complaint();
  }
  /// A second opening of the weights, to change them.
  hid_t open_weights() const { return H5Fopen(weights_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT); }

  Folder folder_;
  std::string path_ = folder_.path("model.keras"), weights_ = folder_.path("inside.weights.h5");
  Members members_;
  std::string* members_h5_ = nullptr;
};

void expect_small_model(const ModelDesc& desc) {
  const Folder folder;
  const std::string legacy = folder.path("model.h5");
  keras_test::write_small_model(legacy);
  const ModelDesc expected = load_keras(legacy);
  ASSERT_EQ(desc.nodes.size(), expected.nodes.size());
  for (std::size_t i = 0; i < desc.nodes.size(); ++i) {
    const auto& got = desc.nodes[i].config.weights();
    const auto& want = expected.nodes[i].config.weights();
    ASSERT_EQ(got.size(), want.size()) << i;
    for (std::size_t w = 0; w < got.size(); ++w) {
      EXPECT_EQ(got[w].name, want[w].name);
      EXPECT_EQ(got[w].shape, want[w].shape);
      for (std::int64_t e = 0; e < got[w].elements(); ++e) ASSERT_EQ(got[w].data[e], want[w].data[e]) << got[w].name;
    }
  }
}

TEST_F(KerasArchive, HoldsTheSameModelStoredAndDeflated) {
  for (const auto packing : {test::Packing::stored, test::Packing::deflated}) {
    keras_test::write_zip(path_, members_, packing);
    const ModelDesc desc = load_keras(path_);
    expect_small_model(desc);
    EXPECT_EQ(desc.provenance.format, "keras");
    EXPECT_EQ(desc.provenance.keras_version, "3.14.1");
    EXPECT_EQ(desc.provenance.sha256.size(), 64U);
  }
}

TEST_F(KerasArchive, IsToldByContentNotByName) {
  const std::string path = folder_.path("model.h5");
  keras_test::write_zip(path, members_);
  expect_small_model(load_keras(path));
}

TEST_F(KerasArchive, WeightsOfKeras3NeedAConfiguration) {
  const std::string config = folder_.write("config.json", keras_test::kSmallConfig);
  for (const bool named : {true, false}) {
    keras_test::write_small_state(weights_, named);
    const ModelDesc desc = load_keras(weights_, {config, ""});
    expect_small_model(desc);
    EXPECT_EQ(desc.provenance.format, "keras-weights-h5");
  }
  EXPECT_TRUE(contains(keras_test::error_of(weights_, [&] { load_keras(weights_); }), "holds weights only"));
}

TEST_F(KerasArchive, NamesAMissingOrUnknownMember) {
  keras_test::write_zip(path_, {{"words.txt", "nothing"}});
  EXPECT_EQ(complaint(), "a zip archive, but not a Keras model: it has no config.json");
  keras_test::write_zip(path_, {members_[0], members_[1]});
  EXPECT_EQ(complaint(), "model.weights.h5: is not in the archive");
  keras_test::write_zip(path_, {members_[0], members_[1], {"model.weights.npz", "x"}});
  EXPECT_TRUE(contains(complaint(), "model.weights.npz: weights in this form are not supported"));
  members_[1].second = "{\"class_name\": ";
  keras_test::write_zip(path_, members_);
  EXPECT_TRUE(contains(complaint(), "config.json: not valid JSON"));
}

TEST_F(KerasArchive, RefusesAMemberThatIsThereTwice) {
  keras_test::write_zip(path_, {members_[1], members_[2], {"model.weights.h6", "x"}});
  std::string bytes = keras_test::read_bytes(path_);
  for (std::size_t at = bytes.find("weights.h6"); at != std::string::npos; at = bytes.find("weights.h6", at)) {
    bytes[at + 9] = '5';
  }
  folder_.write("model.keras", bytes);
  EXPECT_EQ(complaint(), "model.weights.h5: is in the archive twice");
}

TEST_F(KerasArchive, RefusesABomb) {
  members_[1].second += std::string(std::size_t{15} << 20, ' ');
  keras_test::write_zip(path_, members_, test::Packing::deflated);
  EXPECT_TRUE(contains(complaint(), "config.json: declares "));
  members_[1].second += std::string(std::size_t{2} << 20, ' ');
  keras_test::write_zip(path_, members_, test::Packing::deflated);
  EXPECT_TRUE(contains(complaint(), "more than the 16777216 allowed"));
}

TEST_F(KerasArchive, RefusesSizesThatLie) {
  keras_test::write_zip(path_, members_);
  const std::string whole = keras_test::read_bytes(path_);
  const std::size_t central = whole.rfind("PK\x01\x02");
  ASSERT_NE(central, std::string::npos);
  for (const std::size_t field : {std::size_t{20}, std::size_t{24}}) {  // packed and unpacked size
    std::string bytes = whole;
    bytes.replace(central + field, 4, "\xf0\xff\xff\x7f");
    folder_.write("model.keras", bytes);
    EXPECT_TRUE(contains(complaint(), "model.weights.h5: ")) << field;
  }
}

TEST_F(KerasArchive, NoticesDamageByItsChecksum) {
  keras_test::write_zip(path_, members_);
  std::string bytes = keras_test::read_bytes(path_);
  const std::size_t weights = bytes.find("\x89HDF");
  ASSERT_NE(weights, std::string::npos);
  bytes[weights + members_h5_->size() / 2] ^= 1;
  folder_.write("model.keras", bytes);
  EXPECT_TRUE(contains(complaint(), "model.weights.h5: is damaged"));
  folder_.write("model.keras", bytes.substr(0, bytes.size() / 2));
  EXPECT_TRUE(contains(complaint(), "not a readable zip archive"));
}

TEST_F(KerasArchive, NamesTruncatedWeights) {
  *members_h5_ = members_h5_->substr(0, members_h5_->size() - 100);
  keras_test::write_zip(path_, members_);
  EXPECT_TRUE(contains(complaint(), "model.weights.h5: the file is truncated"));
}

TEST_F(KerasArchive, NamesTensorsMissingAndLeftOver) {
  EXPECT_EQ(complaint_of([&] {
              const hid_t file = open_weights();
              H5Ldelete(file, "layers/conv2d/vars/1", H5P_DEFAULT);
              H5Fclose(file);
            }),
            "model.weights.h5: layer 'conv' (Conv2D): the file has 1 weights for it at 'layers/conv2d', the "
            "configuration needs 2: kernel bias");
  EXPECT_EQ(complaint_of([&] {
              const hid_t file = open_weights();
              H5Ocopy(file, "layers/conv2d", file, "layers/conv2d_1", H5P_DEFAULT, H5P_DEFAULT);
              H5Fclose(file);
            }),
            "model.weights.h5: layers/conv2d_1: the name 'conv' is used twice");
  EXPECT_EQ(complaint_of([&] {
              const hid_t file = open_weights();
              H5Ocopy(file, "layers/conv2d/vars/0", file, "layers/conv2d/vars/7", H5P_DEFAULT, H5P_DEFAULT);
              H5Fclose(file);
            }),
            "model.weights.h5: layers/conv2d/vars/7: an extra tensor: no layer of the model is saved there");
}

TEST_F(KerasArchive, FollowsNoLinks) {
  const auto relinked = [&](auto link) {
    return complaint_of([&] {
      const hid_t file = open_weights();
      H5Ldelete(file, "layers/conv2d/vars/1", H5P_DEFAULT);
      link(file);
      H5Fclose(file);
    });
  };
  EXPECT_TRUE(contains(relinked([](hid_t file) {
                         H5Lcreate_external("/etc/passwd", "/x", file, "layers/conv2d/vars/1", H5P_DEFAULT,
                                            H5P_DEFAULT);
                       }),
                       "is an external link"));
  EXPECT_TRUE(contains(relinked([](hid_t file) {
                         H5Lcreate_soft("/optimizer/vars/0", file, "layers/conv2d/vars/1", H5P_DEFAULT, H5P_DEFAULT);
                       }),
                       "is a soft link"));
  EXPECT_TRUE(contains(relinked([](hid_t file) {
                         H5Lcreate_hard(file, "layers", file, "layers/conv2d/circle", H5P_DEFAULT, H5P_DEFAULT);
                       }),
                       "nested too deeply"));
}

TEST_F(KerasArchive, RefusesShapesLargerThanTheFile) {
  EXPECT_TRUE(contains(complaint_of([&] {
                         const hid_t file = open_weights();
                         H5Ldelete(file, "layers/dense/vars/0", H5P_DEFAULT);
                         const hsize_t shape[] = {1U << 20, 1U << 20}, chunk[] = {1U << 10, 1U << 10};
                         const hid_t space = H5Screate_simple(2, shape, nullptr);
                         const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
                         H5Pset_chunk(properties, 2, chunk);
                         H5Dclose(H5Dcreate2(file, "layers/dense/vars/0", H5T_IEEE_F32LE, space, H5P_DEFAULT,
                                             properties, H5P_DEFAULT));
                         H5Pclose(properties);
                         H5Sclose(space);
                         H5Fclose(file);
                       }),
                       "declares 4398046511104 bytes and stores only 0"));
}

TEST_F(KerasArchive, RefusesDeepNestingOfEveryKind) {
  const auto with_config = [&](const std::string& config) {
    members_[1].second = config;
    keras_test::write_zip(path_, members_);
    return complaint();
  };
  std::string lists;
  std::string models = keras_test::kSmallConfig;
  for (int i = 0; i < 10'000; ++i) lists += "[";
  EXPECT_TRUE(contains(with_config(lists), "nested more than"));
  for (int i = 0; i < 80; ++i) {
    models = R"({"class_name": "Sequential", "config": {"name": "m", "layers": [)" + models + "]}}";
  }
  EXPECT_TRUE(contains(with_config(models), "nested too deeply"));
  EXPECT_TRUE(contains(complaint_of([&] {
                         members_[1].second = keras_test::kSmallConfig;
                         const hid_t file = open_weights();
                         std::string place = "layers";
                         const hid_t links = H5Pcreate(H5P_LINK_CREATE);
                         H5Pset_create_intermediate_group(links, 1);
                         for (int i = 0; i < 10'000; ++i) place += "/a";
                         H5Gclose(H5Gcreate2(file, place.c_str(), links, H5P_DEFAULT, H5P_DEFAULT));
                         H5Pclose(links);
                         H5Fclose(file);
                       }),
                       "nested too deeply"));
}

TEST(SavedNames, AreKeras) {
  // keras.src.utils.naming.to_snake_case of Keras 3.15
  const std::pair<const char*, const char*> names[] = {{"Conv2D", "conv2d"},
                                                       {"BatchNormalization", "batch_normalization"},
                                                       {"ReLU", "re_lu"},
                                                       {"PReLU", "p_re_lu"},
                                                       {"DepthwiseConv2D", "depthwise_conv2d"},
                                                       {"ELU", "elu"},
                                                       {"Functional", "functional"},
                                                       {"GlobalAveragePooling2D", "global_average_pooling2d"},
                                                       {"LSTM", "lstm"},
                                                       {"InputLayer", "input_layer"},
                                                       {"LeakyReLU", "leaky_re_lu"},
                                                       {"UpSampling2D", "up_sampling2d"},
                                                       {"Pkg>MyLayer", "pkg_my_layer"}};
  for (const auto& [class_name, expected] : names) EXPECT_EQ(keras::snake_case(class_name), expected);
  keras::SavedNames counted;
  EXPECT_EQ(counted.next("Dense"), "dense");
  EXPECT_EQ(counted.next("Conv2D"), "conv2d");
  EXPECT_EQ(counted.next("Dense"), "dense_1");
  EXPECT_EQ(counted.next("Dense"), "dense_2");
}

}  // namespace
}  // namespace fovea
