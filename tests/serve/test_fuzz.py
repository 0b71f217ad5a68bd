"""Hostile bytes: HTTP and forms damaged at random, pictures damaged and lying, smuggling, floods of headers.

The seed is fixed and printed; FOVEA_SEED=<n> takes another, FOVEA_FULL=1 goes on for longer. Nothing may crash, hang, or
leave a file; the sanitizers' build of the tests runs this too.
"""
import os
import random
import tempfile
import unittest
from pathlib import Path

from server import Server, form, png, problem, sample

SEED = int(os.environ.get("FOVEA_SEED", "8"))
ROUNDS = 3000 if os.environ.get("FOVEA_FULL") == "1" else 300
SPICE = [b"\r\n", b"\r\n\r\n", b"\0", b"--", b"\"", b";", b":", b"%00", b"%2e%2e/", b"Content-Length: 7\r\n",
         b"Transfer-Encoding: chunked\r\n", b"filename=", b"boundary=", b"name=\"\"", b"\xff\xfe", b"A" * 3000, b"0\r\n\r\n",
         b"ffffffffffffffff\r\n", b"-1", b"HTTP/9.9", b"\t", b"\n"]


def request(body, kind, path="/api/v1/predict", extra=""):
    return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n{extra}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def damaged(data, dice):
    data = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(5):
            case 0:
                data[at:at] = dice.choice(SPICE)
            case 1:
                del data[at:at + dice.choice((1, 2, 10, 200))]
            case 2 if at < len(data):
                data[at] = dice.randrange(256)
            case 3:
                data[at:at] = data[:at][-dice.randint(1, 400):]
            case 4 if dice.randrange(4) == 0:
                del data[at:]
    return bytes(data)


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.server = Server("--request-timeout", "5", "--max-pixels", "4",
                            prefix=["env", f"TMPDIR={cls.temporary.name}"]).__enter__()
        cls.dice = random.Random(SEED)
        print(f"seed {SEED}, {ROUNDS} rounds", flush=True)

    @classmethod
    def tearDownClass(cls):
        files = list(Path(cls.temporary.name).iterdir())
        beside = {path.name for path in Path(cls.server.folder.name).iterdir()} - {"out", "err"}
        cls.server.__exit__(None, None, None)  # checks exit code 0 and an empty standard error: no report of a sanitizer
        cls.temporary.cleanup()
        if files or beside:
            raise AssertionError(f"files were left: {files} {beside}")

    def tearDown(self):
        self.assertTrue(self.server.is_alive())
        self.assertEqual(self.server.predict(sample())[0], 200)

    def test_damaged_requests(self):
        body, kind = form([("my_image", sample()[:2000]), ("b", b"x" * 50)], boundary="abc")
        whole = request(body, kind)
        head = len(whole) - len(body)
        for round_ in range(ROUNDS):
            # Once the head, where the length then often lies; once the form, with its right length.
            if round_ % 2:
                data = damaged(whole[:head], self.dice) + body
            else:
                data = request(damaged(body, self.dice), kind, self.dice.choice(("/api/v1/predict", "/submit")))
            answer = self.server.raw(data)
            if answer:
                self.assertRegex(answer[:12], rb"^HTTP/1\.[01] [2345]\d\d")
                self.assertNotRegex(answer[:12], rb" 500")

    def test_damaged_pictures(self):
        pictures = [sample(), png(40, 40, bytes(41 * 40)), b"BM" + sample()[:300], b"II*\0" + sample()[:300]]
        for _ in range(ROUNDS):
            status, _, _ = self.server.predict(damaged(self.dice.choice(pictures), self.dice))
            self.assertIn(status, (200, 400, 422))

    def test_bombs(self):
        for picture in (png(60000, 60000), png(2 ** 31 - 1, 1), png(1, 2 ** 31 - 1), png(0, 0), png(3000, 3000),
                        png(1900, 1900, bytes(1901 * 1900 + 50_000_000)),
                        b"\xff\xd8\xff\xc0\x00\x11\x08\xea\x60\xea\x60\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9",
                        b"BM" + bytes(16) + b"\x60\xea\0\0\x60\xea\0\0\x01\0\x18\0" + bytes(60),
                        b"II*\0\x08\0\0\0\x01\0\0\x01\x04\0\x01\0\0\0\x60\xea\0\0\0\0\0\0", b"\0" * 100_000):
            problem(self, self.server.predict(picture), 422, "not-a-picture")
        self.assertLess(self.server.memory(), 2 << 30)

    def test_names_of_clients_lead_nowhere(self):
        for name in ("../../../tmp/fovea-was-here", "/tmp/fovea-was-here", "a\0b", "x" * 5000, "%2e%2e%2fx", ""):
            body = (f'--b\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n\r\n').encode()
            answer = self.server.raw(request(body + sample() + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"))
            self.assertRegex(answer[:12], rb"^HTTP/1\.1 (200|4\d\d)")
            self.assertNotIn(b"was-here", answer)
        self.assertFalse(Path("/tmp/fovea-was-here").exists())
        for path in ("/../../etc/passwd", "/assets/..%2f..%2fetc/passwd", "//etc/passwd", "/assets/app.css%00.html",
                     "/assets/", "/%", "/%zz", "/?" + "a" * 4000, "/\\..\\x"):
            answer = self.server.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            self.assertNotIn(b"root:x:", answer)
            self.assertRegex(answer[:12], rb"^HTTP/1\.1 (200|404|400)")

    def test_floods_of_headers(self):
        many = "".join(f"X-{i}: {'v' * 50}\r\n" for i in range(5000))
        long = "X-Long: " + "v" * 100_000 + "\r\n"
        for extra in (many, long, "X" * 100_000 + ": v\r\n", "A: b\r\n" * 4000):
            answer = self.server.raw(f"GET / HTTP/1.1\r\nHost: localhost\r\n{extra}\r\n".encode())
            self.assertRegex(answer[:12] or b"HTTP/1.1 431", rb"^HTTP/1\.[01] 4\d\d")
        answer = self.server.raw(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertRegex(answer[:12] or b"HTTP/1.1 414", rb"^HTTP/1\.[01] 4\d\d")

    def test_smuggling(self):
        inner = b"GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n"
        chunked = b"0\r\n\r\n" + inner
        for extra in ("Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n", "Content-Length: +5\r\n",
                      "Transfer-Encoding: identity\r\n", "Transfer-Encoding: chunked, chunked\r\n",
                      "Transfer-Encoding : chunked\r\n", "Transfer-Encoding:\x0bchunked\r\n", "Transfer-Encoding: xchunked\r\n",
                      "X: a\r\n Transfer-Encoding: chunked\r\n", "Host: other\r\n"):
            answer = self.server.raw(request(chunked, "image/jpeg", extra=extra))
            self.assertNotIn(b"HTTP/1.1 200", answer, extra)
            self.assertNotIn(b"About this server", answer)
        for length in ("-1", "5 5", "0x10", "99999999999999999999", "1e3", ""):
            answer = self.server.raw(f"POST /api/v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
                                     f"Content-Length: {length}\r\n\r\n".encode() + inner)
            self.assertNotIn(b"About this server", answer)
        # An honest pipeline of two is no smuggling.
        two = request(sample(), "image/jpeg") + inner.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        answer = self.server.raw(two, shut=False)
        self.assertEqual(answer.count(b"HTTP/1.1 200"), 2)
        self.assertIn(b"About this server", answer)

    def test_chunks(self):
        head = b"POST /api/v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n"
        for chunks in (b"ffffffffffffffff\r\n", b"-1\r\nx", b"5\r\nabc", b"zz\r\nabc\r\n0\r\n\r\n", b"5;" + b"x" * 50_000,
                       b"1\r\nab\r\n0\r\n\r\n", b"\r\n", b"0\r\n" + b"T: x\r\n" * 5000 + b"\r\n", b"000000000000000001\r\na\r\n0\r\n\r\n"):
            answer = self.server.raw(head + chunks)
            self.assertRegex(answer[:12] or b"HTTP/1.1 400", rb"^HTTP/1\.1 [45]\d\d")  # 500 where the library has no room


if __name__ == "__main__":
    unittest.main()
