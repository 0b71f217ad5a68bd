"""Threads of Python's: many over one model, and others that go on while fovea computes."""

import sys
import threading
import time

import numpy as np

import fovea
from conftest import DEMO


def in_threads(count, work):
    """What work(i) returned in so many threads at once; the first exception of one is raised here."""
    results, failures = [None] * count, []
    start = threading.Barrier(count)

    def run(i):
        try:
            start.wait()
            results[i] = work(i)
        except BaseException as error:
            failures.append(error)
    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results


def test_eight_threads_one_model(picture):
    x = picture.images(6)
    expected = picture.fovea(x).tobytes()

    def work(i):
        return {picture.fovea.predict(x[:6], batch_size=1 + (i + k) % 6).tobytes() for k in range(20)}
    assert in_threads(8, work) == [{expected}] * 8


def test_eight_threads_one_session(picture):
    session = picture.fovea.session(max_batch=2)
    session.input()[:] = picture.images(2)
    expected = picture.fovea(picture.images(2)).tobytes()

    def work(_):
        for _ in range(30):
            session.run()
    in_threads(8, work)
    assert session.output().tobytes() == expected  # the same images each time; a view shows what runs write


def test_a_session_is_resized_under_its_threads(picture):
    session = fovea.load(picture.path, resizable=True).session()

    def work(i):
        for k in range(10):
            if i == 0:
                session.resize((40 + 8 * (k % 3), 48, 3))
            else:
                view = session.input()
                view[:] = k
                session.run()
                session.output().sum()
    in_threads(4, work)


class Counter:
    """A thread that counts for as long as it gets the GIL of its own free will: no one takes it from this thread."""

    def __enter__(self):
        self.steps, self.stop = 0, False
        self.interval = sys.getswitchinterval()
        self.thread = threading.Thread(target=self.count)
        self.thread.start()
        while self.steps == 0:
            time.sleep(0.001)
        sys.setswitchinterval(1000)
        return self

    def count(self):
        while not self.stop:
            self.steps += 1
            time.sleep(0.0002)

    def __exit__(self, *_):
        sys.setswitchinterval(self.interval)
        self.stop = True
        self.thread.join()


# Python's own functions on the way (os.stat) let others make a step; while fovea computes they make many.
FEW = 5


def test_others_go_on_meanwhile(demo):
    """A call that keeps the GIL lets the counter stand still."""
    random = np.random.default_rng(0)
    x = random.random((8, 256, 256, 3), np.float32)
    large = random.integers(0, 255, (1500, 1500, 3), np.uint8)
    session = demo.session(max_batch=8)
    session.input()[:] = x
    for call in (lambda: demo(x), session.run, lambda: demo.heat_map(x[:2], 1), lambda: fovea.load(DEMO),
                 lambda: fovea.grade(demo, [large, large]), lambda: fovea.grade(demo, large),
                 lambda: fovea.prepare(demo, large)):
        call()  # what is made once is made
        with Counter() as counter:
            for _ in range(20):
                before = counter.steps
                call()
                steps = counter.steps - before
                if steps > FEW:
                    break
        assert steps > FEW
    with Counter() as counter:  # the counter can stand still: nothing here lets it go on
        before = counter.steps
        sum(range(3_000_000))
        assert counter.steps == before
