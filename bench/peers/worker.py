"""Times one Python engine in a process of its own: worker.py JOB.json; writes the figures to the path the job names."""
import importlib.metadata
import json
import pathlib
import sys
import time

import numpy as np

from engines import module


def peak_rss_mb():
    """The most memory this process ever held, Python included."""
    for line in pathlib.Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc/self/status has no VmHWM")


def measure(job):
    engine = module(job["engine"])
    images = np.fromfile(job["images"], np.float32).reshape(job["shape"])
    if engine.LAYOUT == "nchw":
        images = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    peer = engine.Peer(job["threads"])
    times = []

    def timed(action, *arguments):
        start = time.perf_counter()
        action(*arguments)
        times.append((time.perf_counter() - start) * 1e3)

    timed(peer.load, job["model"])
    peer.set_input(images)
    for _ in range(1 + job["warmup"] + job["repetitions"]):
        timed(peer.run)
    memory = peak_rss_mb()
    np.asarray(peer.output(), np.float32).tofile(job["answer"])
    per_image = [value / len(images) for value in times[1:]]
    return {"version": importlib.metadata.version(engine.PACKAGE), "load_ms": times[0], "first_run_ms": per_image[0],
            "ms_per_image": per_image[1 + job["warmup"]:], "peak_rss_mb": memory,
            "precision": peer.precision() if job["precision"] else ""}


def main():
    job = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    pathlib.Path(job["result"]).write_text(json.dumps(measure(job)), encoding="utf-8")


if __name__ == "__main__":
    main()
