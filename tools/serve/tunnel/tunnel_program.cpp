// The programs that make a tunnel: OpenSSH's client and the ngrok agent.
#include "tools/serve/tunnel/tunnel_program.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include <fovea/error.h>

namespace fovea::tools {

namespace {

// What OpenSSH takes as USER@HOST, and nothing that it could take for an option or a shell for a command.
bool is_destination(std::string_view text) {
  constexpr std::string_view kAlso = "@.-_:[]";
  return !text.empty() && text.front() != '-' && text.size() <= 255 &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  kAlso.find(c) != std::string_view::npos;
         });
}

// A reverse tunnel. OpenSSH ends when the connection is lost, or when the other side refuses the port.
class Ssh : public TunnelProgram {
 public:
  Ssh(const TunnelOptions& options, std::string destination) : options_(options), destination_(std::move(destination)) {
    const std::size_t at = destination_.rfind('@');
    host_ = at == std::string::npos ? destination_ : destination_.substr(at + 1);
  }

  std::vector<std::string> command() const override {
    std::vector<std::string> words{"ssh", "-N", "-T", "-v"};
    if (!options_.ssh_config.empty()) words.insert(words.end(), {"-F", options_.ssh_config});
    for (const char* option : {"BatchMode=yes", "ExitOnForwardFailure=yes", "ServerAliveInterval=5",
                               "ServerAliveCountMax=2", "ConnectTimeout=15", "ControlPath=none"}) {
      words.insert(words.end(), {"-o", option});
    }
    const std::string there = std::to_string(options_.remote_port);
    words.insert(words.end(), {"-R", there + ":" + options_.host + ":" + std::to_string(options_.port), destination_});
    return words;
  }

  // The port that the other side chose, or that it accepted the one asked for, stands among the client's messages.
  std::string address(Child& child) const override {
    const std::string text = child.output();
    if (options_.remote_port != 0) {
      return text.find("remote forward success") == std::string::npos ? "" : at_port(options_.remote_port);
    }
    constexpr std::string_view kAllocated = "Allocated port ";
    const std::size_t at = text.find(kAllocated);
    int port = 0;
    if (at == std::string::npos || text.find('\n', at) == std::string::npos) return "";
    const char* const first = text.data() + at + kAllocated.size();
    if (std::from_chars(first, text.data() + text.size(), port).ec != std::errc()) return "";
    return at_port(port);
  }

 private:
  std::string at_port(int port) const { return "http://" + host_ + ":" + std::to_string(port) + "/"; }

  TunnelOptions options_;
  std::string destination_, host_;
};

// The agent writes one JSON object a line; "started tunnel" has the address. The same can be asked of its local API,
// but the port of that is another where several agents run.
class Ngrok : public TunnelProgram {
 public:
  explicit Ngrok(const TunnelOptions& options) : options_(options) {}

  std::vector<std::string> command() const override {
    return {"ngrok",        "http", options_.host + ":" + std::to_string(options_.port), "--log", "stdout",
            "--log-format", "json"};
  }

  std::string address(Child& child) const override {
    if (web_.empty()) find_web(child.output());
    return web_.empty() ? "" : public_address(fetch_local(web_, "/api/tunnels"));
  }

 private:
  // "starting web service" with "addr":"127.0.0.1:4040": where the agent's local API is.
  void find_web(const std::string& text) const {
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
      const auto line = nlohmann::json::parse(text.substr(begin, end - begin), nullptr, /*allow_exceptions=*/false);
      begin = end + 1;
      if (line.is_object() && line.value("msg", nlohmann::json()) == "starting web service") {
        const auto address = line.value("addr", nlohmann::json());
        if (address.is_string()) web_ = address.get<std::string>();
      }
    }
  }
  static std::string public_address(const std::string& answer) {
    const auto json = nlohmann::json::parse(answer, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("tunnels") || !json["tunnels"].is_array()) return "";
    for (const auto& tunnel : json["tunnels"]) {
      const auto address = tunnel.is_object() ? tunnel.value("public_url", nlohmann::json()) : nlohmann::json();
      if (address.is_string() && address.get<std::string>().starts_with("http")) return address;
    }
    return "";
  }

  TunnelOptions options_;
  mutable std::string web_;
};

}  // namespace

std::unique_ptr<TunnelProgram> tunnel_program(const TunnelOptions& options) {
  constexpr std::string_view kSsh = "ssh:";
  if (options.where == "ngrok") return std::make_unique<Ngrok>(options);
  const std::string destination = options.where.starts_with(kSsh) ? options.where.substr(kSsh.size()) : "";
  if (is_destination(destination)) return std::make_unique<Ssh>(options, destination);
  throw Error("--tunnel " + options.where + ": is neither ssh:USER@HOST nor ngrok");
}

}  // namespace fovea::tools
