"""What is wrong is refused in one line, by the exception that one expects, and nothing crashes."""

import numpy as np
import pytest

import fovea
from conftest import DEMO, SAMPLES

GOOD = np.zeros((1, 64, 64, 3), np.float32)


class Liar:
    """Says that it is an array, and is none."""

    def __init__(self, answer):
        self.answer = answer

    def __array__(self, *_, **__):
        return self.answer

    def __dlpack__(self, **_):
        return self.answer

    def __dlpack_device__(self):
        return (1, 0)


INPUTS = {
    "no batch": (GOOD[0], ValueError), "other size": (GOOD[:, 1:], ValueError), "other rank": (GOOD[None], ValueError),
    "channels first": (GOOD.transpose(0, 3, 1, 2), ValueError), "a number": (3.0, ValueError),
    "no dimension": (np.float32(1), ValueError), "None": (None, TypeError), "text": ("abc", TypeError),
    "bytes": (b"abc", TypeError), "complex": (GOOD.astype(complex), TypeError), "objects": (GOOD.astype(object), TypeError),
    "dates": (GOOD.astype("datetime64[s]"), TypeError), "strings": (GOOD.astype(str), TypeError),
    "records": (np.zeros((1, 64, 64, 3), [("a", "f4")]), TypeError), "ragged": ([[1], [1, 2]], ValueError),
    "two arrays": ([GOOD, GOOD], ValueError), "no arrays": ([], ValueError), "no names": ({}, ValueError),
    "another name": ({"eye": GOOD}, ValueError), "a number for a name": ({1: GOOD}, ValueError),
    "half a character": ({"\udcff": GOOD}, ValueError), "an object": (object(), TypeError),
    "lies": (Liar(7), (TypeError, ValueError)), "a module": (np, TypeError), "a class": (np.ndarray, TypeError),
    "more than there is": (np.broadcast_to(np.float32(0), (10**9, 64, 64, 3)), MemoryError),
    "negative steps of the wrong size": (GOOD[:, ::-2], ValueError), "a set": ({1, 2}, TypeError),
}


def check(call, expected):
    with pytest.raises(expected) as caught:
        call()
    text = str(caught.value)
    assert text and "\n" not in text, text


@pytest.mark.parametrize("name", INPUTS)
def test_inputs(picture, name):
    given, expected = INPUTS[name]
    check(lambda: picture.fovea(given), expected)
    check(lambda: picture.fovea.predict(given, 2), expected)
    check(lambda: picture.fovea.heat_map(given), expected)
    assert picture.fovea(GOOD).shape == (1, 5)


def test_several_inputs(ends):
    picture, age = ends.images(2)
    for given in (picture, [picture], [picture, age, age], {"picture": picture}, [age, picture], [picture, age[:1]],
                  {"picture": picture, "age": age, "more": age}):
        check(lambda: ends.fovea(given), ValueError)


def test_numbers(picture):
    model, session = picture.fovea, picture.fovea.session(max_batch=2)
    for wrong in (0, -1, 10**30, -10**30):
        check(lambda: model.predict(GOOD, batch_size=wrong), ValueError)
        check(lambda: model.session(max_batch=wrong), ValueError)
        check(lambda: session.run(wrong), ValueError)
        check(lambda: session.resize((wrong, 64, 3)), ValueError)
    check(lambda: model.session(threads=-1), ValueError)
    check(lambda: session.run(3), fovea.Error)
    check(lambda: session.input(1), ValueError)
    check(lambda: session.output(-1), ValueError)
    check(lambda: session.input("age"), KeyError)
    check(lambda: model.heat_map(GOOD, 5), ValueError)
    for wrong in (1.5, "1", b"1", [1]):
        check(lambda: model.predict(GOOD, batch_size=wrong), TypeError)
        check(lambda: model.session(max_batch=wrong), TypeError)
        check(lambda: session.run(wrong), TypeError)
        check(lambda: model.heat_map(GOOD, wrong), TypeError)
    check(lambda: session.input(None), TypeError)
    check(lambda: session.resize((64, 64, 3)), ValueError)  # it was not loaded so
    check(lambda: session.resize(7), TypeError)
    check(lambda: model.session(threads=1025), ValueError)


def test_files(picture, tmp_path):
    damaged = tmp_path / "damaged.keras"
    damaged.write_bytes(picture.path.read_bytes()[:-100])
    odd = tmp_path / "line\nend\udcff.keras"
    odd.write_bytes(b"nothing")
    for path in (damaged, odd, tmp_path, "/dev/null", "/dev/zero"):
        check(lambda: fovea.load(path), fovea.Error)
    for path in (tmp_path / "none.h5", "", "a" * 5000):
        check(lambda: fovea.load(path), OSError)
    for path in (None, 3.5, ["a"], object()):
        check(lambda: fovea.load(path), TypeError)
    check(lambda: fovea.load("a\0b"), ValueError)


def test_options(picture):
    load = fovea.load
    for options in ({"isa": "mmx"}, {"arithmetic": "wrong"}, {"threads": -1}, {"threads": 10**9}, {"height": -1},
                    {"width": 10**9}, {"architecture": "vgg5"}, {"threads": 10**30}):
        check(lambda: load(picture.path, **options), ValueError)
    for options in ({"isa": 3}, {"isa": None}, {"threads": "2"}, {"arithmetic": 1}, {"resizable": "yes"}, {"card": 3.5},
                    {"height": "x"}, {"architecture": 1}):
        check(lambda: load(picture.path, **options), TypeError)
    for options in ({"card": "/none.json"}, {"config": "/none.json"}, {"layers": "/none.json"}):
        check(lambda: load(picture.path, **options), OSError)


def test_errors_are_a_family():
    assert issubclass(fovea.Error, ValueError) and issubclass(fovea.UnsupportedError, fovea.Error)
    assert issubclass(fovea.UnsupportedError, NotImplementedError)
    for made in (fovea.Model, fovea.Session):
        check(made, TypeError)


def test_unsupported_layers_are_named(tmp_path):
    import keras
    model = keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: x * 2, name="twice")])
    model.save(tmp_path / "lambda.keras")
    with pytest.raises(fovea.UnsupportedError, match="twice"):
        fovea.load(tmp_path / "lambda.keras")


def test_cards(tmp_path):
    check(lambda: fovea.Card("/none.json"), OSError)
    check(lambda: fovea.Card(3.5), TypeError)
    check(lambda: fovea.Card.preset("none such"), fovea.Error)
    check(lambda: fovea.Card.preset("resize-255", wrong=1), fovea.Error)
    check(lambda: fovea.Card.preset("resize-255", scale="x"), fovea.Error)
    (tmp_path / "card.json").write_text("{")
    check(lambda: fovea.Card(tmp_path / "card.json"), fovea.Error)


def test_pictures(demo, picture):
    good = SAMPLES[0]
    for wrong in (3, None, [3], [None], np.zeros((50, 50, 3)), np.zeros((50, 50, 4), np.uint8), np.zeros(50, np.uint8),
                  np.zeros((1, 50, 50, 3), np.uint8)):
        check(lambda: fovea.grade(demo, wrong), TypeError)
    for wrong in (b"", b"abc", np.zeros((5, 5, 3), np.uint8), np.zeros((0, 5, 3), np.uint8), "/none.jpg", "/", DEMO):
        check(lambda: fovea.grade(demo, wrong), ValueError)
        check(lambda: fovea.prepare(demo, wrong), ValueError)
    check(lambda: fovea.grade(picture.fovea, good), ValueError)  # no card
    check(lambda: fovea.grade(demo, good, views=0), ValueError)
    check(lambda: fovea.grade(demo, good, views=9), ValueError)
    check(lambda: fovea.grade(demo, good, threads=-1), ValueError)
    check(lambda: fovea.grade(None, good), TypeError)
    check(lambda: fovea.grade(demo, good, card="demo"), TypeError)
    check(lambda: fovea.grade(picture.fovea, good, card=fovea.Card.preset("resize-255", resize="32x32")), fovea.Error)
