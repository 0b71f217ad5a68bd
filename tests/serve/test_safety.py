"""Who is let in, and what is kept on record."""
import base64
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from server import DEMO, Server, problem, run, sample


def basic(name, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


class Auth(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "auth"

    def tearDown(self):
        self.folder.cleanup()

    def test_tokens_and_passwords(self):
        token = run("--new-token", "clinic", "--auth-file", self.file).stdout.strip()
        self.assertEqual(run("--new-password", "anna", "--auth-file", self.file, text="correct horse\n").returncode, 0)
        kept = self.file.read_text()
        self.assertNotIn(token, kept)
        self.assertNotIn("horse", kept)
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o600)
        with Server("--auth-file", self.file) as server:
            for path in ("/", "/metrics", "/openapi.json", "/nothing"):
                answer = server.ask("GET", path)
                problem(self, answer, 401, "unauthorized")
            self.assertEqual(len(answer[1].get_all("WWW-Authenticate")), 2)
            problem(self, server.predict(sample()), 401)
            for path in ("/health/live", "/health/ready"):
                self.assertEqual(server.ask("GET", path)[0], 200)
            for right in ({"Authorization": f"Bearer {token}"}, {"Authorization": f"bearer {token}"}, basic("clinic", token), basic("anna", "correct horse")):
                self.assertEqual(server.predict(sample(), headers=right)[0], 200, right)
            for wrong in ({"Authorization": "Bearer " + "0" * 64}, {"Authorization": f"Bearer {token}x"},
                          {"Authorization": "Bearer"}, {"Authorization": "Basic !!!"}, {"Authorization": "Basic YQ=="},
                          basic("anna", token), basic("clinic", "correct horse"), basic("", token), basic("anna", "")):
                self.assertEqual(server.predict(sample(), headers=wrong)[0], 401, wrong)

    def test_guessing_is_slowed_down(self):
        run("--new-password", "anna", "--auth-file", self.file, text="correct horse\n")
        with Server("--auth-file", self.file) as server:
            self.assertEqual(server.ask("GET", "/", headers=basic("anna", "correct horse"))[0], 200)
            statuses = [server.ask("GET", "/", headers=basic("anna", f"guess number {i}"))[0] for i in range(14)]
            self.assertEqual((statuses[0], statuses[-1]), (401, 429))
            # Who was known before stays so.
            self.assertEqual(server.ask("GET", "/", headers=basic("anna", "correct horse"))[0], 200)

    def test_bad_files_and_passwords(self):
        self.assertEqual(run("--new-password", "anna", "--auth-file", self.file, text="short\n").returncode, 2)
        self.assertEqual(run("--new-token", "a:b", "--auth-file", self.file).returncode, 2)
        for text in ("", "# none\n", "anna\n", "anna:token:00\n", "anna:scrypt:00:" + "0" * 64 + "\n", "a:plain:x\n"):
            self.file.write_text(text)
            done = run(*DEMO, "--auth-file", self.file)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), text)

    def test_a_file_that_does_not_end_with_a_line_end(self):
        first = run("--new-token", "first", "--auth-file", self.file).stdout.strip()
        self.file.write_text(self.file.read_text().rstrip("\n"))
        self.file.chmod(0o640)
        second = run("--new-token", "second", "--auth-file", self.file).stdout.strip()
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o640)
        self.assertEqual(len(self.file.read_text().splitlines()), 2)
        with Server("--auth-file", self.file) as server:
            for token in (first, second):
                self.assertEqual(server.ask("GET", "/", headers={"Authorization": f"Bearer {token}"})[0], 200)
        done = run("--new-token", "first", "--auth-file", self.file)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("first is there already", done.stderr)
        self.assertEqual(list(Path(self.folder.name).iterdir()), [self.file])

    def test_tls(self):
        if shutil.which("openssl") is None:
            self.skipTest("needs the openssl program")
        cert, key = Path(self.folder.name) / "cert.pem", Path(self.folder.name) / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout",
                        key, "-out", cert], check=True, capture_output=True)
        token = run("--new-token", "clinic", "--auth-file", self.file).stdout.strip()
        with Server("--host", "0.0.0.0", "--tls-cert", cert, "--tls-key", key, "--auth-file", self.file) as server:
            self.assertTrue(server.tls)
            status, headers, _ = server.predict(sample(), headers={"Authorization": f"Bearer {token}"})
            self.assertEqual(status, 200)
            self.assertIn("max-age", headers["Strict-Transport-Security"])
            self.assertEqual(server.predict(sample())[0], 401)
            self.check_handshakes(server.port)
        done = run(*DEMO, "--port", "0", "--tls-cert", key, "--tls-key", cert)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)


    def check_handshakes(self, port):
        """Only TLS 1.2 and newer, only with forward secrecy, only for HTTP/1.1."""
        def shake(*words):
            done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *words], input="",
                                  capture_output=True, text=True, timeout=60)
            return re.search(r"^(?:New|Reused), (TLSv\S+), Cipher is (\S+)", done.stdout, re.MULTILINE)
        weak = ["-cipher", "ALL:@SECLEVEL=0"]
        for version in ("-tls1", "-tls1_1"):
            self.assertIsNone(shake(version, *weak), version)
        for cipher in ("AES128-GCM-SHA256", "AES256-SHA256", "AES128-SHA", "kRSA:@SECLEVEL=0", "DHE-RSA-AES128-GCM-SHA256",
                       "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384", "aNULL:@SECLEVEL=0", "3DES:@SECLEVEL=0"):
            self.assertIsNone(shake("-tls1_2", "-cipher", cipher), cipher)
        for cipher in ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305"):
            self.assertEqual(shake("-tls1_2", "-cipher", cipher)[2], cipher)
        self.assertTrue(shake("-tls1_3"))
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        for offered, agreed in ((["h2", "http/1.1"], "http/1.1"), ([], None)):
            if offered:
                context.set_alpn_protocols(offered)
            with socket.create_connection(("127.0.0.1", port)) as raw, context.wrap_socket(raw) as tls:
                self.assertIn(tls.selected_alpn_protocol(), (agreed, "http/1.1"))
        context.set_alpn_protocols(["ftp"])
        with self.assertRaises(ssl.SSLError), socket.create_connection(("127.0.0.1", port)) as raw:
            context.wrap_socket(raw)


class Proxy(unittest.TestCase):
    def test_whom_it_believes(self):
        with tempfile.TemporaryDirectory() as folder:
            log, key = Path(folder) / "log", Path(folder) / "key"
            with Server("--behind-proxy", "--no-auth", "--server-name", "eyes.example.org", "--proxy", "127.0.0.1",
                        "--proxy", "10.0.0.0/8", "--audit-log", log, "--audit-key", key) as server:
                for sent in ("6.6.6.6, 192.0.2.1, 10.1.2.3", "::ffff:192.0.2.2", "2001:db8::5, 10.0.0.1",
                             "192.0.2.1, <script>", "", "10.0.0.9"):
                    self.assertEqual(server.predict(sample(), headers={"X-Forwarded-For": sent})[0], 200)
                self.assertEqual(server.ask("GET", "/", headers={"Host": "evil.example"})[0], 421)
                self.assertEqual(server.ask("GET", "/", headers={"Host": "eyes.example.org"})[0], 200)
                # What a page sends through a proxy that ends TLS on another port.
                own = {"Host": "eyes.example.org", "Origin": "https://eyes.example.org:8443"}
                self.assertEqual(server.predict(sample(), headers=own)[0], 200)
                own["Origin"] = "https://evil.example"
                self.assertEqual(server.predict(sample(), headers=own)[0], 403)
            lines = [json.loads(line) for line in log.read_text().splitlines()]
            clients = [line["client"] for line in lines if line["event"] == "result"]
            self.assertEqual(clients[:6], ["192.0.2.1", "192.0.2.2", "2001:db8::5", "127.0.0.1", "127.0.0.1", "10.0.0.9"])
            # Another peer than the proxy names nobody, and where others reach it, is not answered.
            with Server("--behind-proxy", "--no-auth", "--proxy", "192.0.2.9", "--rate", "2") as server:
                statuses = [server.predict(sample(), headers={"X-Forwarded-For": f"192.0.2.{i}"})[0] for i in range(4)]
                self.assertEqual((statuses[0], statuses[-1]), (200, 429))
            run("--new-token", "a", "--auth-file", Path(folder) / "auth")
            with Server("--host", "0.0.0.0", "--behind-proxy", "--proxy", "192.0.2.9", "--auth-file",
                        Path(folder) / "auth") as server:
                problem(self, server.ask("GET", "/"), 403, "not-the-proxy")
                self.assertEqual(server.ask("GET", "/health/live")[0], 200)


class Audit(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / "audit.jsonl"
        self.key = Path(self.folder.name) / "keys" / "audit.key"
        self.options = ["--audit-log", self.log, "--audit-key", self.key]

    def tearDown(self):
        self.folder.cleanup()

    def record(self, *pictures):
        with Server(*self.options) as server:
            return json.loads(server.predict(*pictures)[2])

    def verify(self, *logs):
        return run("--audit-key", self.key, "--verify-audit", *(logs or [self.log]))

    def refused(self):
        done = run(*DEMO, "--port", "0", *self.options)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)
        return done.stderr

    def test_every_grade_is_on_record(self):
        answer = self.record(sample(), b"no picture")
        self.assertEqual(os.stat(self.key).st_mode & 0o777, 0o600)
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        self.assertEqual([line["event"] for line in lines], ["start", "result", "result", "stop"])
        self.assertEqual([line["seq"] for line in lines], [1, 2, 3, 4])
        self.assertEqual(lines[1]["image_sha256"], answer["results"][0]["sha256"])
        self.assertEqual(lines[1]["outputs"], answer["results"][0]["probabilities"])
        self.assertEqual(lines[1]["model_sha256"], answer["model"]["sha256"])
        self.assertEqual((lines[1]["client"], lines[1]["token"]), ("127.0.0.1", None))
        self.assertIn("not a JPEG", lines[2]["error"])
        self.assertEqual(self.verify().returncode, 0)
        self.record(sample())
        done = self.verify()
        self.assertEqual(done.returncode, 0)
        self.assertIn("7 lines", done.stdout)
        self.assertIn("not to be found this way", done.stdout)
        self.assertEqual(len(self.log.read_text().splitlines()), 7)

    def test_it_names_who_asked(self):
        auth = Path(self.folder.name) / "auth"
        token = run("--new-token", "clinic", "--auth-file", auth).stdout.strip()
        run("--new-password", "anna", "--auth-file", auth, text="correct horse\n")
        with Server(*self.options, "--auth-file", auth) as server:
            for headers in ({"Authorization": f"bearer {token}"}, basic("clinic", token), basic("anna", "correct horse")):
                self.assertEqual(server.predict(sample(), headers=headers)[0], 200)
            server.predict(sample(), headers=basic("evil\"name", "x"))
        text = self.log.read_text()
        tokens = [json.loads(line)["token"] for line in text.splitlines() if '"result"' in line]
        self.assertEqual(tokens, ["clinic", "clinic", "anna"])
        self.assertNotIn(token, text)
        self.assertNotIn("horse", text)

    def test_changes_show(self):
        self.record(sample(), sample(1))
        good = self.log.read_text()
        lines = good.splitlines(keepends=True)
        grade = json.loads(lines[1])["grade"]
        for name, changed in {
            "another grade": good.replace(f'"grade":{grade}', f'"grade":{grade + 1}', 1),
            "a line less": "".join(lines[:1] + lines[2:]),
            "exchanged": "".join([lines[0], lines[2], lines[1], *lines[3:]]),
            "twice": "".join([*lines[:2], lines[1], *lines[2:]]),
            "the first gone": "".join(lines[1:]),
            "the last gone": "".join(lines[:-1]),
            "the last two gone": "".join(lines[:-2]),
            "empty": "",
            "torn": good[:-10],
            "garbage": good + "{}\n",
        }.items():
            self.log.write_text(changed)
            done = self.verify()
            self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), name)
        self.log.write_text(good)
        self.assertEqual(self.verify().returncode, 0)
        seal = Path(str(self.log) + ".seal")
        seal.rename(str(seal) + "x")
        self.assertEqual(self.verify().returncode, 1)

    def forged(self, path, *lines):
        """A log as one writes it who has no key: each line with a hash of its own, chained."""
        last = "0" * 64
        with path.open("w") as file:
            for line in lines:
                text = json.dumps({**line, "previous": last}, separators=(",", ":"))[:-1]
                last = hashlib.sha256(text.encode()).hexdigest()
                file.write(f'{text},"hash":"{last}"}}\n')

    def test_a_rewritten_log_does_not_verify(self):
        self.record(sample())
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        for line in lines:
            del line["previous"], line["code"]
        lines[1]["grade"] = 4
        good = self.log.read_text()
        self.forged(self.log, *lines)
        self.assertEqual(self.verify().returncode, 1)
        self.assertIn("without a key", self.refused())
        # With no key at hand it is said that nothing is proved, and the exit code is another than that of a good one.
        nowhere = Path(self.folder.name) / "nowhere"
        done = run("--verify-audit", self.log, environment={"XDG_CONFIG_HOME": nowhere})
        self.assertEqual(done.returncode, 3)
        self.assertIn("a rewritten log verifies too", done.stdout)
        self.forged(self.log, *[{**line, "seq": 1} for line in lines])
        self.assertEqual(run("--verify-audit", self.log, environment={"XDG_CONFIG_HOME": nowhere}).returncode, 1)
        # With another key.
        self.log.write_text(good)
        self.assertEqual(run("--new-audit-key", nowhere).returncode, 0)
        self.assertEqual(run("--verify-audit", self.log, "--audit-key", nowhere).returncode, 1)
        self.assertEqual(self.verify().returncode, 0)

    def test_keys(self):
        self.record(sample())
        self.key.chmod(0o640)
        self.assertIn("open to others", self.refused())
        self.assertEqual(self.verify().returncode, 1)
        self.key.chmod(0o600)
        self.assertEqual(run("--new-audit-key", self.key).returncode, 2)  # is never replaced
        self.assertEqual(self.verify().returncode, 0)
        self.key.rename(str(self.key) + "x")
        self.assertIn("without its key", self.refused())
        self.assertFalse(self.key.exists())
        # The usual place.
        home = Path(self.folder.name) / "home"
        log = Path(self.folder.name) / "other.jsonl"
        with Server("--audit-log", log, prefix=["env", f"XDG_CONFIG_HOME={home}"]) as server:
            server.predict(sample())
            self.assertIn("a key was made for the audit log", server.log())
        self.assertEqual(os.stat(home / "fovea/audit.key").st_mode & 0o777, 0o600)
        self.assertEqual(run("--verify-audit", log, environment={"XDG_CONFIG_HOME": home}).returncode, 0)

    def test_going_on_after_a_crash(self):
        self.record(sample())
        whole = self.log.read_text()
        self.log.write_text(whole + '{"seq":4,"ti')
        self.record(sample())
        self.assertEqual(self.verify().returncode, 0)
        self.assertEqual(json.loads(self.log.read_text().splitlines()[3])["torn_bytes"], 12)
        self.log.write_text(whole.replace('"seq":2', '"seq":3'))
        self.refused()
        self.log.unlink()
        self.assertIn("6 lines", self.refused())
        # Killed, it goes on, and what it had written is still sealed or follows what is.
        os.unlink(str(self.log) + ".seal")
        server = Server(*self.options)
        server.predict(sample())
        server.process.kill()
        server.process.wait()
        server.folder.cleanup()
        self.assertEqual(self.verify().returncode, 0)
        self.record(sample())
        self.assertEqual(self.verify().returncode, 0)

    def test_one_writer(self):
        with Server(*self.options):
            self.assertIn("another server", self.refused())

    def test_links_are_not_followed(self):
        victim = Path(self.folder.name) / "victim"
        victim.write_text("")
        self.log.symlink_to(victim)
        self.assertIn("symbolic link", self.refused())
        self.assertEqual(victim.read_text(), "")
        auth = Path(self.folder.name) / "auth"
        auth.symlink_to(victim)
        done = run("--new-token", "a", "--auth-file", auth)
        self.assertEqual((done.returncode, done.stdout, victim.read_text()), (2, "", ""))

    def wait_until(self, condition):
        end = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def test_a_file_that_is_no_longer_there_is_noticed(self):
        server = Server(*self.options)
        self.assertEqual(server.predict(sample())[0], 200)
        for number, deed in enumerate((lambda: self.log.rename(str(self.log) + "moved"), self.log.unlink,
                                       lambda: os.truncate(self.log, 100), lambda: self.log.write_text("{}\n"))):
            deed()
            problem(self, server.predict(sample()), 503, "audit-log")
            problem(self, server.predict(sample()), 503, "audit-log")
            self.assertEqual(server.ask("GET", "/health/ready")[0], 503)
            self.assertEqual(server.ask("GET", "/health/live")[0], 200)
            self.wait_until(lambda: server.err.read_text().count("nothing is graded") == number + 1)
            server.process.send_signal(signal.SIGUSR1)
            self.wait_until(lambda: server.ask("GET", "/health/ready")[0] == 200)
            self.assertEqual(server.predict(sample())[0], 200)
            self.assertIn("continues", json.loads(self.log.read_text().splitlines()[0]))
        self.log.unlink()  # noticed by itself, too
        self.wait_until(lambda: server.ask("GET", "/health/ready")[0] == 503)
        server.stop()
        server.folder.cleanup()
        self.assertEqual(self.verify(str(self.log) + "moved").returncode, 0)

    def test_rotation(self):
        with Server(*self.options) as server:
            for lines in (2, 4, 6):
                self.assertEqual(server.predict(sample())[0], 200)
                server.process.send_signal(signal.SIGUSR1)
                self.wait_until(lambda: len(list(Path(self.folder.name).glob("audit*.jsonl"))) == lines // 2 + 1)
                self.wait_until(lambda: server.predict(sample())[0] == 200)
        old = sorted(Path(self.folder.name).glob("audit.2*.jsonl"))
        self.assertEqual(len(old), 3)
        old.sort(key=lambda path: path.stat().st_mtime_ns)
        self.assertEqual(self.verify(*old, self.log).returncode, 0)
        self.assertEqual(self.verify(old[2], self.log).returncode, 0)
        self.assertEqual(self.verify(old[0], self.log).returncode, 1)
        self.assertEqual(self.verify(old[1], old[0]).returncode, 1)
        lines = old[1].read_text().splitlines(keepends=True)
        old[1].write_text("".join(lines[:-1]))
        self.assertEqual(self.verify(old[1]).returncode, 1)

    def test_what_cannot_be_recorded_is_not_given(self):
        limit = ["bash", "-c", 'ulimit -f 2; trap "" XFSZ; exec "$@"', "-"]
        server = Server(*self.options, prefix=limit)
        statuses = [server.predict(sample())[0] for _ in range(8)]
        self.assertEqual(statuses[0], 200)
        self.assertEqual(statuses[-1], 503)
        self.assertEqual(server.ask("GET", "/health/ready")[0], 503)
        server.stop()
        server.folder.cleanup()
        self.assertEqual(self.verify().returncode, 0)
        self.assertEqual(self.log.read_text().count('"result"'), statuses.count(200))


if __name__ == "__main__":
    unittest.main()
