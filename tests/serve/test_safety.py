"""Who is let in, and what is kept on record."""
import base64
import json
import os
import shutil
import subprocess
import tempfile
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
            for right in ({"Authorization": f"Bearer {token}"}, basic("clinic", token), basic("anna", "correct horse")):
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
        done = run(*DEMO, "--port", "0", "--tls-cert", key, "--tls-key", cert)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)


class Audit(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / "audit.jsonl"

    def tearDown(self):
        self.folder.cleanup()

    def record(self, *pictures):
        with Server("--audit-log", self.log) as server:
            return json.loads(server.predict(*pictures)[2])

    def verify(self):
        return run("--verify-audit", self.log)

    def test_every_grade_is_on_record(self):
        answer = self.record(sample(), b"no picture")
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        self.assertEqual([line["event"] for line in lines], ["start", "result", "result", "stop"])
        self.assertEqual([line["seq"] for line in lines], [1, 2, 3, 4])
        self.assertEqual(lines[1]["image_sha256"], answer["results"][0]["sha256"])
        self.assertEqual(lines[1]["outputs"], answer["results"][0]["probabilities"])
        self.assertEqual(lines[1]["model_sha256"], answer["model"]["sha256"])
        self.assertIn("not a JPEG", lines[2]["error"])
        self.assertEqual(self.verify().returncode, 0)
        self.record(sample())
        self.assertEqual(self.verify().returncode, 0)
        self.assertEqual(len(self.log.read_text().splitlines()), 7)

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
            "torn": good[:-10],
            "garbage": good + "{}\n",
        }.items():
            self.log.write_text(changed)
            done = self.verify()
            self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), name)
        self.log.write_text(good)
        self.assertEqual(self.verify().returncode, 0)

    def test_going_on_after_a_crash(self):
        self.record(sample())
        whole = self.log.read_text()
        self.log.write_text(whole + '{"seq":4,"ti')
        self.record(sample())
        self.assertEqual(self.verify().returncode, 0)
        self.assertEqual(json.loads(self.log.read_text().splitlines()[3])["torn_bytes"], 12)
        self.log.write_text(whole.replace('"seq":2', '"seq":3'))
        done = run(*DEMO, "--port", "0", "--audit-log", self.log)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1))

    def test_one_writer(self):
        with Server("--audit-log", self.log):
            done = run(*DEMO, "--port", "0", "--audit-log", self.log)
            self.assertEqual(done.returncode, 2)
            self.assertIn("another server", done.stderr)

    def test_what_cannot_be_recorded_is_not_given(self):
        limit = ["bash", "-c", 'ulimit -f 2; trap "" XFSZ; exec "$@"', "-"]
        server = Server("--audit-log", self.log, prefix=limit)
        statuses = [server.predict(sample())[0] for _ in range(8)]
        self.assertEqual(statuses[0], 200)
        self.assertEqual(statuses[-1], 503)
        self.assertIn(500, statuses)
        self.assertEqual(server.ask("GET", "/health/ready")[0], 503)
        server.stop()
        server.folder.cleanup()
        self.assertEqual(self.verify().returncode, 0)
        self.assertEqual(self.log.read_text().count('"result"'), statuses.count(200))


if __name__ == "__main__":
    unittest.main()
