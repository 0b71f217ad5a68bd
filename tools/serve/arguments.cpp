// The command line of grade-server.
#include "tools/serve/arguments.h"

#include "tools/common/program/option_group.h"
#include "tools/serve/http/address.h"
#include "tools/serve/http/admission.h"
#include "tools/serve/http/listen.h"

namespace fovea::tools {

namespace {

constexpr const char* kDescription =
    "Grades fundus photographs in the browser and over HTTP with a Keras model on this machine's CPU.";

constexpr const char* kFooter = R"(
Examples:
  grade-server --demo
      tries the page at http://127.0.0.1:5000/ with the demo model: demo, not for patients
  grade-server --model resnet50.h5
      serves a model to this machine only
  grade-server --new-token clinic --auth-file tokens
      makes a token and keeps its hash in the file
  grade-server --model resnet50.h5 --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem --auth-file tokens
      serves it to others
  grade-server --verify-audit audit.jsonl
      checks that no line of an audit log was changed, added or taken away

docs/grade-server.md describes the pages, the API, and how to run it behind nginx, Caddy or a tunnel.
Exit code: 0 stopped by SIGTERM or Ctrl-C after all requests were answered; 1 the audit log does not hold;
2 wrong usage, a bad model, or an address that cannot be used; 3 the audit log has no key, so that nothing is proved.)";

void add_options(CLI::App& app, ServeArguments& a, CardValues& card_values) {
  add_model_options(app, a, "use the demo model; not for patients");
  add_card_options(app, a, card_values);

  const Group address{app, "Address"};
  address.option("--host", a.host, "ADDRESS", "where to listen [127.0.0.1: this machine only]");
  address.number("--port", a.port, 65535, "TCP port, 0 = any that is free [5000]", 0);
  address.option("--tls-cert", a.tls_cert, "FILE", "certificate chain, PEM");
  address.option("--tls-key", a.tls_key, "FILE", "its private key, PEM");
  address
      .option("--server-name", a.server_names, "NAME",
              "name or address that clients reach this server by, beside those of this\nmachine's loopback; may be "
              "given several times")
      ->allow_extra_args(false);
  address.flag("--behind-proxy", a.behind_proxy, "a proxy in front ends TLS and names clients in X-Forwarded-For");
  address
      .option("--proxy", a.proxies, "ADDRESS[/BITS]",
              "of that proxy; of others nothing is believed or taken [this machine];\nmay be given several times")
      ->allow_extra_args(false);
  address.option("--auth-file", a.auth_file, "FILE", "hashes of the tokens and passwords that are let in");
  address.flag("--no-auth", a.no_auth, "with --behind-proxy: let in whomever the proxy lets through");

  const Group tunnel{app, "Showing it to others"};
  tunnel.option("--tunnel", a.tunnel, "WHERE", "ssh:USER@HOST or ngrok: make the server reachable there");
  tunnel.number("--tunnel-port", a.tunnel_port, 65535, "port at the ssh server [any that is free]");
  tunnel.option("--ssh-config", a.ssh_config, "FILE", "configuration of the OpenSSH client (its -F)");

  const Group records{app, "Records"};
  records.option("--audit-log", a.audit_log, "FILE",
                 "add every grade to FILE, one JSON object a line, chained by keyed codes;\nSIGUSR1 begins a new file");
  records.option("--audit-key", a.audit_key, "FILE", "the key; made on first use [~/.config/fovea/audit.key]");
  records.option("--accuracy", a.accuracy, "TEXT", "measured accuracy of the model, shown at /about");

  const Group limits{app, "Limits"};
  limits.number("--queue", a.queue, 100000, "pictures that may wait; beyond it clients are sent away [64]");
  limits.number("--max-files", a.max_files, 1000, "pictures in one request [16]");
  limits.number("--max-body", a.max_body_mib, 2048, "MiB in one request [64]");
  limits.number("--max-pixels", a.max_megapixels, 1000, "million pixels in one picture [64]");
  limits.number("--connections", a.connections, 60000, "connections at a time [2048]", 8);
  limits.number("--connections-per-client", a.connections_per_client, 60000, "of one address; loopback is exempt [64]");
  limits.number("--request-timeout", a.request_seconds, 3600, "seconds for a client to send a whole request [30]");
  limits.number("--time-limit", a.time_limit, 3600, "seconds for a request to be answered [60]");
  limits.number("--rate", a.rate, 1000000, "pictures a minute and client, 0 = any number [120; on loopback 0]", 0);

  add_running_options(app, a);

  const Group instead{app, "Instead of serving"};
  instead.option("--new-token", a.new_token, "NAME", "make a token, add its hash to --auth-file, print it");
  instead.option("--new-password", a.new_password, "NAME", "read a password from standard input, add its hash");
  instead.option("--new-audit-key", a.new_audit_key, "FILE", "make a key for --audit-key, readable to its owner only");
  instead.option("--verify-audit", a.verify_audit, "FILE",
                 "check an audit log with --audit-key, or several that continue each other");

  add_help_options(app, kFooter);
}

// Who may reach the server, and whom it believes.
void check_address(const ServeArguments& a) {
  for (const std::string& name : a.server_names) {
    if (!is_host_name(name)) wrong_usage("--server-name " + name + ": is no name or address (without port or scheme)");
  }
  for (const std::string& proxy : a.proxies) {
    if (!parse_network(proxy)) wrong_usage("--proxy " + proxy + ": is no ADDRESS or ADDRESS/BITS");
  }
  if (!a.behind_proxy && (!a.proxies.empty() || a.no_auth)) wrong_usage("--proxy and --no-auth go with --behind-proxy");
  if (!a.behind_proxy) return;
  const bool loopback = is_loopback_host(a.host);
  if (a.no_auth && !a.auth_file.empty()) wrong_usage("--no-auth and --auth-file exclude each other");
  if (a.no_auth && !loopback) wrong_usage("--no-auth is for a server on a loopback address");
  if (a.auth_file.empty() && !a.no_auth) {
    wrong_usage(
        "--behind-proxy lets others in: --auth-file FILE is needed (--new-token makes one), or --no-auth where the "
        "proxy "
        "asks who comes");
  }
  if (!loopback && a.proxies.empty()) {
    wrong_usage("--host " + a.host + " is reached from elsewhere: --proxy ADDRESS is needed, the proxy's");
  }
}

void check_combinations(const ServeArguments& a) {
  check_model_arguments(a);
  const int instead = static_cast<int>(!a.new_token.empty()) + static_cast<int>(!a.new_password.empty()) +
                      static_cast<int>(!a.new_audit_key.empty()) + static_cast<int>(!a.verify_audit.empty());
  if (instead > 1) wrong_usage("--new-token, --new-password, --new-audit-key and --verify-audit exclude each other");
  if ((!a.new_token.empty() || !a.new_password.empty()) && a.auth_file.empty()) {
    wrong_usage("--auth-file FILE is needed: where the hash is kept");
  }
  if (instead == 1) return;
  if (!a.demo && a.model.empty()) wrong_usage("--model FILE is needed (or --demo)");
  if (!a.audit_key.empty() && a.audit_log.empty()) wrong_usage("--audit-key goes with --audit-log or --verify-audit");
  check_address(a);
  if (a.tls_cert.empty() != a.tls_key.empty()) wrong_usage("--tls-cert and --tls-key go together");
  if (a.tunnel.empty() && (a.tunnel_port != 0 || !a.ssh_config.empty())) {
    wrong_usage("--tunnel-port and --ssh-config go with --tunnel");
  }
  if (!a.tunnel.empty() && !a.tls_cert.empty()) wrong_usage("--tunnel is for a server without TLS of its own");
  if (!a.tunnel.empty() && a.auth_file.empty()) {
    wrong_usage("--tunnel opens the server to others: --auth-file FILE is needed (--new-token makes one)");
  }
  if (is_loopback_host(a.host)) return;
  if (!a.tunnel.empty()) wrong_usage("--tunnel is for a server on a loopback address");
  if (a.tls_cert.empty() && !a.behind_proxy) {
    wrong_usage("--host " + a.host +
                " is reached from elsewhere: --tls-cert and --tls-key, or --behind-proxy, are needed");
  }
  if (a.auth_file.empty()) {
    wrong_usage("--host " + a.host + " is reached from elsewhere: --auth-file FILE is needed (--new-token makes one)");
  }
}

}  // namespace

std::optional<int> parse_serve_arguments(int argc, const char* const* argv, ServeArguments& arguments) {
  CLI::App app(kDescription, "grade-server");
  CardValues card_values;
  add_options(app, arguments, card_values);
  const auto ended = parse_command_line(app, argc, argv, [&] { check_combinations(arguments); });
  if (ended) return ended;
  take_card_options(app, card_values, arguments);
  return std::nullopt;
}

}  // namespace fovea::tools
