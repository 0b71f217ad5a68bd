"""Runs the built grade-server for a test, and speaks HTTP with it, soundly or not."""
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import uuid
import zlib
from pathlib import Path

SOURCE = Path(os.environ["FOVEA_SOURCE_DIR"])
TOOLS = Path(os.environ["FOVEA_BIN_DIR"])
SAMPLES = sorted((SOURCE / "weights/samples").glob("*.jpg"))
DEMO = ["--model", str(SOURCE / "weights/demo.h5")]


class Server:
    """grade-server with the demo model on a free port of 127.0.0.1, until the end of the `with` block."""

    def __init__(self, *arguments, model=True, wait=True, prefix=()):
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name) / "out"
        self.err = Path(self.folder.name) / "err"
        defaults = {"--threads": "2", "--time-limit": "900"}  # sanitizers and a busy machine take their time
        chosen = [word for name, value in defaults.items() if name not in arguments for word in (name, value)]
        command = [*prefix, str(TOOLS / "grade-server"), *(DEMO if model else []), "--port", "0", *chosen,
                   *map(str, arguments)]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(command, stdout=out, stderr=err, cwd=self.folder.name)
        self.wait_for(r"(https?)://(\S+?):(\d+)/")
        found = re.search(r"(https?)://(\S+?):(\d+)/", self.log())
        self.tls, self.port = found[1] == "https", int(found[3])
        if wait:
            self.wait_for(r"^ready$")

    def log(self):
        return self.out.read_text(errors="replace")

    def wait_for(self, pattern, seconds=300):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.log(), re.MULTILINE):
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"no {pattern!r}: {self.log()}{self.err.read_text(errors='replace')}")
            time.sleep(0.02)

    def connect(self, timeout=900):
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=context)

    def ask(self, method, path, body=None, headers=None):
        """(status, headers, body) of one request on a connection of its own."""
        connection = self.connect()
        try:
            headers = headers or {}
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a refusal may come before all is sent
                connection.request(method, path, body, headers, encode_chunked="Transfer-Encoding" in headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def predict(self, *pictures, query="", headers=None, path="/api/v1/predict"):
        body, kind = form([("image", picture) for picture in pictures])
        return self.ask("POST", path + query, body, {"Content-Type": kind, **(headers or {})})

    def raw(self, data, seconds=10, shut=True):
        """All that comes back for these bytes; `shut` = no more will be sent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            received = b""
            try:
                connection.sendall(data)
                if shut:
                    connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(65536):
                    received += piece
            except OSError:  # the server may end the connection at any point
                pass
            return received

    def is_alive(self):
        return self.process.poll() is None and self.ask("GET", "/health/live")[0] == 200

    def memory(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def stop(self, number=signal.SIGTERM):
        """The exit code, and what stands on standard error."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=900), self.err.read_text(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        code, errors = self.stop()
        if kind is None and (code != 0 or errors):
            raise AssertionError(f"exit code {code}: {errors}")
        self.folder.cleanup()


def form(parts, boundary=None):
    """(body, content type) of a form of (field, bytes) files."""
    boundary = boundary or uuid.uuid4().hex
    body = b""
    for field, data in parts:
        body += (f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="x.jpg"\r\n'
                 "Content-Type: image/jpeg\r\n\r\n").encode() + data + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def sample(index=0):
    return SAMPLES[index].read_bytes()


def png(width, height, rows=None):
    """A grey PNG that claims this size; `rows` = its data, else a few bytes."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    data = zlib.compress(rows if rows is not None else b"\0" * 20, 9)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def run(*arguments, text=None, environment=None):
    """A run of grade-server that ends by itself."""
    return subprocess.run([TOOLS / "grade-server", *map(str, arguments)], input=text, capture_output=True, text=True,
                          timeout=120, env={**os.environ, **(environment or {})})


def problem(test, answer, status, code=None):
    """Checks that an answer is a problem document, and returns it."""
    test.assertEqual(answer[0], status, answer[2])
    test.assertEqual(answer[1]["Content-Type"], "application/problem+json")
    document = json.loads(answer[2])
    test.assertEqual(document["status"], status)
    test.assertTrue(document["title"] and document["detail"])
    if code:
        test.assertEqual(document["type"], "urn:fovea:problem:" + code)
    return document
