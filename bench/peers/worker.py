"""Times one peer in a process of its own: time_peer.py MODULE ONNX INPUT.npy THREADS REPETITIONS OUTPUT.npy"""
import importlib
import json
import pathlib
import sys
import time

import numpy as np


def main():
    module, onnx_path, input_path, threads, repetitions, output_path = sys.argv[1:]
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    peer = importlib.import_module(module).Peer(onnx_path, int(threads))
    batch = np.load(input_path)
    np.save(output_path, peer.run(batch))
    times = []
    for _ in range(int(repetitions)):
        start = time.perf_counter()
        peer.run(batch)
        times.append((time.perf_counter() - start) * 1e3 / len(batch))
    print(json.dumps({"name": peer.name, "precision": peer.precision, "times": times}))


main()
