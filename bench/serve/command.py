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

from load import closed_loop, open_loop  # noqa: E402

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
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures")
    return parser.parse_args(words)


class Server:
    def __init__(self, options):
        self.log = tempfile.NamedTemporaryFile("w+")
        self.process = subprocess.Popen(
            [options.bin / "grade-server", "--model", options.model, "--port", "0", "--threads", str(options.threads),
             "--queue", str(options.queue), "--time-limit", "3600"], stdout=self.log)
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
                        labels, "--threads", str(options.threads), "--quiet"], check=True, stdout=subprocess.DEVNULL)
        return total / json.loads(labels.with_suffix(".run.json").read_text())["run"]["seconds"]


class Checks:
    def __init__(self):
        self.figures, self.failed = {}, False

    def add(self, name, value, holds=None, bound=""):
        self.figures[name] = value
        mark = "" if holds is None else "  ok" if holds else "  FAILED"
        self.failed |= holds is False
        print(f"{name:58} {value:10.4g}  {bound}{mark}", flush=True)


def rounds_of(options, server, images, pictures, checks):
    """Server and batch-predict by turns, so that a change of the machine's speed meets both."""
    ratios, rates, batch = [], [], []
    for _ in range(3):
        batch.append(batch_rate(options, images, options.requests))
        outcome = asyncio.run(closed_loop(server.port, pictures, 2 * options.threads, options.requests))
        rates.append(outcome.count(200) / outcome.seconds)
        ratios.append(rates[-1] / batch[-1])
    checks.add("batch-predict, images/s", statistics.median(batch))
    checks.add("grade-server, images/s", statistics.median(rates))
    ratio = statistics.median(ratios)
    checks.add("  of batch-predict's", ratio, ratio >= 0.9, ">= 0.9")
    return statistics.median(rates)


def under_load(options, server, pictures, capacity, checks):
    alone = asyncio.run(closed_loop(server.port, pictures, 1, max(50, options.requests // 10))).percentile(0.5)
    checks.add("one request alone, median ms", 1000 * alone)
    for share, bound in ((0.3, 4), (0.7, 9)):
        outcome = asyncio.run(open_loop(server.port, pictures, share * capacity, options.requests))
        times = outcome.percentile(0.99) / alone
        checks.add(f"p99 at {share:.0%} of capacity, times the median alone", times, times <= bound, f"<= {bound}")
        refused = len(outcome.answers) - outcome.count(200)
        checks.add("  not graded", refused, refused == 0, "= 0")


def overload(options, server, pictures, capacity, checks):
    outcome = asyncio.run(open_loop(server.port, pictures, 3 * capacity, options.requests))
    # Who is let in waits for at most the queue and what is at work, and some more for a loaded machine.
    bound = 1.5 * (options.queue + options.threads) / capacity
    worst = outcome.percentile(1.0)
    checks.add("slowest accepted request at 300 %, s", worst, worst <= bound, f"<= {bound:.2f}")
    checks.add("  refused", outcome.count(503), outcome.count(503) > 0, "> 0")
    checks.add("  neither graded nor refused", len(outcome.answers) - outcome.count(200) - outcome.count(503),
               outcome.count(200) + outcome.count(503) == len(outcome.answers), "= 0")
    if outcome.count(503):
        checks.add("  median time to be refused, ms", 1000 * outcome.percentile(0.5, 503))


def beside_idle(options, server, pictures, capacity, checks):
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1000)]
    outcome = asyncio.run(closed_loop(server.port, pictures, 2 * options.threads, options.requests))
    rate = outcome.count(200) / outcome.seconds
    checks.add("images/s beside 1000 idle connections", rate, outcome.count(200) == options.requests, "all graded")
    for connection in idle:
        connection.close()


def memory(options, server, pictures, checks):
    if options.memory_requests == 0:
        return
    asyncio.run(closed_loop(server.port, pictures, 2 * options.threads, 500))
    before = server.memory()
    asyncio.run(closed_loop(server.port, pictures, 2 * options.threads, options.memory_requests - 500))
    after = server.memory()
    checks.add("RSS after 500 requests, MiB", before)
    checks.add(f"RSS after {options.memory_requests} requests, of that", after / before, after <= 1.05 * before, "<= 1.05")


def main(words):
    options = parse(words)
    images = sorted(path.resolve() for path in options.images.iterdir() if path.suffix.lower() in SUFFIXES)
    if not images:
        sys.exit(f"serve-bench: {options.images}: no photographs")
    pictures = [path.read_bytes() for path in images]
    checks, fresh = Checks(), Server(options)
    memory(options, fresh, pictures, checks)
    fresh.stop()
    server = Server(options)
    try:
        capacity = rounds_of(options, server, images, pictures, checks)
        under_load(options, server, pictures, capacity, checks)
        overload(options, server, pictures, capacity, checks)
        beside_idle(options, server, pictures, capacity, checks)
    finally:
        code = server.stop()
    checks.add("exit code after SIGTERM", code, code == 0, "= 0")
    if options.json:
        options.json.write_text(json.dumps(checks.figures, indent=2) + "\n")
    return 1 if checks.failed else 0
