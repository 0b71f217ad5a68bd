"""The job as Python users run it: python_job.py ENGINE MODEL THREADS PASSES IMAGE...

Reads, blurs, subtracts, resizes, scales and infers one photograph after the other with OpenCV and an engine of
bench/peers, and prints JSON: seconds of each pass over all images, milliseconds an image by step, and the grades.
"""
import importlib
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "peers"))
STEPS = ("decode", "blur", "contrast", "resize", "scale", "network")


def main():
    import cv2
    import numpy as np

    name, model, threads, passes, *images = sys.argv[1:]
    engine = importlib.import_module(f"engines.{name}")
    cv2.setNumThreads(int(threads))
    peer = engine.Peer(int(threads))
    peer.load(model)

    def infer(picture):
        pixels = picture[np.newaxis].astype(np.float32) / 255
        if engine.LAYOUT == "nchw":
            pixels = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
        scaled = time.perf_counter()
        peer.set_input(pixels)
        peer.run()
        return scaled, int(np.argmax(peer.output()[0]))

    infer(np.zeros((700, 700, 3), np.uint8))  # the first run is slower
    seconds, spent, grades = [], dict.fromkeys(STEPS, 0.0), []
    for _ in range(int(passes)):
        grades, begin = [], time.perf_counter()
        for path in images:
            times = [time.perf_counter()]
            picture = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
            times.append(time.perf_counter())
            blurred = cv2.GaussianBlur(picture, (0, 0), 40)
            times.append(time.perf_counter())
            picture = cv2.addWeighted(picture, 4, blurred, -4, 128)
            times.append(time.perf_counter())
            picture = cv2.resize(picture, (700, 700), interpolation=cv2.INTER_CUBIC)
            times.append(time.perf_counter())
            scaled, grade = infer(picture)
            times += [scaled, time.perf_counter()]
            grades.append(grade)
            for step, first, last in zip(STEPS, times, times[1:]):
                spent[step] += last - first
        seconds.append(time.perf_counter() - begin)
    count = len(images) * int(passes)
    print(json.dumps({"seconds": seconds, "grades": grades, "precision": peer.precision(),
                      "steps": {step: 1e3 * value / count for step, value in spent.items()}}))


main()
