"""python_call.py MODEL [CALL-BENCH]: what a call through the Python module costs over one through the C++ interface.

MODEL is a network so small that it shows; CALL-BENCH is the program of that name (bench/call_bench.cpp), asked for the
time in C++. One image, one thread, the least of many turns; NumPy in, a new NumPy array out.
"""

import re
import subprocess
import sys
import time

import numpy as np

import fovea

CALLS, TURNS = 2000, 200


def nanoseconds_a_call(call):
    least = float("inf")
    for _ in range(TURNS):
        start = time.perf_counter_ns()
        for _ in range(CALLS):
            call()
        least = min(least, (time.perf_counter_ns() - start) / CALLS)
    return least


def main():
    path = sys.argv[1]
    model = fovea.load(path, threads=1)
    x = np.full((1, *model.input_shapes[0]), 0.5, np.float32)
    session = model.session(threads=1)
    view, result = session.input(), session.output()

    def by_views():
        view[:] = x
        session.run()
        return result

    assert by_views().tobytes() == model(x).tobytes()
    loop = nanoseconds_a_call(lambda: None)
    call, views = nanoseconds_a_call(lambda: model(x)) - loop, nanoseconds_a_call(by_views) - loop
    print(f"Python: model(x) {call:.0f} ns, by a session's views {views:.0f} ns (a loop around it {loop:.0f} ns)")
    if len(sys.argv) > 2:
        printed = subprocess.run([sys.argv[2], path], check=True, capture_output=True, text=True).stdout
        cpp = int(re.search(r"C\+\+ (\d+) ns", printed)[1])
        print(f"C++: {cpp} ns; over it model(x) {call - cpp:.0f} ns, by views {views - cpp:.0f} ns")


if __name__ == "__main__":
    main()
