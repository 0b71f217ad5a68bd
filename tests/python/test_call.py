"""Calls: against Keras in the same process, against the C++ API's bits, and in all forms in which arrays come."""

import subprocess

import keras
import numpy as np
import pytest

import fovea
from conftest import BIN, assert_as_keras


def test_as_keras(picture):
    x = picture.images(7)
    y = picture.fovea(x)
    assert_as_keras(y, picture.keras.predict(x, verbose=0))
    assert not np.allclose(y, y[::-1], atol=1e-4)


def test_several_inputs_and_outputs(ends):
    picture, age = ends.images(3)
    expected = ends.keras([picture, age])
    for given in ([picture, age], (picture, age), {"age": age, "picture": picture}):
        got = ends.fovea(given)
        assert isinstance(got, list) and len(got) == 2
        for one, other in zip(got, expected):
            assert_as_keras(one, other)
    assert (ends.fovea.input_names, ends.fovea.input_shapes) == (["picture", "age"], [(8, 8, 3), (2,)])
    assert ends.fovea.output_shapes == [(3,), (1,)]


def test_bits_are_those_of_cpp(picture, tmp_path):
    x = picture.images(5, seed=1)
    x.tofile(tmp_path / "in.f32")
    subprocess.run([BIN / "fovea-run", picture.path, tmp_path / "in.f32", tmp_path / "out.f32"], check=True,
                   capture_output=True)
    expected = (tmp_path / "out.f32").read_bytes()
    assert picture.fovea(x).tobytes() == expected
    assert picture.fovea.predict(x, batch_size=2).tobytes() == expected
    for threads in (1, 3):
        assert fovea.load(picture.path, threads=threads)(x).tobytes() == expected
    for isa in fovea.isas():
        if isa != "portable":
            assert fovea.load(picture.path, isa=isa)(x).tobytes() == expected


def test_every_form_of_array_gives_the_same(picture):
    x = picture.images(4)
    expected = picture.fovea(x).tobytes()
    read_only = x.copy()
    read_only.flags.writeable = False
    wide = np.zeros((4, 64, 64, 6), np.float32)
    wide[..., ::2] = x
    for form in (np.asfortranarray(x), x.astype(np.float64), x.astype(">f4"), x.astype(np.longdouble), read_only,
                 wide[..., ::2], np.ascontiguousarray(x[::-1])[::-1], x.tolist(), list(x), memoryview(x), [x],
                 {"picture": x}, keras.ops.convert_to_tensor(x), OnlyDlpack(x)):
        assert picture.fovea(form).tobytes() == expected, type(form)
    whole = (x * 20).astype(np.int8)
    assert picture.fovea(whole).tobytes() == picture.fovea(whole.astype(np.float32)).tobytes()
    assert picture.fovea(x.astype(np.float16)).tobytes() == picture.fovea(x.astype(np.float16).astype(np.float32)).tobytes()


class OnlyDlpack:
    """A tensor of another library, as DLPack shows it."""

    def __init__(self, array):
        self._array = array

    def __dlpack__(self, **options):
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self._array.__dlpack_device__()


def test_nothing_and_much(picture):
    assert picture.fovea(np.empty((0, 64, 64, 3), np.float32)).shape == (0, 5)
    many = picture.images(70)
    assert picture.fovea.predict(many).tobytes() == np.concatenate([picture.fovea(x[None]) for x in many]).tobytes()
    assert np.isnan(picture.fovea(np.full((1, 64, 64, 3), np.nan, np.float32))).all()


def test_heat_map(picture):
    x = picture.images(3)
    layer = picture.keras.layers[2]  # the last convolution
    maps = keras.Model(picture.keras.inputs, [layer.output, picture.keras.outputs[0]])
    import tensorflow as tf
    with tf.GradientTape() as tape:
        features, scores = maps(x)
        score = tf.reduce_sum(scores[:, 1])
    weights = np.mean(tape.gradient(score, features), axis=(1, 2), keepdims=True)
    heat = np.maximum((features * weights).numpy().sum(axis=-1), 0)
    heat /= heat.max(axis=(1, 2), keepdims=True) + 1e-30
    got = picture.fovea.heat_map(x, 1)
    assert got.shape == heat.shape and heat.max() > 0.99
    assert np.abs(got - heat).max() < 1e-3
    assert fovea.heat_map(picture.fovea, x).shape == heat.shape
    best = int(picture.fovea(x)[0].argmax())
    assert picture.fovea.heat_map(x)[0].tobytes() == picture.fovea.heat_map(x[:1], best)[0].tobytes()


@pytest.mark.parametrize("arithmetic", ["fast", "direct"])
def test_options(picture, arithmetic):
    model = fovea.load(str(picture.path), arithmetic=arithmetic, threads=1)
    assert model.arithmetic == arithmetic
    x = picture.images(2)
    assert_as_keras(model(x), picture.keras(x))
