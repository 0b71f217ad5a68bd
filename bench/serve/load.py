"""A load generator: photographs sent to /api/v1/predict, with a fixed number of clients or at random times."""
import asyncio
import random
import time


def request_for(picture):
    return (b"POST /api/v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
            b"Content-Length: %d\r\n\r\n" % len(picture)) + picture


def form_for(picture):
    """The original's form."""
    body = (b'--b\r\nContent-Disposition: form-data; name="my_image"; filename="a.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n") + picture + b"\r\n--b--\r\n"
    return (b"POST /submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)) + body


class Client:
    """One connection that is kept and opened again when it was closed."""

    def __init__(self, port):
        self.port, self.reader, self.writer = port, None, None

    async def ask(self, request):
        """The status of the answer."""
        for attempt in (1, 2):
            try:
                if self.writer is None:
                    self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
                self.writer.write(request)
                head = await self.reader.readuntil(b"\r\n\r\n")
                lower = head.lower()
                length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
                await self.reader.readexactly(length)
                if b"connection: close" in lower:
                    self.close()
                return int(head[9:12])
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                if attempt == 2:
                    return 0
        return 0

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.writer = None


class Outcome:
    """What became of requests: (seconds from when each was due to its answer, status)."""

    def __init__(self):
        self.answers, self.seconds = [], 0.0

    def latencies(self, status=200):
        return sorted(seconds for seconds, found in self.answers if found == status)

    def count(self, status):
        return sum(found == status for _, found in self.answers)

    def percentile(self, share, status=200):
        """Nearest rank; infinite where there is none."""
        times = self.latencies(status)
        return times[min(len(times) - 1, int(share * len(times)))] if times else float("inf")


async def closed_loop(port, requests, clients, total):
    """`clients` clients, each sends its next request when it has the answer."""
    outcome, left = Outcome(), iter(range(total))
    begun = time.perf_counter()

    async def work():
        client = Client(port)
        for i in left:
            start = time.perf_counter()
            status = await client.ask(requests[i % len(requests)])
            outcome.answers.append((time.perf_counter() - start, status))
        client.close()
    await asyncio.gather(*(work() for _ in range(clients)))
    outcome.seconds = time.perf_counter() - begun
    return outcome


async def open_loop(port, requests, rate, total, seed=1):
    """Requests at the times of a Poisson process, whether or not earlier ones are answered. A request's time runs from
    when it was due, so that a generator that lags counts against the server and not for it."""
    outcome, dice, idle, tasks = Outcome(), random.Random(seed), [], []
    begun = due = time.perf_counter()

    async def one(i, due):
        client = idle.pop() if idle else Client(port)
        status = await client.ask(requests[i % len(requests)])
        outcome.answers.append((time.perf_counter() - due, status))
        idle.append(client)
    for i in range(total):
        due += dice.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(i, due)))
    await asyncio.gather(*tasks)
    outcome.seconds = time.perf_counter() - begun
    for client in idle:
        client.close()
    return outcome
