// Where a request comes from, and how often it may come.
#include "tools/serve/admission.h"

#include <gtest/gtest.h>

#include "layers/error.h"
#include "tools/serve/connection_watch.h"
#include "tools/serve/listen.h"
#include "tools/serve/rate_limit.h"
#include "tools/serve/tunnel_program.h"

namespace fovea::tools {
namespace {

std::string client_of(const std::string& forwarded) {
  Request request;
  request.peer = "127.0.0.1";
  request.headers["x-forwarded-for"] = forwarded;
  return forwarded_client(request);
}

TEST(Admission, TakesTheAddressThatTheProxyAdded) {
  EXPECT_EQ(client_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("10.0.0.1, 192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
  EXPECT_EQ(client_of(""), "127.0.0.1");
  EXPECT_EQ(client_of("192.0.2.1, evil"), "127.0.0.1");
  EXPECT_EQ(client_of("192.0.2.1,"), "127.0.0.1");
}

TEST(Admission, KnowsTheNamesOfThisMachine) {
  for (const char* host : {"localhost", "LOCALHOST:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:5000", "a.localhost"}) {
    EXPECT_TRUE(names_this_machine(host)) << host;
  }
  for (const char* host : {"", "example.org", "127.0.0.1.example.org", "192.0.2.1", "[::2]", "[", "localhost.evil"}) {
    EXPECT_FALSE(names_this_machine(host)) << host;
  }
}

TEST(Admission, TellsLoopbackFromOthers) {
  for (const char* host : {"localhost", "127.0.0.1", "127.0.0.2", "::1"}) EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const char* host : {"0.0.0.0", "::", "192.0.2.1"}) EXPECT_FALSE(is_loopback_host(host)) << host;
  EXPECT_TRUE(is_loopback("::ffff:127.0.0.1"));
  for (const char* host : {"example.org", "", "127.0.0.1 ", "1.2.3.4.5"}) {
    EXPECT_THROW(is_loopback_host(host), Error) << host;
  }
}

TEST(RateLimit, CountsEachClientByItself) {
  RateLimit limit(3);
  EXPECT_TRUE(limit.take("a", 3));
  EXPECT_FALSE(limit.take("a"));
  EXPECT_GE(limit.retry_after("a"), 1);
  EXPECT_LE(limit.retry_after("a"), 20);
  EXPECT_TRUE(limit.take("b"));
  RateLimit none(0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(none.take("a"));
}

TEST(RateLimit, RemembersABoundedNumberOfClients) {
  RateLimit limit(1);
  for (int i = 0; i < 10001; ++i) EXPECT_TRUE(limit.take(std::to_string(i)));
  EXPECT_FALSE(limit.take("10000"));
  EXPECT_TRUE(limit.take("0"));  // the oldest was forgotten
}

TEST(Tunnel, BeginsNothingButWhatIsMeant) {
  TunnelOptions options;
  options.host = "127.0.0.1";
  options.port = 5000;
  for (const char* where : {"ssh:", "ssh:-oProxyCommand=x", "ssh:a b", "ssh:a@b;c", "ssh:$(x)", "http", "ngrok2"}) {
    options.where = where;
    EXPECT_THROW(tunnel_program(options), Error) << where;
  }
  options.where = "ssh:me@example.org";
  options.remote_port = 80;
  const std::vector<std::string> words = tunnel_program(options)->command();
  EXPECT_EQ(words.front(), "ssh");
  EXPECT_EQ(words.back(), "me@example.org");
  EXPECT_EQ(words.at(words.size() - 2), "80:127.0.0.1:5000");
}

}  // namespace
}  // namespace fovea::tools
