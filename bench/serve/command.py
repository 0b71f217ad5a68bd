"""What scripts/serve-bench does: throughput against batch-predict, latency under random load, overload, memory."""
import argparse
import asyncio
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from load import closed_loop, form_for, open_loop, request_for  # noqa: E402

SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"}


def parse(words):
    parser = argparse.ArgumentParser(prog="serve-bench", description=(
        "Loads grade-server on loopback with photographs and checks what is promised of it. The generator runs on the "
        "same machine and takes a little of it. Meaningful only where nothing else runs."))
    parser.add_argument("--images", type=pathlib.Path, default=ROOT / "weights" / "samples", metavar="DIR",
                        help="folder of photographs [weights/samples]")
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "weights" / "demo.h5", metavar="FILE",
                        help="Keras file with its card beside it [the demo model]")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), metavar="N", help="of the server [all]")
    parser.add_argument("--requests", type=int, default=1000, metavar="N", help="in each step [1000]")
    parser.add_argument("--memory-requests", type=int, default=10000, metavar="N", help="of the step on memory, 0 = none [10000]")
    parser.add_argument("--queue", type=int, default=64, metavar="N", help="the server's --queue [64]")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "bin", metavar="DIR", help="the programs [build/bin]")
    parser.add_argument("--preprocess", metavar="NAME", help="the preset, for a model without a card")
    parser.add_argument("--original", metavar="PYTHON", help=(
        "also time the original's way, with and without the Gaussian step: a Python with Flask, Keras and OpenCV"))
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures")
    return parser.parse_args(words)


def preset(options):
    return ["--preprocess", options.preprocess] if options.preprocess else []


class Server:
    def __init__(self, options):
        self.log = tempfile.NamedTemporaryFile("w+")
        self.process = subprocess.Popen(
            [options.bin / "grade-server", "--model", options.model, "--port", "0", "--threads", str(options.threads),
             "--queue", str(options.queue), "--time-limit", "3600", *preset(options)], stdout=self.log)
        while not re.search("^ready$", text := pathlib.Path(self.log.name).read_text(), re.MULTILINE):
            if self.process.poll() is not None:
                sys.exit("serve-bench: the server did not start")
            time.sleep(0.05)
        self.port = int(re.search(r":(\d+)/", text)[1])

    def memory(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) / 1024

    def stop(self):
        self.process.terminate()
        return self.process.wait()


def batch_rate(options, images, total):
    """Images a second of batch-predict on as many of the same images, the loading of the model left out."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "images").mkdir()
        for i in range(total):
            source = images[i % len(images)]
            (folder / "images" / f"{i:06d}{source.suffix}").symlink_to(source)
        labels = folder / "labels.csv"
        subprocess.run([options.bin / "batch-predict", "--model", options.model, "--input", folder / "images", "--output",
                        labels, "--threads", str(options.threads), "--quiet", *preset(options)], check=True, stdout=subprocess.DEVNULL)
        return total / json.loads(labels.with_suffix(".run.json").read_text())["run"]["seconds"]


class Checks:
    def __init__(self):
        self.figures, self.failed = {}, False

    def add(self, name, value, holds=None, bound=""):
        self.figures[name] = value
        mark = "" if holds is None else "  ok" if holds else "  FAILED"
        self.failed |= holds is False
        print(f"{name:58} {value:10.4g}  {bound}{mark}", flush=True)


def rounds_of(options, server, images, requests, checks):
    """Server and batch-predict by turns, so that a change of the machine's speed meets both."""
    ratios, rates, batch = [], [], []
    for _ in range(3):
        batch.append(batch_rate(options, images, options.requests))
        outcome = asyncio.run(closed_loop(server.port, requests, 2 * options.threads, options.requests))
        rates.append(outcome.count(200) / outcome.seconds)
        ratios.append(rates[-1] / batch[-1])
    checks.add("batch-predict, images/s", statistics.median(batch))
    checks.add("grade-server, images/s", statistics.median(rates))
    ratio = statistics.median(ratios)
    checks.add("  of batch-predict's", ratio, ratio >= 0.9, ">= 0.9")
    return statistics.median(rates)


def under_load(options, server, requests, capacity, checks):
    alone = asyncio.run(closed_loop(server.port, requests, 1, max(50, options.requests // 10))).percentile(0.5)
    checks.add("one request alone, median ms", 1000 * alone)
    for share, bound in ((0.3, 4), (0.7, 9)):
        outcome = asyncio.run(open_loop(server.port, requests, share * capacity, options.requests))
        times = outcome.percentile(0.99) / alone
        checks.add(f"p99 at {share:.0%} of capacity, times the median alone", times, times <= bound, f"<= {bound}")
        refused = len(outcome.answers) - outcome.count(200)
        checks.add("  not graded", refused, refused == 0, "= 0")


def overload(options, server, requests, capacity, checks):
    outcome = asyncio.run(open_loop(server.port, requests, 3 * capacity, options.requests))
    # Who is let in waits for at most the queue and what is at work, and some more for a loaded machine.
    bound = 1.5 * (options.queue + options.threads) / capacity
    worst = outcome.percentile(1.0)
    checks.add("slowest accepted request at 300 %, s", worst, worst <= bound, f"<= {bound:.2f}")
    checks.add("  refused", outcome.count(503), outcome.count(503) > 0, "> 0")
    checks.add("  neither graded nor refused", len(outcome.answers) - outcome.count(200) - outcome.count(503),
               outcome.count(200) + outcome.count(503) == len(outcome.answers), "= 0")
    if outcome.count(503):
        checks.add("  median time to be refused, ms", 1000 * outcome.percentile(0.5, 503))


def beside_idle(options, server, requests, capacity, checks):
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1000)]
    outcome = asyncio.run(closed_loop(server.port, requests, 2 * options.threads, options.requests))
    rate = outcome.count(200) / outcome.seconds
    checks.add("images/s beside 1000 idle connections", rate, outcome.count(200) == options.requests, "all graded")
    for connection in idle:
        connection.close()


def original_rate(options, pictures, total, gaussian):
    """Requests a second of the original's way; its threads are as many as it takes by itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [options.original, pathlib.Path(__file__).with_name("original.py"), options.model, str(port)]
    with subprocess.Popen([*words, *(["gaussian"] if gaussian else [])], stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}) as process:
        try:
            if process.stdout.readline().strip() != "ready":
                sys.exit("serve-bench: the original's way did not start: Flask, Keras and OpenCV are needed")
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionError:
                    time.sleep(0.1)
            forms = [form_for(picture) for picture in pictures]
            asyncio.run(closed_loop(port, forms, 1, 2))
            outcome = asyncio.run(closed_loop(port, forms, 2 * options.threads, total))
        finally:
            process.terminate()
    if outcome.count(200) != total:
        sys.exit("serve-bench: the original's way did not answer every request")
    return total / outcome.seconds


def against_original(options, server, requests, pictures, checks):
    if not options.original:
        return
    total = max(8, options.requests // 20)
    for name, gaussian, bound in (("as it is", False, 3), ("with the Gaussian step", True, 5)):
        ratios = []
        for _ in range(3):
            theirs = original_rate(options, pictures, total, gaussian)
            outcome = asyncio.run(closed_loop(server.port, requests, 2 * options.threads, total))
            ratios.append(outcome.count(200) / outcome.seconds / theirs)
        checks.add(f"the original {name}, requests/s", theirs)
        ratio = statistics.median(ratios)
        checks.add("  grade-server, times that", ratio, ratio >= bound, f">= {bound}")


def memory(options, server, requests, checks):
    if options.memory_requests == 0:
        return
    asyncio.run(closed_loop(server.port, requests, 2 * options.threads, 500))
    before = server.memory()
    asyncio.run(closed_loop(server.port, requests, 2 * options.threads, options.memory_requests - 500))
    after = server.memory()
    checks.add("RSS after 500 requests, MiB", before)
    checks.add(f"RSS after {options.memory_requests} requests, of that", after / before, after <= 1.05 * before, "<= 1.05")


def main(words):
    options = parse(words)
    images = sorted(path.resolve() for path in options.images.iterdir() if path.suffix.lower() in SUFFIXES)
    if not images:
        sys.exit(f"serve-bench: {options.images}: no photographs")
    pictures = [path.read_bytes() for path in images]
    requests = [request_for(picture) for picture in pictures]
    checks, fresh = Checks(), Server(options)
    memory(options, fresh, requests, checks)
    fresh.stop()
    server = Server(options)
    try:
        capacity = rounds_of(options, server, images, requests, checks)
        under_load(options, server, requests, capacity, checks)
        overload(options, server, requests, capacity, checks)
        beside_idle(options, server, requests, capacity, checks)
        against_original(options, server, requests, pictures, checks)
    finally:
        code = server.stop()
    checks.add("exit code after SIGTERM", code, code == 0, "= 0")
    if options.json:
        options.json.write_text(json.dumps(checks.figures, indent=2) + "\n")
    return 1 if checks.failed else 0
