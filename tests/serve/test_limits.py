"""What a client may take: nothing that others would miss."""
import json
import socket
import struct
import threading
import time
import unittest

from server import Server, form, problem, sample

HEAD = "POST /api/v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"


def ended(connection, seconds):
    """Whether the server ends this connection within the time."""
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
        return True
    except ConnectionError:
        return True
    except TimeoutError:
        return False


class Limits(unittest.TestCase):
    def test_sizes(self):
        with Server("--max-body", "1", "--max-files", "3", "--max-pixels", "1") as server:
            problem(self, server.predict(b"x" * (1 << 20)), 413, "too-large")
            early = server.raw((HEAD + f"Content-Length: {1 << 40}\r\n\r\n").encode())
            self.assertTrue(early.startswith(b"HTTP/1.1 413"), early[:50])
            status, _, _ = server.ask("POST", "/api/v1/predict", iter([b"x" * 65536] * 20), {
                "Content-Type": "image/jpeg", "Transfer-Encoding": "chunked"})
            self.assertEqual(status, 413)
            problem(self, server.predict(*[b"x"] * 4), 413, "too-large")
            self.assertEqual(server.predict(*[sample()] * 3)[0], 200)
            self.assertTrue(server.is_alive())

    def test_a_full_queue_answers_at_once(self):
        with Server("--queue", "4", "--threads", "1") as server:
            answers = []

            def ask():
                answers.append(server.predict(*[sample()] * 4))
            threads = [threading.Thread(target=ask) for _ in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            statuses = [answer[0] for answer in answers]
            self.assertIn(200, statuses)
            self.assertIn(503, statuses)
            for answer in answers:
                if answer[0] == 503:
                    problem(self, answer, 503, "queue-full")
                    self.assertGreaterEqual(int(answer[1]["Retry-After"]), 1)
            self.assertEqual(server.predict(sample())[0], 200)

    def test_the_rate_of_a_client(self):
        with Server("--rate", "5", "--behind-proxy", "--no-auth") as server:
            one, other = {"X-Forwarded-For": "10.0.0.1, 192.0.2.7"}, {"X-Forwarded-For": "192.0.2.8"}
            statuses = [server.predict(sample(), headers=one)[0] for _ in range(7)]
            self.assertEqual(statuses[:5], [200] * 5)
            self.assertEqual(statuses[6], 429)
            answer = server.predict(sample(), headers=one)
            problem(self, answer, 429, "rate-limit")
            self.assertGreaterEqual(int(answer[1]["Retry-After"]), 1)
            self.assertEqual(server.predict(sample(), headers=other)[0], 200)
            problem(self, server.predict(*[sample()] * 6, headers=other), 429)
            # A customer of IPv6 has more addresses than anybody can count.
            statuses = [server.predict(sample(), headers={"X-Forwarded-For": f"2001:db8:1:2::{i}"})[0] for i in range(7)]
            self.assertEqual((statuses[:5], statuses[6]), ([200] * 5, 429))
            self.assertEqual(server.predict(sample(), headers={"X-Forwarded-For": "2001:db8:1:3::1"})[0], 200)
            mapped = {"X-Forwarded-For": "::ffff:192.0.2.7"}  # who had his already
            self.assertEqual(server.predict(sample(), headers=mapped)[0], 429)

    def test_slow_requests_are_ended(self):
        with Server("--request-timeout", "2") as server:
            idle = socket.create_connection(("127.0.0.1", server.port))
            headers = socket.create_connection(("127.0.0.1", server.port))
            body = socket.create_connection(("127.0.0.1", server.port))
            headers.sendall(b"GET / HTTP/1.1\r\nX-")
            body.sendall((HEAD + "Content-Length: 1000\r\n\r\nx").encode())
            stop = threading.Event()

            def drip():  # a byte now and then must not renew the time
                while not stop.wait(0.2):
                    for connection in (headers, body):
                        try:
                            connection.send(b"x")
                        except OSError:
                            pass
            dripping = threading.Thread(target=drip)
            dripping.start()
            for name, connection in (("idle", idle), ("headers", headers), ("body", body)):
                self.assertTrue(ended(connection, 30), name)
            stop.set()
            dripping.join()
            self.assertTrue(server.is_alive())

    def test_a_thousand_idle_connections_stop_nobody(self):
        with Server() as server:
            idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1000)]
            for i, connection in enumerate(idle):
                if i % 2:
                    connection.sendall(b"POST /api/v1/predict HTTP/1.1\r\nHost: loc")
            for _ in range(5):
                self.assertEqual(server.predict(sample())[0], 200)
            for connection in idle:
                connection.close()

    def test_beyond_the_limit_the_oldest_goes(self):
        with Server("--connections", "20") as server:
            idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(40)]
            for _ in range(5):
                self.assertEqual(server.predict(sample())[0], 200)
            self.assertTrue(ended(idle[0], 10))
            for connection in idle:
                connection.close()

    def test_vanished_clients_hold_nothing(self):
        with Server("--queue", "8", "--threads", "1") as server:
            body, kind = form([("image", sample())] * 4)
            head = (f"POST /api/v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n").encode()
            for _ in range(20):
                with socket.create_connection(("127.0.0.1", server.port)) as connection:
                    connection.sendall(head + body)
                    # The next bytes from the server would be answered with a reset.
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end = time.monotonic() + 600
            while server.predict(sample())[0] != 200:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.05)

    def test_the_time_limit(self):
        with Server("--time-limit", "1", "--queue", "4000", "--max-files", "900", "--threads", "1") as server:
            problem(self, server.predict(*[sample()] * 900), 504, "time-limit")
            end = time.monotonic() + 600
            while server.predict(sample())[0] != 200:  # what was late leaves the queue
                self.assertLess(time.monotonic(), end)
            self.assertEqual(json.loads(server.ask("GET", "/health/ready")[2])["status"], "ready")


if __name__ == "__main__":
    unittest.main()
