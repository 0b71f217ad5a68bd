// Addresses of clients and proxies, and whom they stand for.
#include "tools/serve/http/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace fovea::tools {

namespace {

constexpr int kIpv4Bits = 32, kIpv6Bits = 128, kCustomerBits = 64;

int bits_of(const Address& address) { return address.ipv6 ? kIpv6Bits : kIpv4Bits; }

// Without the bits after the first `bits`.
Address masked(Address address, int bits) {
  for (int i = 0; i < bits_of(address) / 8; ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    address.bytes[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xFF00 >> kept);
  }
  return address;
}

}  // namespace

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(ipv6 ? AF_INET6 : AF_INET, bytes.data(), text.data(), text.size()) != nullptr ? text.data() : "?";
}

bool Address::loopback() const {
  if (!ipv6) return bytes[0] == 127;
  return bytes.back() == 1 && std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; });
}

std::optional<Address> parse_address(std::string_view text) {
  const std::string plain(text.substr(0, text.find('%')));
  if (plain.find('\0') != std::string::npos) return std::nullopt;
  Address address;
  if (::inet_pton(AF_INET, plain.c_str(), address.bytes.data()) == 1) return address;
  if (::inet_pton(AF_INET6, plain.c_str(), address.bytes.data()) != 1) return std::nullopt;
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  address.ipv6 = !std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin());
  if (!address.ipv6) {
    std::copy(address.bytes.begin() + kMapped.size(), address.bytes.end(), address.bytes.begin());
    std::fill(address.bytes.begin() + 4, address.bytes.end(), std::uint8_t{0});
  }
  return address;
}

bool Network::contains(const Address& other) const {
  return other.ipv6 == address.ipv6 && masked(other, bits) == masked(address, bits);
}

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<Address> address = parse_address(text.substr(0, slash));
  if (!address || text.find('%') != std::string_view::npos) return std::nullopt;
  Network network{*address, bits_of(*address)};
  if (slash == std::string_view::npos) return network;
  // Of IPv4 written as IPv6 the bits would count from another place.
  if (!address->ipv6 && text.substr(0, slash).find(':') != std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), network.bits);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() || network.bits < 0 ||
      network.bits > bits_of(*address)) {
    return std::nullopt;
  }
  return network;
}

std::string limited_as(const std::string& address) {
  const std::optional<Address> parsed = parse_address(address);
  if (!parsed) return address;
  return parsed->ipv6 && !parsed->loopback() ? masked(*parsed, kCustomerBits).text() : parsed->text();
}

bool is_loopback(const std::string& address) {
  const std::optional<Address> parsed = parse_address(address);
  return parsed && parsed->loopback();
}

}  // namespace fovea::tools
