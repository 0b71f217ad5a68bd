// The reader of zip archives: what contradicts itself, overlaps or lies is refused by name, and the rest is read.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include <fovea/error.h>
#include "loaders/zip/archive.h"
#include "tests/support/zip_writer.h"

namespace fovea::zip {
namespace {

using test::Packing;
using test::put;
using test::zip_of;

constexpr std::uint64_t kMost = std::uint64_t{1} << 24;
const test::Members kTwo{{"first.txt", "one"}, {"second.txt", std::string(1000, 's')}};

Archive in_memory(const std::string& bytes) {
  const std::shared_ptr<unsigned char[]> data(new unsigned char[bytes.size()]);
  std::ranges::copy(bytes, data.get());
  return Archive(Bytes{data, bytes.size()}, "a.zip");
}

/// The content of `name`, or what is said against the archive or it.
std::string read(const std::string& bytes, const std::string& name = "second.txt") {
  try {
    return in_memory(bytes).text(name, kMost);
  } catch (const Error& error) {
    return std::string(error.what()).substr(7);  // behind "a.zip: "
  }
}

std::string with(std::string bytes, std::size_t at, std::uint64_t number, int size) {
  std::string put_there;
  put(put_there, number, size);
  return bytes.replace(at, put_there.size(), put_there);
}

std::size_t local(const std::string& bytes) { return bytes.rfind("PK\3\4"); }
std::size_t record(const std::string& bytes) { return bytes.rfind("PK\1\2"); }
std::size_t end(const std::string& bytes) { return bytes.rfind("PK\5\6"); }

TEST(Zip, MembersInOrder) {
  for (const Packing packing : {Packing::stored, Packing::deflated}) {
    const Archive archive = in_memory(zip_of({kTwo[0], kTwo[1], {"", ""}, {"\xce\xb1/", ""}}, packing));
    EXPECT_EQ(archive.names(), (std::vector<std::string>{"first.txt", "second.txt", "", "\xce\xb1/"}));
    for (const auto& [name, content] : kTwo) EXPECT_EQ(archive.text(name, kMost), content);
    EXPECT_EQ(archive.text("", kMost), "");
    EXPECT_EQ(archive.text("\xce\xb1/", 0), "");
  }
  EXPECT_TRUE(in_memory(zip_of({})).names().empty());
  EXPECT_EQ(read(zip_of(kTwo), "third"), "third: is not in the archive");
}

TEST(Zip, TheEndIsFoundBehindAComment) {
  const std::string whole = zip_of(kTwo);
  for (const std::size_t size : {1U, 100U, 65535U}) {
    EXPECT_EQ(read(with(whole, whole.size() - 2, size, 2) + std::string(size, 'c')), kTwo[1].second);
  }
  // A comment that looks like an end itself; and what was appended.
  EXPECT_EQ(read(with(whole, whole.size() - 2, 30, 2) + "PK\5\6" + std::string(26, '\xff')), kTwo[1].second);
  EXPECT_EQ(read(whole + "\n"), kTwo[1].second);
  const std::string lost = "not a readable zip archive (damaged or truncated?): its end is missing";
  EXPECT_EQ(read(whole + std::string(65536, ' ')), lost);
  EXPECT_EQ(read(whole.substr(0, whole.size() - 1)), lost);
  EXPECT_EQ(read("PK\5\6"), lost);
}

TEST(Zip, ADirectoryThatLiesIsRefused) {
  const std::string whole = zip_of(kTwo), damaged = "not a readable zip archive (damaged or truncated?): its directory";
  const std::size_t at = end(whole);
  const std::uint64_t begin =
      static_cast<unsigned char>(whole[at + 16]) + 256U * static_cast<unsigned char>(whole[at + 17]);
  std::vector<std::string> bad;
  for (const std::uint64_t number :
       {std::uint64_t{0}, begin - 1, begin + 1, std::uint64_t{at}, std::uint64_t{0xfffffffe}}) {
    bad.push_back(with(whole, at + 16, number, 4));
  }
  for (const std::uint64_t size : {0U, 45U, 46U, 113U, 115U, 0xfffffffeU}) bad.push_back(with(whole, at + 12, size, 4));
  for (const std::uint64_t members : {0U, 1U, 3U, 0xfffeU}) {
    bad.push_back(with(with(whole, at + 8, members, 2), at + 10, members, 2));
  }
  for (const std::size_t length : {28U, 30U, 32U}) bad.push_back(with(whole, record(whole) + length, 0xffff, 2));
  bad.push_back(with(whole, record(whole), 0, 1));
  bad.push_back(with(whole, record(whole) + 42, begin + 1, 4));   // a member behind the directory's beginning
  bad.push_back(with(whole, record(whole) + 42, 0xffffffff, 4));  // in a zip64 field that is not there
  bad.push_back(with(whole, record(whole) + 24, 0xffffffff, 4));
  for (std::size_t i = 0; i < bad.size(); ++i) EXPECT_EQ(read(bad[i]).substr(0, damaged.size()), damaged) << i;
  EXPECT_NE(read(with(whole, at + 4, 1, 2)).find("one part of several"), std::string::npos);
  EXPECT_NE(read(with(whole, at + 8, 1, 2)).find("one part of several"), std::string::npos);
}

TEST(Zip, TooManyMembersAreRefused) {
  // As zip64 counts them.
  std::string bytes = zip_of({});
  std::string end_64 = "PK\6\6";
  put(end_64, 44, 8);
  put(end_64, 0, 12);
  for (int i = 0; i < 2; ++i) put(end_64, 100'001, 8);
  put(end_64, 0, 16);
  end_64 += "PK\6\7";
  put(end_64, 0, 12);
  put(end_64, 1, 4);
  bytes = with(with(end_64 + bytes, end_64.size() + 8, 0xffff, 2), end_64.size() + 10, 0xffff, 2);
  EXPECT_EQ(read(bytes), "the archive has too many members");
}

TEST(Zip, HeadersThatContradictTheDirectoryAreRefused) {
  const std::string whole = zip_of(kTwo),
                    said = "second.txt: is damaged: its header says otherwise than the archive's directory";
  const std::size_t at = local(whole);
  EXPECT_EQ(read(with(whole, at, 0, 1)), said);         // signature
  EXPECT_EQ(read(with(whole, at + 6, 1, 2)), said);     // encrypted
  EXPECT_EQ(read(with(whole, at + 8, 8, 2)), said);     // deflated
  EXPECT_EQ(read(with(whole, at + 14, 0, 4)), said);    // no checksum, and none announced behind
  EXPECT_EQ(read(with(whole, at + 18, 999, 4)), said);  // sizes
  EXPECT_EQ(read(with(whole, at + 22, 1001, 4)), said);
  EXPECT_EQ(read(with(whole, at + 22, 0xffffffff, 4)), said);
  EXPECT_EQ(read(with(whole, at + 30, 'S', 1)), said);  // its name
  const std::string behind = with(with(with(whole, at + 6, 8, 2), at + 14, 0, 4), at + 18, 0, 8);
  EXPECT_EQ(read(behind), kTwo[1].second);
  EXPECT_EQ(read(with(behind, at + 18, 999, 4)), said);
}

TEST(Zip, OverlappingMembersAreRefused) {
  const std::string whole = zip_of(kTwo), said = ": is damaged: it overlaps another member or the archive's directory";
  // The first reaches into the second, in both headers.
  const std::size_t first = whole.find("PK\1\2");
  std::string bytes = whole;
  for (const std::size_t at : {std::size_t{18}, std::size_t{22}, first + 20, first + 24}) bytes = with(bytes, at, 4, 4);
  EXPECT_EQ(read(bytes, "first.txt"), "first.txt" + said);
  EXPECT_EQ(read(bytes), kTwo[1].second);
  // Its name alone does; the second reaches into the directory; both are the same.
  EXPECT_EQ(read(with(whole, 26, 100, 2), "first.txt"), "first.txt" + said);
  bytes = whole;
  for (const std::size_t at : {std::size_t{18}, std::size_t{22}}) {
    bytes = with(with(bytes, local(whole) + at, 1001, 4), record(whole) + at + 2, 1001, 4);
  }
  EXPECT_EQ(read(bytes), "second.txt" + said);
  bytes = with(whole, record(whole) + 42, 0, 4);
  EXPECT_EQ(read(bytes), "second.txt" + said);
  EXPECT_EQ(read(bytes, "first.txt"), "first.txt" + said);
}

TEST(Zip, WhatIsNotReadIsSaid) {
  const std::string whole = zip_of(kTwo), packed = zip_of(kTwo, Packing::deflated);
  const std::size_t at = record(whole);
  EXPECT_EQ(read(with(whole, at + 8, 1, 2)), "second.txt: is encrypted");
  EXPECT_EQ(read(with(whole, at + 10, 12, 2)), "second.txt: is compressed with the unsupported method 12");
  EXPECT_EQ(read(with(whole, at + 24, kMost + 1, 4)), "second.txt: has 16777217 bytes, more than the 16777216 allowed");
  EXPECT_EQ(read(with(whole, at + 24, 1001, 4)), "second.txt: declares 1001 bytes and stores only 1000");
  EXPECT_EQ(read(with(packed, record(packed) + 24, 2'000'000, 4)).substr(0, 36),
            "second.txt: declares 2000000 bytes a");
  EXPECT_EQ(read(zip_of({kTwo[1], kTwo[1]})), "second.txt: is in the archive twice");
}

TEST(Zip, DamagedContentIsFound) {
  const std::string sum = "second.txt: is damaged: its checksum or size is wrong";
  for (const Packing packing : {Packing::stored, Packing::deflated}) {
    const std::string whole = zip_of(kTwo, packing);
    const std::size_t data = local(whole) + 30 + kTwo[1].first.size(), at = record(whole);
    EXPECT_EQ(read(with(whole, data + 3, 0, 1)), sum);
    // The checksum itself, in both headers.
    EXPECT_EQ(read(with(with(whole, at + 16, 7, 4), local(whole) + 14, 7, 4)), sum);
  }
  // Too long, too short, and something behind what was deflated.
  const std::string whole = zip_of(kTwo, Packing::deflated);
  const std::size_t at = record(whole), header = local(whole);
  for (const std::uint64_t size : {999U, 1001U}) {
    EXPECT_EQ(read(with(with(whole, at + 24, size, 4), header + 22, size, 4)), sum);
  }
  const std::uint64_t stored = static_cast<unsigned char>(whole[at + 20]);
  EXPECT_EQ(read(with(with(whole, at + 20, stored - 1, 4), header + 18, stored - 1, 4)), sum);
  std::string longer = with(with(whole, at + 20, stored + 1, 4), header + 18, stored + 1, 4);
  const std::size_t behind = whole.find("PK\1\2"), begin = end(whole) + 16;
  longer = with(longer, begin, behind + 1, 4).insert(behind, 1, 'x');
  EXPECT_EQ(read(longer), sum);
}

}  // namespace
}  // namespace fovea::zip
