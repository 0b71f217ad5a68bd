"""Memory: no copy where none is promised, nothing freed that someone sees, nothing kept for ever."""

import gc
import sys
import tracemalloc

import numpy as np

import fovea


def traced(call):
    """The most memory that NumPy and Python took during the call, in bytes."""
    call()
    gc.collect()
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_contiguous_floats_are_read_where_they_lie(picture):
    x = picture.images(16)
    assert traced(lambda: picture.fovea(x)) < x.nbytes // 50
    assert traced(lambda: picture.fovea(x.astype(np.float64))) > x.nbytes  # this way of looking sees a copy


def test_other_libraries_memory_is_read_where_it_lies(picture):
    from test_call import OnlyDlpack
    x = picture.images(16)
    assert traced(lambda: picture.fovea(OnlyDlpack(x))) < x.nbytes // 50
    assert traced(lambda: picture.fovea(memoryview(x))) < x.nbytes // 50


def test_views_are_the_sessions_memory(picture):
    session = picture.fovea.session(max_batch=3)
    view = session.input()
    assert view.shape == (3, 64, 64, 3) and view.dtype == np.float32 and view.flags.writeable
    assert not view.flags.owndata and view[0].flags.c_contiguous
    for again in (session.input(), session.input(0), session.input("picture"), np.from_dlpack(view), np.asarray(view)):
        assert address(again) == address(view)
    x = picture.images(3)
    view[:] = x
    output = session.output()
    session.run()
    assert address(session.output()) == address(output)
    assert output.tobytes() == picture.fovea(x).tobytes()
    view[1] = x[0]
    session.run(2)
    assert output[1].tobytes() == picture.fovea(x[:1])[0].tobytes()
    assert traced(session.run) < 10_000


def address(array):
    return array.__array_interface__["data"][0]


def test_views_outlive_their_session(picture):
    view = picture.fovea.session().input()
    fovea.load(picture.path).session().output()
    gc.collect()
    view[:] = 3
    assert (view == 3).all()


def test_resize(picture):
    from conftest import convolutions, save
    other = convolutions(size=48)
    folder = picture.path.parent / "other"
    folder.mkdir(exist_ok=True)
    save(other, folder)
    model = fovea.load(picture.path, resizable=True)
    session = model.session(max_batch=2)
    old = session.input()
    old[:] = 1
    session.resize((48, 48, 3))
    assert session.input_shapes == [(48, 48, 3)] and model.input_shapes == [(64, 64, 3)]
    assert (old == 1).all() and old.shape == (2, 64, 64, 3)
    old[:] = 2  # nobody else's memory
    x = np.random.default_rng(0).normal(0, 1, (2, 48, 48, 3)).astype(np.float32)
    session.input()[:] = x
    session.run()
    assert session.output().tobytes() == fovea.load(folder / "convolutions.keras")(x).tobytes()


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def grown(call, times):
    """(objects, bytes) that are left of so many calls."""
    for _ in range(100):
        call()
    gc.collect()
    blocks, memory = sys.getallocatedblocks(), resident()
    for _ in range(times):
        call()
    gc.collect()
    return sys.getallocatedblocks() - blocks, resident() - memory


def assert_no_leak(call, times):
    blocks, memory = grown(call, times)
    assert blocks < max(250, times // 5), f"{blocks} objects are left of {times} calls"
    assert memory < 4 << 20, f"{memory} bytes are left of {times} calls"


def refused(call):
    try:
        call()
    except (TypeError, ValueError):
        return
    raise AssertionError("was not refused")


def test_ten_thousand_calls_leave_nothing(tiny):
    x = np.zeros((64, 4), np.float32)
    assert_no_leak(lambda: tiny.fovea(x), 10_000)
    assert_no_leak(lambda: tiny.fovea([x.astype(np.float64)]), 10_000)


def test_refusals_leave_nothing(tiny):
    wrong, text = np.zeros((300, 300), np.float32), "x" * 10_000
    assert_no_leak(lambda: refused(lambda: tiny.fovea(wrong)), 2_000)
    assert_no_leak(lambda: refused(lambda: tiny.fovea(text)), 2_000)
    assert_no_leak(lambda: refused(lambda: tiny.fovea.predict(wrong, batch_size=0)), 2_000)


def test_models_and_sessions_leave_nothing(tiny, picture):
    def use():
        session = tiny.fovea.session(max_batch=8)
        session.input()[:] = 1
        session.run()
        return session.output()
    assert_no_leak(use, 1_000)
    assert_no_leak(lambda: fovea.load(tiny.path, card=False).info(), 300)
    x = picture.images(1)
    assert_no_leak(lambda: picture.fovea.heat_map(x), 400)
