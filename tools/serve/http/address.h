// Addresses of clients and proxies, and whom they stand for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fovea::tools {

/// An IPv4 or IPv6 address; IPv4 that is written as IPv6 (::ffff:192.0.2.1) is IPv4.
struct Address {
  bool ipv6 = false;
  std::array<std::uint8_t, 16> bytes{};  ///< of IPv4 the first four

  std::string text() const;
  bool loopback() const;
  bool operator==(const Address&) const = default;
};

/// Nothing if `text` is no numeric address; a zone (`fe80::1%eth0`) is passed over.
std::optional<Address> parse_address(std::string_view text);

/// ADDRESS or ADDRESS/BITS.
struct Network {
  Address address;
  int bits = 0;

  bool contains(const Address& other) const;
};

std::optional<Network> parse_network(std::string_view text);

/// Whom a limit counts for: of IPv6 the first 64 bits, which are one customer's. What is no address stands for itself.
std::string limited_as(const std::string& address);

/// 127.0.0.0/8, ::1, and IPv4 loopback written as IPv6.
bool is_loopback(const std::string& address);

}  // namespace fovea::tools
