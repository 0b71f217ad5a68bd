// Pack files that are cut, changed or no files: each is refused with one line, or gives a model; nothing crashes.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include <fovea/keras.h>
#include <fovea/pack.h>
#include <fovea/version.h>
#include "loaders/pack/format.h"
#include "tests/fuzz/pack_sums.h"
#include "tests/loaders/keras/files.h"
#include "tests/loaders/pack/pack_trip.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

using fuzz::PackPart;
using keras_test::contains;
using keras_test::error_of;
using pack::Header;
using pack::Section;

// Head, network, card and sets, weights and packed weights.
std::string small_file() {
  ModelBuilder net({5, 5, 3});
  net.conv({.filters = 4, .kh = 3, .kw = 3});
  net.batch_norm();
  net.add("Flatten");
  net.dense(2, "softmax");
  return pack_bytes(net.desc(), {{"", Arithmetic::fast}, {"", Arithmetic::direct}}, "{\"fovea_card\": 1}");
}

std::string refusal(const std::string& bytes) {
  return error_of("memory", [&] { open_pack(bytes).model(); });
}

std::string mended(std::string bytes) {
  fuzz::set_pack_sums({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

std::vector<PackPart> parts_of(const std::string& bytes) {
  return fuzz::pack_parts({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// With the header changed, and all checksums set.
std::string with_header(std::string bytes, const std::function<void(Header&)>& change) {
  Header header;
  std::memcpy(&header, bytes.data(), sizeof header);
  change(header);
  std::memcpy(bytes.data(), &header, sizeof header);
  return mended(std::move(bytes));
}

std::string with_section(std::string bytes, std::size_t number, const std::function<void(Section&)>& change) {
  Section section;
  char* at = bytes.data() + sizeof(Header) + number * sizeof section;
  std::memcpy(&section, at, sizeof section);
  change(section);
  std::memcpy(at, &section, sizeof section);
  return mended(std::move(bytes));
}

/// Where the sections that are read at once end: behind the sets.
std::size_t head_size(const std::string& bytes) {
  Section sets;
  std::memcpy(&sets, bytes.data() + sizeof(Header) + 2 * sizeof sets, sizeof sets);
  EXPECT_EQ(sets.kind, static_cast<std::uint32_t>(pack::Kind::sets));
  return static_cast<std::size_t>(sets.offset + sets.size);
}

TEST(PackDamage, TheWholeFileIsTaken) {
  const std::string bytes = small_file();
  EXPECT_EQ(refusal(bytes), "no error");
  EXPECT_EQ(mended(bytes), bytes);
  EXPECT_EQ(fuzz::join_pack(parts_of(bytes)), bytes);
  EXPECT_EQ(error_of("memory", [&] { open_pack(bytes, {.verify = true}); }), "no error");
}

TEST(PackDamage, CutAnywhere) {
  const std::string bytes = small_file();
  const std::size_t head = head_size(bytes);
  ASSERT_LT(head, 20'000U);
  for (std::size_t size = 0; size < head; ++size) {
    const std::string message = refusal(bytes.substr(0, size));
    EXPECT_TRUE(contains(message, size < sizeof(Header) ? "header: ends after" : "it was cut or added to")) << size;
    EXPECT_NE(refusal(with_header(bytes.substr(0, std::max(size, sizeof(Header))),
                                  [&](Header& header) { header.file_size = std::max(size, sizeof(Header)); })),
              "no error")
        << size;
  }
  Random random(7);
  for (int i = 0; i < 50; ++i) {
    const auto size =
        static_cast<std::size_t>(random.integer(static_cast<int>(head), static_cast<int>(bytes.size()) - 1));
    EXPECT_TRUE(contains(refusal(bytes.substr(0, size)), "it was cut or added to"));
  }
  EXPECT_TRUE(contains(refusal(bytes + '\0'), "it was cut or added to"));
}

TEST(PackDamage, EveryByteOfTheHeadIsUnderAChecksum) {
  const std::string bytes = small_file();
  std::size_t checked = 0;
  for (const auto& [kind, part] : parts_of(bytes)) {
    if (kind > static_cast<std::uint32_t>(pack::Kind::sets)) break;
    const std::size_t at = bytes.find(part);
    for (std::size_t i = 0; i < part.size(); ++i, ++checked) {
      std::string changed = bytes;
      changed[at + i] = static_cast<char>(changed[at + i] ^ 0x10);
      EXPECT_TRUE(contains(refusal(changed), "checksum does not fit"));
    }
  }
  EXPECT_GT(checked, 500U);
  for (std::size_t i = 0; i < sizeof(Header) + 5 * sizeof(Section); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_NE(refusal(changed), "no error") << i;
  }
}

TEST(PackDamage, WeightsAreCheckedOnRequest) {
  const std::string bytes = small_file();
  for (const auto& [kind, part] : parts_of(bytes)) {
    if (kind < static_cast<std::uint32_t>(pack::Kind::weights)) continue;
    const std::size_t at = bytes.find(part);
    std::string changed = bytes;
    changed[at + 2] = static_cast<char>(changed[at + 2] ^ 1);  // of the first kernel
    EXPECT_EQ(refusal(changed), "no error");
    const auto verified = [](const std::string& file) {
      return error_of("memory", [&] { open_pack(file, {.verify = true}); });
    };
    EXPECT_TRUE(contains(verified(changed), "checksum does not fit"));
    // Mended it is a good file whose packed weights are not those of its weights.
    EXPECT_TRUE(contains(verified(mended(changed)), "are not those that its weights give"));
    const float nan = NAN;
    std::memcpy(changed.data() + at, &nan, sizeof nan);
    EXPECT_TRUE(contains(verified(mended(changed)), "the value at byte 0 is not finite"));
  }
}

TEST(PackDamage, HeadersOfOtherKinds) {
  const std::string bytes = small_file();
  const std::pair<std::function<void(Header&)>, const char*> cases[] = {
      {[](Header& h) { h.magic[0] = 0; }, "header: does not begin as a pack file"},
      {[](Header& h) { h.byte_order = pack::kTurnedByteOrder; }, "header: numbers are in the byte order of another"},
      {[](Header& h) { h.byte_order = 0; }, "header: has no mark of a byte order"},
      {[](Header& h) { h.version = 0; }, "header: is version 0 of the format"},
      {[](Header& h) { h.version = 2; }, "header: is version 2 of the format"},
      {[](Header& h) { h.version = 0xffffffff; }, "header: is version 4294967295 of the format"},
      {[](Header& h) { h.zero = 1; }, "header: has numbers where zeros belong"},
      {[](Header& h) { h.zeros[1] = 1; }, "header: has numbers where zeros belong"},
      {[](Header& h) { h.file_size += 1; }, "it was cut or added to"},
      {[](Header& h) { h.file_size = ~std::uint64_t{0}; }, "it was cut or added to"},
      {[](Header& h) { h.sections = 6; }, "header: lists 6 sections"},
      {[](Header& h) { h.sections = 0; }, "table: the file does not end with its last section"},
      {[](Header& h) { h.sections = 4; }, "table: the file does not end with its last section"},
      {[](Header& h) { h.sections = 0xffffffff; }, "header: "}};
  for (const auto& [change, message] : cases) EXPECT_TRUE(contains(refusal(with_header(bytes, change)), message));
  std::string damaged = bytes;
  damaged[60] = static_cast<char>(damaged[60] + 1);
  EXPECT_TRUE(contains(refusal(damaged), "header: checksum does not fit"));
}

TEST(PackDamage, SectionsThatLieElsewhere) {
  const std::string bytes = small_file();
  const std::uint64_t whole = bytes.size();
  const std::pair<std::function<void(Section&)>, const char*> cases[] = {
      {[](Section& s) { s.kind = 0; }, "section 2: is of the unknown kind 0"},
      {[](Section& s) { s.kind = 6; }, "section 2: is of the unknown kind 6"},
      {[](Section& s) { s.kind = 1; }, "section 2: comes before or twice after section 1"},
      {[](Section& s) { s.zero = 1; }, "section 2: has a number where zero belongs"},
      {[](Section& s) { s.offset -= 4096; }, "section 2: begins at byte"},  // over the one before
      {[](Section& s) { s.offset += 4096; }, "section 2: begins at byte"},
      {[](Section& s) { s.offset += 1; }, "section 2: begins at byte"},
      {[](Section& s) { s.offset = 0; }, "section 2: begins at byte"},
      {[](Section& s) { s.offset = ~std::uint64_t{0} - 4095; }, "section 2: begins at byte"},
      {[](Section& s) { s.size = ~std::uint64_t{0}; }, "section 2: of 18446744073709551615 bytes lies beyond"},
      {[=](Section& s) { s.size = whole - s.offset + 1; }, "bytes lies beyond the file's end"},
      {[=](Section& s) { s.size = whole - s.offset; }, "section 3: begins at byte"},
      {[](Section& s) { s.size += 4096; }, "section 3: begins at byte"}};
  for (const auto& [change, message] : cases) EXPECT_TRUE(contains(refusal(with_section(bytes, 1, change)), message));
}

TEST(PackDamage, SectionsThatAreMissing) {
  const std::vector<PackPart> parts = parts_of(small_file());
  const char* const messages[] = {"has no section network", "no error", "one of the sections sets and packed",
                                  "has no section weights", "one of the sections sets and packed"};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::vector<PackPart> fewer = parts;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_TRUE(contains(refusal(fuzz::join_pack(fewer)), messages[i]));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::vector<PackPart> emptied = parts;
    emptied[i].second.clear();
    EXPECT_EQ(refusal(fuzz::join_pack(emptied)) == "no error", i == 1) << i;  // a card may be empty
  }
}

// With their checksums right, and every byte of what is parsed something else in turn.
TEST(PackDamage, ChangedNumbersAndTexts) {
  const std::vector<PackPart> parts = parts_of(small_file());
  std::size_t refused = 0, taken = 0;
  for (const std::size_t which : {0U, 2U}) {
    for (std::size_t at = 0; at < parts[which].second.size(); ++at) {
      for (const int value : {0, 1, 0x7f, 0xff}) {
        std::vector<PackPart> changed = parts;
        changed[which].second[at] = static_cast<char>(value);
        const std::string message = refusal(fuzz::join_pack(changed));
        ++(message == "no error" ? taken : refused);
      }
    }
  }
  EXPECT_GT(refused, 1000U);
  EXPECT_GT(taken, 100U);
}

TEST(PackDamage, WeightsOutsideTheirSection) {
  std::vector<PackPart> parts = parts_of(small_file());
  parts[3].second.resize(parts[3].second.size() - 64);
  EXPECT_TRUE(contains(refusal(fuzz::join_pack(parts)), "does not lie within the section of weights"));
  parts = parts_of(small_file());
  parts[4].second.resize(parts[4].second.size() - 64);
  EXPECT_TRUE(contains(refusal(fuzz::join_pack(parts)), "do not lie within the section of packed weights"));
}

// A set of another packing, network or instruction set is not used, and the same bits come out.
TEST(PackDamage, SetsThatDoNotFitAreNotUsed) {
  const std::vector<PackPart> parts = parts_of(small_file());
  const std::string isa = available_isas().front();
  const std::string name(1, static_cast<char>(isa.size()));
  const std::size_t at = 4 + 4 + isa.size() + 4 + 4;  // count, texts: the first set's version, then its network
  const auto bits = [](const std::string& bytes) {
    Session session(open_pack(bytes).model(), {.threads = 1});
    for (float& x : session.input()) x = 0.25f;
    session.run();
    return std::vector<float>(session.output().begin(), session.output().end());
  };
  const std::vector<float> want = bits(fuzz::join_pack(parts));
  for (const std::size_t place : {std::size_t{8}, at, at + 4}) {
    std::vector<PackPart> changed = parts;
    changed[4].second.assign(changed[4].second.size(), '\x11');  // wrong answers, if they were used
    EXPECT_FALSE(same_bits(bits(fuzz::join_pack(changed)), want));
    changed[2].second[place] = static_cast<char>(changed[2].second[place] ^ 1);
    EXPECT_TRUE(same_bits(bits(fuzz::join_pack(changed)), want)) << place;
  }
}

TEST(PackDamage, NoFiles) {
  const keras_test::Folder folder;
  const std::string pipe = folder.path("pipe"), empty = folder.write("empty", ""), absent = folder.path("absent");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& [path, message] :
       std::vector<std::pair<std::string, std::string>>{{pipe, "not a regular file"},
                                                        {folder.path(""), "not a regular file"},
                                                        {"/dev/zero", "not a regular file"},
                                                        {"/dev/null", "not a regular file"},
                                                        {absent, "cannot be opened: No such file or directory"},
                                                        {empty, "header: ends after 0 bytes of 64"}}) {
    for (const bool map : {true, false}) {
      EXPECT_TRUE(contains(error_of(path, [&] { PackFile(path, {.map = map}); }), message));
    }
    EXPECT_FALSE(is_pack_file(path));
    EXPECT_NE(error_of(path, [&] { load_model(path); }), "no error");
  }
}

TEST(PackDamage, NoMemory) {
  EXPECT_TRUE(contains(error_of("x", [] { PackFile(nullptr, 100, "x"); }), "header: ends after 0 bytes of 64"));
  const std::string bytes = small_file();
  const std::shared_ptr<std::byte[]> copy(new std::byte[bytes.size() + 1]);
  std::memcpy(copy.get() + 1, bytes.data(), bytes.size());  // not where values can be read
  EXPECT_NE(PackFile({copy, copy.get() + 1}, bytes.size(), "x", {.verify = true}).model(), nullptr);
}

TEST(PackDamage, AFileInMemoryOfItsOwnMayShrink) {
  const keras_test::Folder folder;
  const std::string path = folder.write("m.fovea", small_file());
  const PackFile file(path, {.map = false});
  std::filesystem::resize_file(path, 0);
  EXPECT_NE(file.model(), nullptr);
  EXPECT_NO_THROW(file.verify());
}

TEST(PackDamage, OptionsOfKerasFilesAreRefused) {
  const keras_test::Folder folder;
  const std::string path = folder.write("m.h5", small_file());  // told apart by content
  EXPECT_TRUE(is_pack_file(path));
  EXPECT_NE(load_model(path, {}, {.input_height = 9}), nullptr);
  for (const KerasOptions& options :
       std::vector<KerasOptions>{{.config_file = "x"}, {.architecture = "resnet50"}, {.layers_file = "x"}}) {
    EXPECT_TRUE(contains(error_of(path, [&] { load_model(path, {}, options); }), "a pack file holds its network"));
  }
  EXPECT_TRUE(contains(error_of(path, [&] { load_keras(path); }), "a pack file, not one that Keras wrote"));
}

}  // namespace
}  // namespace fovea::test
