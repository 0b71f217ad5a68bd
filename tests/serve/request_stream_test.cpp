// What goes through to the HTTP library, and what ends a connection: every way to say twice where a request ends.
#include "tools/serve/http/request_stream.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace fovea::tools {
namespace {

const std::string kHost = "Host: a\r\n";
const std::string kNext = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

struct Passed {
  std::string bytes, fault;
  int status = 0;
  std::size_t begun = 0;
};

Passed pass(const std::string& data, std::size_t piece = 1 << 20) {
  RequestStream stream;
  Passed passed;
  for (std::size_t at = 0; at < data.size(); at += piece) {
    stream.take(std::string_view(data).substr(at, piece), passed.bytes);
  }
  passed.fault = stream.fault();
  passed.status = stream.status();
  passed.begun = stream.begun();
  return passed;
}

TEST(RequestStream, PassesSoundRequestsHoweverTheyCome) {
  const std::string form = "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 1\r\n\r\nx";
  for (const std::size_t piece : {1, 2, 3, 7, 1000}) {
    const Passed passed = pass(form + kNext, piece);
    EXPECT_EQ(passed.fault, "");
    EXPECT_EQ(passed.bytes, form + kNext);
    EXPECT_EQ(passed.begun, 2u);
    // One line end more behind a form is not passed on.
    EXPECT_EQ(pass(form + "\r\n" + kNext, piece).bytes, form + kNext);
  }
}

TEST(RequestStream, PassesBodiesAsTheyAre) {
  const std::string body("\r\n\0\nx", 5);
  const std::string all =
      "POST /a?b=%41&c HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nX-Empty:\r\nX: \ta \xc3\xa9\tb \t\r\n\r\n" + body +
      "HEAD / HTTP/1.0\r\n\r\nPOST / HTTP/1.1\r\n" + kHost +
      "transfer-ENCODING: Chunked\r\n\r\n1\r\n\n\r\n00a\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\n\r\nOPTIONS * HTTP/1.1\r\n" +
      kHost + "Content-Length:0\r\n\r\n" + kNext;
  for (const std::size_t piece : {1, 2, 5, 1000}) {
    const Passed passed = pass(all, piece);
    EXPECT_EQ(passed.fault, "");
    EXPECT_EQ(passed.bytes, all);
    EXPECT_EQ(passed.begun, 5u);
  }
}

// A faulty head never goes through, nor anything behind it, and what came before does.
void expect_refused(const std::string& head, int status = 400) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1} << 20}) {
    const Passed passed = pass(kNext + head + kNext, piece);
    EXPECT_NE(passed.fault, "") << head.substr(0, 200);
    EXPECT_EQ(passed.bytes, kNext) << head.substr(0, 200);
    EXPECT_EQ(passed.status, status) << head.substr(0, 200);
    EXPECT_EQ(passed.begun, 2u);
  }
}

TEST(RequestStream, RefusesFirstLinesThatCanBeReadInTwoWays) {
  for (const char* line : {"GET  / HTTP/1.1",
                           "GET / HTTP/1.1 ",
                           " GET / HTTP/1.1",
                           "GET\t/ HTTP/1.1",
                           "GET / HTTP/1.1 HTTP/1.1",
                           "GET /",
                           "GET / HTTP/0.9",
                           "GET / HTTP/2.0",
                           "PRI * HTTP/2.0",
                           "GET / HTTP/1.2",
                           "GET / http/1.1",
                           "GET / HTTP/1.10",
                           "GET / HTTP/01.1",
                           "GET /a b HTTP/1.1",
                           "G(T / HTTP/1.1",
                           "GET http://a/ HTTP/1.1",
                           "GET //\x80 HTTP/1.1",
                           "GET /%00 HTTP/1.1",
                           "GET /%0d%0aX HTTP/1.1",
                           "GET /%7f HTTP/1.1",
                           "GET /%1F HTTP/1.1",
                           "GET /%4 HTTP/1.1",
                           "GET /%zz HTTP/1.1",
                           "GET /% HTTP/1.1",
                           "CONNECT a:80 HTTP/1.1",
                           "GET \\ HTTP/1.1",
                           "GET",
                           "/",
                           "GET / HTTP/1.1\t"}) {
    expect_refused(line + std::string("\r\n") + kHost + "\r\n");
  }
  expect_refused("\r\n\r\n");
  expect_refused("GET / HTTP/1.1\r\n\r\n");  // without a host
  expect_refused("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n", 414);
}

TEST(RequestStream, RefusesHeadersThatCanBeReadInTwoWays) {
  const std::string nul("X: a\0b\r\n", 8), nul_name("X\0: a\r\n", 7);
  for (const std::string& header :
       std::vector<std::string>{"X: a\r\n b\r\n",
                                "X: a\r\n\tb\r\n",
                                "X:\r\n \r\n",
                                " X: a\r\n",
                                "X: a\r\n  Transfer-Encoding: chunked\r\n",
                                nul,
                                nul_name,
                                "X : a\r\n",
                                "X\t: a\r\n",
                                ": a\r\n",
                                "X\r\n",
                                "X: a\n",
                                "X: a\rY: b\r\n",
                                "X: a\r\r\n",
                                "X: a\n\r\n",
                                "X: a\x01\r\n",
                                "X: a\x7f\r\n",
                                "X: a\x0b\r\n",
                                "X: a\x0c\r\n",
                                "X: \x1b[31m\r\n",
                                "X\x80: a\r\n",
                                "(X): a\r\n",
                                "Content-Length: 5\r\nContent-Length: 5\r\n",
                                "Content-Length: 5\r\nContent-Length: 6\r\n",
                                "Content-Length: 5, 5\r\n",
                                "Content-Length: +5\r\n",
                                "Content-Length: -5\r\n",
                                "Content-Length: 0x5\r\n",
                                "Content-Length: 5 5\r\n",
                                "Content-Length: 1e3\r\n",
                                "Content-Length: 5.0\r\n",
                                "Content-Length: \r\n",
                                "Content-Length: 18446744073709551616\r\n",
                                "Content-Length: \"5\"\r\n",
                                "Content-Length : 5\r\n",
                                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                                "Transfer-Encoding: chunked, chunked\r\n",
                                "Transfer-Encoding: gzip, chunked\r\n",
                                "Transfer-Encoding: chunked, identity\r\n",
                                "Transfer-Encoding: identity\r\n",
                                "Transfer-Encoding: xchunked\r\n",
                                "Transfer-Encoding: \x0b"
                                "chunked\r\n",
                                "Transfer-Encoding : chunked\r\n",
                                "Transfer-Encoding: chunked;q=1\r\n",
                                "Transfer-Encoding: \"chunked\"\r\n",
                                "Transfer-Encoding:\r\n",
                                "Transfer-Encoding:\r\n chunked\r\n",
                                "Transfer-Encoding: chun\x80ked\r\n",
                                "host: b\r\n",
                                "Authorization: a\r\nAuthorization: b\r\n"}) {
    expect_refused("POST / HTTP/1.1\r\n" + kHost + header + "\r\n");
  }
  expect_refused("POST / HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  std::string many, large;
  for (int i = 0; i < 101; ++i) many += "X: a\r\n";
  for (int i = 0; i < 20; ++i) large += "X: " + std::string(1000, 'a') + "\r\n";
  expect_refused("GET / HTTP/1.1\r\n" + many + "\r\n", 431);
  expect_refused("GET / HTTP/1.1\r\n" + large + "\r\n", 431);
}

TEST(RequestStream, RefusesChunksThatCanBeReadInTwoWays) {
  const std::string head = "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string nul("3\r\nabc\r\n0\r\n\0\r\n", 14);
  for (const std::string& chunks : std::vector<std::string>{"3\nabc\r\n0\r\n\r\n",
                                                            "3\r\nabc\n0\r\n\r\n",
                                                            "3\r\nabc\r\n0\n\r\n",
                                                            "3\r\nabc\r\n0\r\n\n",
                                                            "3\rabc\r\n0\r\n\r\n",
                                                            "3;a=b\r\nabc\r\n0\r\n\r\n",
                                                            "3;\r\nabc\r\n0\r\n\r\n",
                                                            "3 \r\nabc\r\n0\r\n\r\n",
                                                            " 3\r\nabc\r\n0\r\n\r\n",
                                                            "3\t\r\nabc\r\n0\r\n\r\n",
                                                            "0x3\r\nabc\r\n0\r\n\r\n",
                                                            "+3\r\nabc\r\n0\r\n\r\n",
                                                            "-1\r\nabc\r\n0\r\n\r\n",
                                                            "\r\nabc\r\n0\r\n\r\n",
                                                            "g\r\nabc\r\n0\r\n\r\n",
                                                            "3\r\nabcd\r\n0\r\n\r\n",
                                                            "3\r\nab\r\n0\r\n\r\n",
                                                            "3\r\nabc0\r\n\r\n",
                                                            "3\r\nabc\r\n0\r\nX: a\r\n\r\n",
                                                            "3\r\nabc\r\n0\r\nContent-Length: 5\r\n\r\n",
                                                            "3\r\nabc\r\n0;x\r\n\r\n",
                                                            "00000000000000003\r\nabc\r\n0\r\n\r\n",
                                                            "3_0\r\nabc\r\n0\r\n\r\n",
                                                            "3\r\r\nabc\r\n0\r\n\r\n",
                                                            nul}) {
    const Passed passed = pass(head + chunks + kNext);
    EXPECT_NE(passed.fault, "") << chunks;
    EXPECT_EQ(passed.status, 400) << chunks;
    EXPECT_EQ(passed.begun, 1u) << chunks;
    EXPECT_EQ(passed.bytes.find("/next"), std::string::npos) << chunks;
    EXPECT_EQ(pass(head + chunks + kNext, 1).bytes, passed.bytes) << chunks;
  }
  EXPECT_EQ(pass(head + "ffffffffffffffff\r\n").status, 413);
}

// Whatever comes: what goes through is read the same way again, and does not depend on the pieces.
TEST(RequestStream, IsOfOneMindAboutDamagedBytes) {
  const std::string good = "POST /a?b HTTP/1.1\r\n" + kHost + "Content-Length: 3\r\n\r\nabc" + "POST / HTTP/1.1\r\n" +
                           kHost + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + kNext;
  const std::vector<std::string> spice{"\r", "\n", "\r\n", std::string(1, '\0'),
                                       " ",  ":",  "0",    "Content-Length: 1\r\n"};
  std::mt19937 dice(17);
  const auto roll = [&](std::size_t sides) { return static_cast<std::size_t>(dice() % sides); };
  int faulty = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string data = good;
    for (std::size_t i = 0; i < 1 + roll(3); ++i) {
      const std::size_t at = roll(data.size());
      if (roll(2) == 0) {
        data.insert(at, spice[roll(spice.size())]);
      } else {
        data.erase(at, 1 + roll(4));
      }
    }
    const Passed passed = pass(data), again = pass(passed.bytes), pieces = pass(data, 1 + roll(9));
    EXPECT_EQ(again.fault, "");
    EXPECT_EQ(again.bytes, passed.bytes);
    EXPECT_EQ(pieces.bytes, passed.bytes);
    EXPECT_EQ(pieces.fault, passed.fault);
    faulty += passed.fault.empty() ? 0 : 1;
  }
  EXPECT_GT(faulty, 1000);
  EXPECT_LT(faulty, 20000);
}

}  // namespace
}  // namespace fovea::tools
