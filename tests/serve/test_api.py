"""The API of grade-server: the grades of batch-predict, to the bit, and an answer to everything else."""
import csv
import hashlib
import json
import signal
import struct
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from server import DEMO, SAMPLES, SOURCE, TOOLS, Server, form, png, problem, run, sample


def bits(values):
    return [struct.pack("<f", float(value)) for value in values]


class Api(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--batch", "3").__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def test_same_bits_as_batch_predict(self):
        with tempfile.TemporaryDirectory() as folder:
            labels = Path(folder) / "labels.csv"
            subprocess.run([TOOLS / "batch-predict", *DEMO, "--input", SOURCE / "weights/samples", "--output", labels,
                            "--details", "--quiet"], check=True, stdout=subprocess.DEVNULL)
            rows = list(csv.DictReader(labels.read_text().splitlines()))
        self.assertEqual(len(rows), len(SAMPLES))
        results = []
        for first in range(0, len(SAMPLES), 7):  # several in a request, and the last request not full
            status, _, body = self.server.predict(*(path.read_bytes() for path in SAMPLES[first:first + 7]))
            self.assertEqual(status, 200, body)
            results += json.loads(body)["results"]
        for path, row, result in zip(SAMPLES, rows, results, strict=True):
            self.assertEqual(path.stem, row["id_code"])
            self.assertEqual(result["grade"], int(row["diagnosis"]))
            self.assertEqual(result["class"], row["class"])
            self.assertEqual(result["referable"], row["referable"] == "1")
            self.assertEqual(bits(result["probabilities"]), bits(row[f"p{i}"] for i in range(5)))
            self.assertEqual(bits([result["confidence"]]), bits([row["confidence"]]))

    def test_pictures_too_are_of_the_instruction_set_given(self):
        with Server("--isa", "portable", prefix=("env", "FOVEA_ISA=mmx")) as server:
            status, _, body = server.predict(sample())
        self.assertEqual(status, 200, body)
        self.assertIn("grade", json.loads(body)["results"][0], body)

    def test_forms_and_raw_bodies_agree(self):
        one = json.loads(self.server.predict(sample())[2])["results"]
        for kind in ("image/jpeg", "application/octet-stream"):
            answer = self.server.ask("POST", "/api/v1/predict", sample(), {"Content-Type": kind})
            self.assertEqual(json.loads(answer[2])["results"], one)
        chunked = self.server.ask("POST", "/api/v1/predict", (sample()[i:i + 1000] for i in range(0, len(sample()), 1000)),
                                  {"Content-Type": "image/jpeg", "Transfer-Encoding": "chunked"})
        self.assertEqual(json.loads(chunked[2])["results"], one)

    def test_preprocessed_is_a_picture_of_the_network_s_size(self):
        result = json.loads(self.server.predict(sample(), query="?preprocessed=1")[2])["results"][0]
        self.assertTrue(result["preprocessed"].startswith("data:image/png;base64,iVBOR"))
        self.assertNotIn("preprocessed", json.loads(self.server.predict(sample())[2])["results"][0])

    def test_heat_maps(self):
        maps = [json.loads(self.server.predict(path.read_bytes(), query="?heatmap=1")[2])["results"][0]["heatmap"]
                for path in SAMPLES[3:6]]
        for heat in maps:
            self.assertEqual((heat["width"], heat["height"], heat["covers"]), (8, 8, "photograph"))
            self.assertEqual(len(heat["values"]), 64)
            self.assertEqual((max(heat["values"]), min(heat["values"]) >= 0), (1.0, True))
        # Each picture has its own map, wherever it is in a batch, and whatever is beside it.
        pictures = [path.read_bytes() for path in SAMPLES[3:6]]
        pictures.insert(1, b"no picture")
        results = json.loads(self.server.predict(*pictures, query="?heatmap=1")[2])["results"]
        self.assertEqual([result["heatmap"] for result in results if "heatmap" in result], maps)
        self.assertNotIn("heatmap", json.loads(self.server.predict(sample())[2])["results"][0])
        with Server("--tta", "2") as views:
            heat = json.loads(views.predict(pictures[0], query="?heatmap=1")[2])["results"][0]["heatmap"]
            self.assertEqual(heat, maps[0])

    def test_bad_pictures_among_good_ones(self):
        status, _, body = self.server.predict(sample(), b"no picture", sample(1))
        self.assertEqual(status, 200)
        first, bad, last = json.loads(body)["results"]
        self.assertIn("not a JPEG", bad["error"])
        self.assertNotIn("grade", bad)
        self.assertEqual((first["index"], last["index"]), (0, 2))
        self.assertIn("grade", last)

    def test_problems(self):
        problem(self, self.server.predict(b"no picture"), 422, "not-a-picture")
        problem(self, self.server.predict(b"a", b"b"), 422, "not-a-picture")
        problem(self, self.server.predict(), 400)
        problem(self, self.server.predict(b""), 400, "no-picture")
        problem(self, self.server.ask("POST", "/api/v1/predict", b"", {"Content-Type": "image/png"}), 400, "no-picture")
        problem(self, self.server.ask("POST", "/api/v1/predict", b"{}", {"Content-Type": "application/json"}), 415)
        problem(self, self.server.ask("POST", "/api/v1/predict", b"x"), 415)
        problem(self, self.server.predict(sample(), query="?preprocessed=yes"), 400, "bad-query")
        problem(self, self.server.ask("GET", "/nothing"), 404, "not-found")
        problem(self, self.server.ask("GET", "/assets/../app.css"), 404)
        answer = self.server.ask("GET", "/api/v1/predict")
        problem(self, answer, 405, "method-not-allowed")
        self.assertEqual(answer[1]["Allow"], "POST")
        self.assertEqual(self.server.ask("DELETE", "/")[1]["Allow"], "GET, HEAD")
        body, kind = form([("image", sample())])
        problem(self, self.server.ask("POST", "/api/v1/predict", body[:-30], {"Content-Type": kind}), 400)
        problem(self, self.server.ask("POST", "/api/v1/predict", body, {"Content-Type": "multipart/form-data"}), 400)
        problem(self, self.server.ask("POST", "/api/v1/predict", b"x" * 100, {
            "Content-Type": "image/jpeg", "Sec-Fetch-Site": "cross-site"}), 403, "cross-site")
        for site in ("same-site", "whatever"):
            problem(self, self.server.predict(sample(), headers={"Sec-Fetch-Site": site}), 403, "cross-site")
        for origin in ("null", "http://evil.example", f"http://localhost:{self.server.port}",
                       f"http://127.0.0.1:{self.server.port + 1}", f"https://127.0.0.1:{self.server.port}"):
            problem(self, self.server.predict(sample(), headers={"Origin": origin}), 403, "cross-site")
        own = {"Origin": f"http://127.0.0.1:{self.server.port}", "Sec-Fetch-Site": "same-origin"}
        self.assertEqual(self.server.predict(sample(), headers=own)[0], 200)
        problem(self, self.server.predict(sample(), query="?heatmap=0&heatmap=1"), 400, "bad-query")
        answer = self.server.ask("OPTIONS", "/api/v1/predict", headers={
            "Origin": "http://evil.example", "Access-Control-Request-Method": "POST"})
        self.assertIn(answer[0], (403, 405))
        self.assertFalse([name for name in answer[1] if name.lower().startswith("access-control")])
        answer = self.server.ask("TRACE", "/", headers={"X-Secret": "abc"})
        self.assertEqual((answer[0], b"abc" in answer[2]), (405, False))

    def test_names_of_other_machines(self):
        # What a page of evil.example can have a browser send after its name was bound to this address anew.
        for host in ("evil.example", f"evil.example:{self.server.port}", "127.0.0.1.evil.example", "localhost.evil.example",
                     "0.0.0.0", "192.0.2.1", "[::2]", "localhost@evil.example", "2130706433", "a b"):
            for method, path in (("GET", "/"), ("GET", "/metrics"), ("GET", "/health/live"), ("POST", "/api/v1/predict")):
                problem(self, self.server.ask(method, path, headers={"Host": host}), 421, "misdirected")
        for host in ("localhost", f"localhost:{self.server.port}", "127.0.0.1", "[::1]:80", "LOCALHOST"):
            self.assertEqual(self.server.ask("GET", "/health/live", headers={"Host": host})[0], 200, host)
        with Server("--server-name", "eyes.example.org", "--server-name", "192.0.2.7") as named:
            for host, status in (("eyes.example.org", 200), ("EYES.example.org:8443", 200), ("192.0.2.7", 200),
                                 ("localhost", 200), ("other.example.org", 421), ("example.org", 421)):
                self.assertEqual(named.ask("GET", "/", headers={"Host": host})[0], status, host)

    def test_bombs_and_tiny_pictures(self):
        bomb = png(60000, 60000)
        self.assertLess(len(bomb), 100)
        self.assertIn("60000x60000", problem(self, self.server.predict(bomb), 422)["detail"])
        self.assertIn("too small", problem(self, self.server.predict(png(4, 4, b"\0" * 20)), 422)["detail"])

    def test_original_form(self):
        body, kind = form([("my_image", sample())])
        status, headers, page = self.server.ask("POST", "/submit", body, {"Content-Type": kind})
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        grade = json.loads(self.server.predict(sample())[2])["results"][0]["class"]
        self.assertIn(grade.encode(), page)
        self.assertIn(b"Not a medical device", page)
        body, kind = form([("my_image", b"no picture")])
        status, headers, page = self.server.ask("POST", "/submit", body, {"Content-Type": kind})
        self.assertEqual((status, headers["Content-Type"]), (422, "text/html; charset=utf-8"))
        self.assertIn(b"not a JPEG", page)
        status, headers, _ = self.server.ask("GET", "/submit")
        self.assertEqual((status, headers["Location"]), (303, "/"))

    def test_pages_and_machines(self):
        status, headers, page = self.server.ask("GET", "/")
        self.assertEqual(status, 200)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertNotIn(b"{{", page)
        about = self.server.ask("GET", "/about")[2]
        sha = json.loads(self.server.ask("GET", "/api/v1/model")[2])["sha256"]
        self.assertIn(sha.encode(), about)
        self.assertIn(b"not a medical device", about)
        self.assertEqual(json.loads(self.server.ask("GET", "/health/ready")[2]), {"status": "ready"})
        self.assertEqual(self.server.ask("HEAD", "/about")[2], b"")
        document = json.loads(self.server.ask("GET", "/openapi.json")[2])
        self.assertIn("/api/v1/predict", document["paths"])

    def test_metrics(self):
        def value(name):
            text = self.server.ask("GET", "/metrics")[2].decode()
            return next((float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name + " ")), 0)
        names = ['fovea_images_total{result="graded"}', "fovea_decode_seconds_count", "fovea_inference_seconds_count",
                 'fovea_preprocess_seconds_bucket{le="+Inf"}', 'fovea_requests_total{code="200"}']
        before = [value(name) for name in names]
        self.server.predict(sample())
        after = [value(name) for name in names]
        self.assertTrue(all(b > a for a, b in zip(before, after, strict=True)), (before, after))
        self.assertEqual(value("fovea_ready"), 1)

    def test_many_at_once(self):
        expected = [json.loads(self.server.predict(path.read_bytes())[2])["results"][0] for path in SAMPLES[:6]]
        answers = [None] * 24

        def ask(i):
            answers[i] = json.loads(self.server.predict(SAMPLES[i % 6].read_bytes())[2])["results"][0]
        threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(answers))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for i, answer in enumerate(answers):
            self.assertEqual(answer, expected[i % 6])


class Pictures(unittest.TestCase):
    """What an operator may allow, and bound."""

    def test_damaged_ones_are_refused_unless_they_are_accepted(self):
        half = sample()[:len(sample()) * 3 // 4]
        with Server() as server:
            problem(self, server.predict(half), 422, "not-a-picture")
        with Server("--accept-damaged") as server:
            status, _, body = server.predict(sample(), half)
            self.assertEqual(status, 200, body)
            whole, damaged = json.loads(body)["results"]
            self.assertIn("grade", damaged)
            self.assertIn("damaged JPEG: ", damaged["note"])
            self.assertNotIn("damaged", whole.get("note", ""))

    def test_one_that_never_fits_into_the_memory_is_refused(self):
        with Server("--memory", "1") as server:
            answer = server.predict(png(900, 700, bytes(700 * 901)))
            problem(self, answer, 422, "not-a-picture")
            self.assertIn(b"MiB of memory to be decoded, the limit is 1", answer[2])
            self.assertTrue(server.is_alive())
        with Server("--memory", "8") as server:
            self.assertEqual(server.predict(png(900, 700, bytes(700 * 901)))[0], 200)

    def test_what_runs_in_place_of_layers_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            layers, log, key = (Path(folder) / name for name in ("layers.json", "audit.jsonl", "audit.key"))
            text = '{"conv1_relu": {"class_name": "ReLU"}}'
            layers.write_text(text)
            with Server("--layers", layers, "--audit-log", log, "--audit-key", key) as server:
                told = json.loads(server.ask("GET", "/api/v1/model")[2])
                self.assertEqual(server.predict(sample())[0], 200)
            lines = log.read_text().splitlines()
        self.assertEqual(told["layers"], json.loads(text))
        self.assertEqual(told["layers_sha256"], hashlib.sha256(text.encode()).hexdigest())
        result = next(line for line in map(json.loads, lines) if line["event"] == "result")
        self.assertEqual(result["layers_sha256"], told["layers_sha256"])


class Life(unittest.TestCase):
    def test_sigterm_finishes_what_was_begun(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = Server("--threads", "1")
            answers = []
            threads = [threading.Thread(target=lambda: answers.append(server.predict(*[sample()] * 8)[0]))
                       for _ in range(4)]
            for thread in threads:
                thread.start()
            while not answers and b"fovea_queue_length 0\n" in server.ask("GET", "/metrics")[2]:
                time.sleep(0.001)
            code, errors = server.stop(number)
            for thread in threads:
                thread.join()
            server.folder.cleanup()
            self.assertEqual((code, errors), (0, ""))
            self.assertIn(200, answers)
            self.assertTrue(set(answers) <= {200, 503}, answers)

    def test_a_changed_model_file_changes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "m.h5"
            model.write_bytes((SOURCE / "weights/demo.h5").read_bytes())
            (Path(folder) / "m.json").write_bytes((SOURCE / "weights/demo.json").read_bytes())
            with Server("--model", model, model=False) as server:
                before = server.predict(sample())[2]
                model.write_bytes(b"\xff" * 100000)
                (Path(folder) / "m.json").unlink()
                self.assertEqual(server.predict(sample())[2], before)

    def test_self_test(self):
        with Server("--self-test", wait=False) as server:
            server.wait_for("^ready$")
            self.assertEqual(server.ask("GET", "/health/ready")[0], 200)

    def test_wrong_usage_is_one_line(self):
        auth = ["--auth-file", "/nowhere"]
        for words, part in (([], "--model"), ([*DEMO, "--host", "0.0.0.0"], "--tls-cert"),
                            ([*DEMO, "--host", "0.0.0.0", "--behind-proxy"], "--auth-file"),
                            ([*DEMO, "--behind-proxy"], "--no-auth"),
                            ([*DEMO, "--behind-proxy", "--no-auth", *auth], "--no-auth"),
                            ([*DEMO, "--no-auth"], "--behind-proxy"), ([*DEMO, "--proxy", "10.0.0.1"], "--behind-proxy"),
                            ([*DEMO, "--host", "0.0.0.0", "--behind-proxy", "--no-auth"], "--no-auth"),
                            ([*DEMO, "--host", "0.0.0.0", "--behind-proxy", *auth], "--proxy"),
                            ([*DEMO, "--behind-proxy", *auth, "--proxy", "10.0.0.0/33"], "10.0.0.0/33"),
                            ([*DEMO, "--server-name", "https://a.example"], "https://a.example"),
                            ([*DEMO, "--server-name", "a.example:443"], "a.example:443"),
                            ([*DEMO, "--audit-key", "k"], "--audit-log"),
                            ([*DEMO, "--host", "::", *auth], "--tls-cert"),
                            ([*DEMO, "--host", "example.org"], "no address"),
                            ([*DEMO, "--tls-cert", "c.pem"], "--tls-key"),
                            ([*DEMO, "--tunnel", "ngrok"], "--auth-file"),
                            ([*DEMO, "--tunnel", "ssh:a@b"], "--auth-file"),
                            ([*DEMO, *auth], "/nowhere"), (["--model", "/no/model.h5"], "/no/model"),
                            (["--new-token", "a"], "--auth-file"), ([*DEMO, "--port", "70000"], "70000")):
            done = run(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn(part, done.stderr)

    def test_a_port_in_use(self):
        with Server() as server:
            done = run(*DEMO, "--port", server.port)
            self.assertEqual(done.returncode, 2)
            self.assertIn("cannot listen", done.stderr)


if __name__ == "__main__":
    unittest.main()
