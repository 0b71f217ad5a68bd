"""The ssh tunnel against a real sshd in a network namespace of its own, cut and restored; ngrok against a stand-in.

Skipped where namespaces cannot be made or there is no sshd (Debian packages openssh-server, iproute2).
"""
import getpass
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from server import Server, run

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
NAMESPACE = f"fovea{os.getpid()}"
HERE, THERE = f"10.99.{os.getpid() % 250}.1", f"10.99.{os.getpid() % 250}.2"
LINK = f"fov{os.getpid() % 100000}"


def ip(*words):
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def missing():
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return "needs root and the program ip, to make a network namespace"
    if not Path(SSHD).exists() or shutil.which("ssh") is None:
        return "needs the Debian packages openssh-server and openssh-client"
    made = subprocess.run(["ip", "netns", "add", NAMESPACE], capture_output=True, text=True)
    if made.returncode != 0:
        return "network namespaces cannot be made here: " + made.stderr.strip()
    return ""


class Ssh(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        ip("link", "add", LINK, "type", "veth", "peer", "name", LINK + "p", "netns", NAMESPACE)
        ip("addr", "add", HERE + "/24", "dev", LINK)
        ip("link", "set", LINK, "up")
        ip("-n", NAMESPACE, "addr", "add", THERE + "/24", "dev", LINK + "p")
        ip("-n", NAMESPACE, "link", "set", LINK + "p", "up")
        ip("-n", NAMESPACE, "link", "set", "lo", "up")
        folder = Path(cls.folder.name)
        folder.chmod(0o700)
        for name in ("host", "client"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
        (folder / "known").write_text(f"[{THERE}]:2222 " + (folder / "host.pub").read_text())
        (folder / "config").write_text(f"IdentityFile {folder}/client\nIdentitiesOnly yes\nPort 2222\n"
                                       f"UserKnownHostsFile {folder}/known\nStrictHostKeyChecking yes\n")
        (folder / "sshd").write_text(f"Port 2222\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/client.pub\n"
                                     "PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\n"
                                     f"StrictModes no\nPermitRootLogin yes\nPidFile none\nClientAliveInterval 2\n"
                                     "ClientAliveCountMax 2\n")
        Path("/run/sshd").mkdir(exist_ok=True)
        cls.sshd = subprocess.Popen(["ip", "netns", "exec", NAMESPACE, SSHD, "-D", "-e", "-f", folder / "sshd"],
                                    stderr=subprocess.DEVNULL)
        cls.auth = folder / "auth"
        cls.token = run("--new-token", "a", "--auth-file", cls.auth).stdout.strip()

    @classmethod
    def tearDownClass(cls):
        cls.sshd.terminate()
        cls.sshd.wait()
        cls.folder.cleanup()

    def through(self, port):
        """The status of a page asked for at the other end of the tunnel."""
        script = (f"import http.client as h; c = h.HTTPConnection('127.0.0.1', {port}, timeout=5); "
                  f"c.request('GET', '/about', headers={{'Authorization': 'Bearer {self.token}'}}); "
                  "print(c.getresponse().status)")
        done = subprocess.run(["ip", "netns", "exec", NAMESPACE, sys.executable, "-c", script], capture_output=True,
                              text=True, timeout=60)
        return int(done.stdout) if done.returncode == 0 else 0

    def server(self, *arguments):
        return Server("--tunnel", f"ssh:{getpass.getuser()}@{THERE}", "--ssh-config", Path(self.folder.name) / "config",
                      "--auth-file", self.auth, *arguments)

    def ports(self, server):
        return [int(port) for port in re.findall(rf"^tunnel: http://{THERE}:(\d+)/$", server.log(), re.MULTILINE)]

    def wait(self, condition, seconds=90):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)

    def test_opens_is_cut_and_comes_back(self):
        with self.server() as server:
            self.wait(lambda: self.ports(server))
            self.assertEqual(self.through(self.ports(server)[0]), 200)
            ip("link", "set", LINK, "down")
            self.wait(lambda: "tunnel: closed" in server.log())
            ip("link", "set", LINK, "up")
            self.wait(lambda: len(self.ports(server)) == 2)
            self.assertEqual(self.through(self.ports(server)[1]), 200)

    def test_a_port_of_choice(self):
        with self.server("--tunnel-port", "8123") as server:
            self.wait(lambda: self.ports(server) == [8123])
            self.assertEqual(self.through(8123), 200)
        self.assertEqual(self.through(8123), 0)  # the client went with the server

    def test_a_refused_login_is_said(self):
        config = Path(self.folder.name) / "wrong"
        config.write_text((Path(self.folder.name) / "config").read_text().replace("/client\n", "/host\n"))
        with Server("--tunnel", f"ssh:{getpass.getuser()}@{THERE}", "--ssh-config", config, "--auth-file",
                    self.auth) as server:
            self.wait(lambda: "tunnel: closed" in server.log())
            self.assertIn("Permission denied", server.log())
            self.assertTrue(server.is_alive())


AGENT = """#!{python}
import http.server, json, sys
print(json.dumps({{"msg": "starting web service", "obj": "web", "addr": "127.0.0.1:{port}"}}), flush=True)
class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({{"tunnels": [{{"public_url": "https://example.test/" + sys.argv[2].split(":")[1]}}]}}).encode())
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", {port}), Api).serve_forever()
"""


class Ngrok(unittest.TestCase):
    def test_the_address_comes_from_the_agent(self):
        with tempfile.TemporaryDirectory() as folder:
            agent, auth = Path(folder) / "ngrok", Path(folder) / "auth"
            agent.write_text(AGENT.format(python=sys.executable, port=20000 + os.getpid() % 20000))
            agent.chmod(0o755)
            run("--new-token", "a", "--auth-file", auth)
            prefix = ["env", f"PATH={folder}:{os.environ['PATH']}"]
            with Server("--tunnel", "ngrok", "--auth-file", auth, prefix=prefix) as server:
                server.wait_for(rf"^tunnel: https://example.test/{server.port}$")

    def test_without_an_agent(self):
        with tempfile.TemporaryDirectory() as folder:
            auth = Path(folder) / "auth"
            run("--new-token", "a", "--auth-file", auth)
            with Server("--tunnel", "ngrok", "--auth-file", auth, prefix=["env", f"PATH={folder}"]) as server:
                server.wait_for("^tunnel: ngrok: cannot be run")
                self.assertTrue(server.is_alive())


if __name__ == "__main__":
    reason = missing()
    try:
        if reason:
            print("skipped in part: the ssh tunnel " + reason)
            del Ssh
        unittest.main()
    finally:
        if not reason:
            subprocess.run(["ip", "netns", "del", NAMESPACE], check=False)
