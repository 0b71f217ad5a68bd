"""Bytes that two programs could read as different requests: 400, the end of the connection, and nothing behind them done.

Each case is sent as it is, and in two pieces; behind each stands a request for another page, whose answer never comes.
"""
import contextlib
import re
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from server import Server, sample

NEXT = b"GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

HEADS = {
    "a continued line": POST + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    "a continued length": POST + b"Content-Length:\r\n 5\r\n\r\n",
    "a continued line that looks like a header": POST + b"X: a\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
    "a blank before the first header": b"POST / HTTP/1.1\r\n Host: localhost\r\nHost: localhost\r\n\r\n",
    "NUL in a value": POST + b"X: a\0b\r\nContent-Length: 0\r\n\r\n",
    "NUL in a length": POST + b"Content-Length: 0\0\r\n\r\n",
    "NUL in a name": POST + b"X\0: a\r\n\r\n",
    "NUL in the address": b"GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an escaped NUL": b"GET /about%00.html HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an escaped line end": b"GET /about%0d%0aX:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "another control character": POST + b"X: \x1b[31m\r\nContent-Length: 0\r\n\r\n",
    "a lone carriage return": POST + b"X: a\rContent-Length: 5\r\n\r\n",
    "a lone line feed": POST + b"X: a\nContent-Length: 0\r\n\r\n",
    "line feeds only": b"GET / HTTP/1.1\nHost: localhost\n\n",
    "HTTP/1.0 with chunks": b"POST /api/v1/predict HTTP/1.0\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
                            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two ways to say the length": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "the other way round": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    "twice the same length": POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "a list of lengths": POST + b"Content-Length: 3, 3\r\n\r\nabc",
    "+5": POST + b"Content-Length: +5\r\n\r\nabcde",
    "-5": POST + b"Content-Length: -5\r\n\r\n",
    "0x5": POST + b"Content-Length: 0x5\r\n\r\nabcde",
    "a length that is none": POST + b"Content-Length: five\r\n\r\n",
    "an empty length": POST + b"Content-Length: \r\n\r\n",
    "a length beyond 64 bits": POST + b"Content-Length: 18446744073709551621\r\n\r\nabcde",
    "a blank before the colon": POST + b"Content-Length : 3\r\n\r\nabc",
    "a tab before the colon": POST + b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunked and another": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked last but one": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "two headers of it": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "not quite chunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked behind a vertical tab": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "identity": POST + b"Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc",
    "two hosts": b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "a header without colon": b"GET / HTTP/1.1\r\nHost: localhost\r\nX\r\n\r\n",
    "a header without name": b"GET / HTTP/1.1\r\nHost: localhost\r\n: a\r\n\r\n",
    "another version": b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
    "HTTP/2's beginning": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "two blanks": b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a blank in the address": b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an address elsewhere": b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a malformed escape": b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
}
BODIES = {
    "a line feed behind a size": b"3\nabc\r\n0\r\n\r\n",
    "a line feed behind a chunk": b"3\r\nabc\n0\r\n\r\n",
    "a line feed behind the last size": b"3\r\nabc\r\n0\n\r\n",
    "a line feed at the end": b"3\r\nabc\r\n0\r\n\n",
    "an extension": b"3;a=b\r\nabc\r\n0\r\n\r\n",
    "an extension with a line feed": b"3;\nabc\r\n0\r\n\r\n",
    "an extension of the last": b"3\r\nabc\r\n0;a\r\n\r\n",
    "a blank behind a size": b"3 \r\nabc\r\n0\r\n\r\n",
    "a blank before a size": b" 3\r\nabc\r\n0\r\n\r\n",
    "0x3": b"0x3\r\nabc\r\n0\r\n\r\n",
    "+3": b"+3\r\nabc\r\n0\r\n\r\n",
    "-1": b"-1\r\nabc\r\n0\r\n\r\n",
    "no size": b"\r\nabc\r\n0\r\n\r\n",
    "a size beyond 64 bits": b"10000000000000003\r\nabc\r\n0\r\n\r\n",
    "a chunk that is longer": b"3\r\nabcd\r\n0\r\n\r\n",
    "a chunk that is shorter": b"3\r\nab\r\n0\r\n\r\n",
    "a trailer": b"3\r\nabc\r\n0\r\nX: a\r\n\r\n",
    "a length as a trailer": b"3\r\nabc\r\n0\r\nContent-Length: 5\r\n\r\n",
    "a request as a trailer": b"3\r\nabc\r\n0\r\nGET /about HTTP/1.1\r\nHost: localhost\r\n\r\n",
}
CASES = {**HEADS, **{name: CHUNKED + body for name, body in BODIES.items()}}


def exchange(port, pieces, context=None):
    """What comes until the server ends the connection, which it must; nothing is shut down on this side."""
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
        connection = stack.enter_context(context.wrap_socket(raw)) if context else raw
        received = b""
        for number, piece in enumerate(pieces):
            if number:
                time.sleep(0.02)
            try:
                connection.sendall(piece)
            except OSError:
                break
        while True:
            try:
                data = connection.recv(65536)
            except ConnectionError:
                break
            if not data:
                break
            received += data
        return received


class Framing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--request-timeout", "50").__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def check(self, name, answer, before=0):
        heads = re.findall(rb"HTTP/1\.1 (\d\d\d) [^\r\n]*\r\n", answer)
        self.assertEqual(heads, [b"200"] * before + [b"400"], (name, answer[-400:]))
        self.assertNotIn(b"About this server", answer, name)
        last = answer[answer.rindex(b"HTTP/1.1 400"):]
        self.assertIn(b"Connection: close\r\n", last, name)
        self.assertIn(b"application/problem+json", last, name)
        self.assertIn(b"Content-Security-Policy", last, name)
        head, body = last.split(b"\r\n\r\n", 1)
        self.assertEqual(int(re.search(rb"Content-Length: (\d+)", head)[1]), len(body), name)

    def test_what_can_be_read_in_two_ways(self):
        for name, case in CASES.items():
            self.check(name, exchange(self.server.port, [case + NEXT]))
            self.check(name, exchange(self.server.port, [case[:-4], case[-4:] + NEXT]))
        self.assertTrue(self.server.is_alive())

    def test_what_came_before_is_answered(self):
        first = POST + f"Content-Length: {len(sample())}\r\n\r\n".encode() + sample()
        for name in ("a continued line", "a line feed behind a size", "two lengths", "a trailer"):
            answer = exchange(self.server.port, [first + CASES[name] + NEXT])
            self.check(name, answer, before=1)
            self.assertIn(b'"grade":', answer)
        answer = exchange(self.server.port, [NEXT.replace(b"about", b"health/live") * 3 + CASES["0x5"] + NEXT])
        self.check("a pipeline", answer, before=3)

    def test_sound_requests_go_through(self):
        close = NEXT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        length = POST + f"Content-Length: {len(sample())}\r\n\r\n".encode() + sample()
        chunks = CHUNKED + f"{len(sample()):x}\r\n".encode() + sample() + b"\r\n0\r\n\r\n"
        for requests in ([length, close], [chunks, close], [length, chunks, length, close]):
            answer = exchange(self.server.port, [b"".join(requests)])
            self.assertEqual(answer.count(b"HTTP/1.1 200"), len(requests))
            self.assertIn(b"About this server", answer)
        data = chunks + close
        answer = exchange(self.server.port, [data[i:i + 997] for i in range(0, 20 * 997, 997)] + [data[20 * 997:]])
        self.assertEqual(answer.count(b"HTTP/1.1 200"), 2)
        old = exchange(self.server.port, [b"GET /about HTTP/1.0\r\nHost: localhost\r\n\r\n"])
        self.assertIn(b"About this server", old)
        waits = POST + f"Content-Length: {len(sample())}\r\nExpect: 100-continue\r\n\r\n".encode()
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=60) as connection:
            connection.sendall(waits)
            self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 100"))
            connection.sendall(sample())
            self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 200"))

    def test_long_heads(self):
        for head, status in ((b"X: " + b"a" * 15000 + b"\r\n", 200), (b"X: " + b"a" * 17000 + b"\r\n", 431),
                             (b"X: a\r\n" * 98, 200), (b"X: a\r\n" * 101, 431), (b"X: " + b"a" * 140 + b"\r\n", 200)):
            answer = exchange(self.server.port, [b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                                 + head + b"\r\n"])
            self.assertTrue(answer.startswith(f"HTTP/1.1 {status}".encode()), (head[:20], answer[:100]))
        answer = exchange(self.server.port, [b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"])
        self.assertTrue(answer.startswith(b"HTTP/1.1 414"), answer[:100])
        full = (b"X: " + b"a" * 150 + b"\r\n") * 98
        answer = exchange(self.server.port, [b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + full + b"\r\n"])
        self.assertTrue(answer.startswith(b"HTTP/1.1 200"), answer[:100])

    def test_slow_readers_hold_nobody_up(self):
        ask = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
        slow = []
        for _ in range(20):  # each asks for more than fits between here and there, and reads nothing of it
            connection = socket.create_connection(("127.0.0.1", self.server.port))
            connection.settimeout(1)
            with contextlib.suppress(TimeoutError):
                for _ in range(20):
                    connection.sendall(ask * 50)
            slow.append(connection)
        self.assertEqual(self.server.predict(sample())[0], 200)
        self.assertLess(self.server.memory(), 2 << 30)
        slow[0].settimeout(60)
        received = b""
        while len(received) < 2_000_000:  # who reads after all gets all of it, in order
            received += slow[0].recv(1 << 20)
        self.assertEqual(set(re.findall(rb"HTTP/1\.1 (\d+)", received)), {b"200"})
        for connection in slow:
            connection.close()
        self.assertTrue(self.server.is_alive())

    def test_under_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            cert, key = Path(folder) / "cert.pem", Path(folder) / "key.pem"
            try:
                subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                                "-subj", "/CN=localhost", "-keyout", key, "-out", cert], check=True, capture_output=True)
            except FileNotFoundError:
                self.skipTest("needs the openssl program")
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with Server("--tls-cert", cert, "--tls-key", key, "--request-timeout", "2") as server:
                for beginning in (b"", b"\x16\x03\x01", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"):
                    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as slow:
                        slow.sendall(beginning)
                        self.assertEqual(slow.recv(100), b"", beginning)
            with Server("--tls-cert", cert, "--tls-key", key) as server:
                for name in ("a continued line", "NUL in a value", "HTTP/1.0 with chunks", "a line feed behind a size"):
                    self.check(name, exchange(server.port, [CASES[name] + NEXT], context))
                answer = exchange(server.port, [NEXT.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")], context)
                self.assertIn(b"About this server", answer)
                self.assertEqual(server.predict(*[sample()] * 8)[0], 200)
                # What is no handshake, and one that never ends, holds nobody up.
                self.assertEqual(exchange(server.port, [NEXT])[:4] == b"HTTP", False)
                with socket.create_connection(("127.0.0.1", server.port)) as idle:
                    idle.sendall(b"\x16\x03\x01")
                    self.assertEqual(server.predict(sample())[0], 200)


if __name__ == "__main__":
    unittest.main()
