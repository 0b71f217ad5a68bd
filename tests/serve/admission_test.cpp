// Where a request comes from, and how often it may come.
#include "tools/serve/http/admission.h"

#include <gtest/gtest.h>

#include <fovea/error.h>
#include "tools/serve/http/listen.h"
#include "tools/serve/security/rate_limit.h"
#include "tools/serve/tunnel/tunnel_program.h"

namespace fovea::tools {
namespace {

std::string client_of(const std::string& forwarded, const std::string& peer = "127.0.0.1",
                      const std::vector<std::string>& proxies = {"127.0.0.0/8", "10.0.0.0/24", "2001:db8::/48"}) {
  Request request;
  request.peer = peer;
  if (!forwarded.empty()) request.headers["x-forwarded-for"] = forwarded;
  std::vector<Network> networks;
  for (const std::string& proxy : proxies) networks.push_back(*parse_network(proxy));
  return client_address(request, networks);
}

TEST(Admission, TakesTheLastAddressThatIsNoProxyS) {
  EXPECT_EQ(client_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("6.6.6.6, 192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("6.6.6.6, 192.0.2.1, 10.0.0.7, 2001:db8::1"), "192.0.2.1");
  EXPECT_EQ(client_of("10.0.0.7,10.0.0.8"), "10.0.0.7");
  EXPECT_EQ(client_of("10.0.1.7"), "10.0.1.7");
  EXPECT_EQ(client_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2:3:4:5:6");
  EXPECT_EQ(client_of("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("6.6.6.6, ::ffff:10.0.0.7"), "6.6.6.6");
  EXPECT_EQ(client_of("192.0.2.1:4711"), "192.0.2.1");
  EXPECT_EQ(client_of("[2001:db9::1]:4711"), "2001:db9::1");
  EXPECT_EQ(client_of(""), "127.0.0.1");
  EXPECT_EQ(client_of("6.6.6.6", "::ffff:127.0.0.1"), "6.6.6.6");
  // Behind what is no address nothing is believed.
  for (const char* bad :
       {"192.0.2.1, evil", "192.0.2.1,", "192.0.2.1, unknown", "1.2.3", "0x7f.1", "192.0.2.1 x", "<a>"}) {
    EXPECT_EQ(client_of(bad), "127.0.0.1") << bad;
  }
  EXPECT_EQ(client_of("6.6.6.6, evil, 10.0.0.7"), "10.0.0.7");
  // Nor from a peer that is no proxy.
  EXPECT_EQ(client_of("192.0.2.1", "192.0.2.9"), "192.0.2.9");
  EXPECT_EQ(client_of("192.0.2.1", "127.0.0.1", {}), "127.0.0.1");
  EXPECT_EQ(client_of("192.0.2.1", "::ffff:192.0.2.9"), "192.0.2.9");
}

TEST(Address, CountsCustomers) {
  EXPECT_EQ(limited_as("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(limited_as("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(limited_as("2001:db8:1:2:3:4:5:6"), limited_as("2001:db8:1:2:ffff::"));
  EXPECT_NE(limited_as("2001:db8:1:2::1"), limited_as("2001:db8:1:3::1"));
  EXPECT_EQ(limited_as("fe80::1%eth0"), "fe80::");
  EXPECT_EQ(limited_as("::1"), "::1");
  EXPECT_EQ(limited_as("?"), "?");
}

TEST(Address, ReadsNetworks) {
  EXPECT_TRUE(parse_network("10.0.0.0/8")->contains(*parse_address("10.255.0.1")));
  EXPECT_FALSE(parse_network("10.0.0.0/9")->contains(*parse_address("10.128.0.1")));
  EXPECT_TRUE(parse_network("0.0.0.0/0")->contains(*parse_address("1.2.3.4")));
  EXPECT_FALSE(parse_network("0.0.0.0/0")->contains(*parse_address("2001:db8::1")));
  EXPECT_TRUE(parse_network("10.0.0.0/8")->contains(*parse_address("::ffff:10.0.0.1")));
  EXPECT_TRUE(parse_network("2001:db8::/33")->contains(*parse_address("2001:db8:7fff::1")));
  EXPECT_FALSE(parse_network("2001:db8::/33")->contains(*parse_address("2001:db8:8000::1")));
  EXPECT_FALSE(parse_network("192.0.2.1")->contains(*parse_address("192.0.2.2")));
  for (const char* bad : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "example.org",
                          "10.0.0/8", "/8", "::ffff:10.0.0.0/104", "10.0.0.0/8/8"}) {
    EXPECT_FALSE(parse_network(bad)) << bad;
  }
}

TEST(Admission, KnowsTheNamesOfThisMachine) {
  const std::vector<std::string> names{"eyes.example.org", "192.0.2.7", "2001:db8::7"};
  for (const char* host : {"localhost", "LOCALHOST:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:5000", "a.localhost",
                           "Eyes.Example.ORG", "eyes.example.org.:443", "192.0.2.7:1", "[2001:DB8:0::7]"}) {
    EXPECT_TRUE(names_this_machine(host, names)) << host;
  }
  for (const char* host : {"",
                           "example.org",
                           "127.0.0.1.example.org",
                           "192.0.2.1",
                           "[::2]",
                           "[",
                           "localhost.evil",
                           "0.0.0.0",
                           "localhost:5000:5000",
                           "localhost:",
                           "localhost@evil",
                           "localhost, evil",
                           "127.1",
                           "2130706433",
                           "0x7f.0.0.1",
                           "xeyes.example.org",
                           "eyes.example.org.evil",
                           "localhost/",
                           "localhost#",
                           " localhost"}) {
    EXPECT_EQ(names_this_machine(host, names), std::string(host) == "localhost:") << host;
  }
  EXPECT_FALSE(names_this_machine("eyes.example.org", {}));
}

Request with(std::map<std::string, std::string> headers) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

TEST(Admission, TellsItsOwnPagesFromOthers) {
  const auto own = [](const std::string& origin, const std::string& host, const std::string& scheme) {
    return from_own_page(with({{"origin", origin}, {"host", host}}), scheme);
  };
  EXPECT_TRUE(from_own_page(with({{"host", "a"}}), "http"));  // no browser
  for (const char* site : {"same-origin", "none"}) EXPECT_TRUE(from_own_page(with({{"sec-fetch-site", site}}), "http"));
  for (const char* site : {"cross-site", "same-site", "anything", "Same-Origin, none"}) {
    EXPECT_FALSE(from_own_page(with({{"sec-fetch-site", site}}), "http")) << site;
  }
  EXPECT_TRUE(own("http://localhost:5000", "localhost:5000", "http"));
  EXPECT_TRUE(own("http://LOCALHOST", "localhost:80", "http"));
  EXPECT_TRUE(own("https://a.example", "a.example:443", "https"));
  EXPECT_TRUE(own("http://[::1]:5000", "[::1]:5000", "http"));
  EXPECT_FALSE(own("http://localhost:5001", "localhost:5000", "http"));
  EXPECT_FALSE(own("https://localhost:5000", "localhost:5000", "http"));
  EXPECT_FALSE(own("http://127.0.0.1:5000", "localhost:5000", "http"));
  EXPECT_FALSE(own("http://evil.example", "localhost:5000", "http"));
  EXPECT_FALSE(own("http://localhost:5000.evil.example", "localhost:5000", "http"));
  EXPECT_FALSE(own("http://evil@localhost:5000", "localhost:5000", "http"));
  for (const char* bad : {"null", "", "localhost:5000", "http://", "file://", "http://localhost:5000/"}) {
    EXPECT_FALSE(own(bad, "localhost:5000", "http")) << bad;
  }
  // A proxy that ends TLS hands over the name, mostly without the port.
  EXPECT_TRUE(own("https://eyes.example.org:8443", "eyes.example.org", ""));
  EXPECT_FALSE(own("https://evil.example", "eyes.example.org", ""));
  EXPECT_FALSE(own("ftp://eyes.example.org", "eyes.example.org", ""));
  EXPECT_TRUE(from_own_page(with({{"origin", "null"}, {"host", "a"}, {"sec-fetch-site", "same-origin"}}), "http"));
  EXPECT_FALSE(from_own_page(with({{"origin", "null"}, {"host", "a"}, {"sec-fetch-site", "none"}}), "http"));
  // Both must say so.
  EXPECT_FALSE(
      from_own_page(with({{"origin", "http://evil"}, {"host", "a"}, {"sec-fetch-site", "same-origin"}}), "http"));
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
