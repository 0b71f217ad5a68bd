"""Settings of layers that few networks use, and operations on tensors that functional models contain: each in a network
of its own, against Keras in float64."""

import pathlib
import tempfile
import unittest

import keras
import numpy as np
from keras import layers, ops

import networks
import support

TOLERANCE = 1e-5  # of the largest output
MAP, ROW = (6, 5, 4), (11, 6)


def after_conv(build):
    """What `build` makes of a small map with channels of both signs."""
    inputs = keras.Input(MAP)
    x = layers.Conv2D(4, 3, padding="same")(inputs)
    return keras.Model(inputs, build(x))


def on_rows(*some):
    return keras.Sequential([keras.Input(ROW), *some])


def spread_out(x):
    return layers.Reshape((6, 5, 2, 2))(x)


def preprocessed(module):
    """A model that starts with what keras.applications does to pictures."""
    inputs = keras.Input((7, 6, 3))
    x = getattr(keras.applications, module).preprocess_input(inputs)
    return keras.Model(inputs, layers.Conv2D(3, 3)(x))


def parts(x):
    first, second = ops.split(x, 2, axis=-1)
    top, middle, bottom = ops.split(x, [1, 4], axis=1)
    first = first * 2.0 - second
    return ops.concatenate([ops.concatenate([bottom, top, middle], axis=1)[..., :2], first], axis=-1)


NETWORKS = {
    "batch norm over rows": lambda: after_conv(layers.BatchNormalization(axis=1)),
    "batch norm over columns": lambda: after_conv(lambda x: layers.ReLU()(layers.BatchNormalization(axis=-2)(x))),
    "batch norm over the length": lambda: on_rows(layers.Conv1D(8, 3), layers.BatchNormalization(axis=1)),
    "layer norm over rows": lambda: after_conv(layers.LayerNormalization(axis=1)),
    "layer norm over two axes": lambda: after_conv(layers.LayerNormalization(axis=(1, 3))),
    "layer norm over pixels": lambda: after_conv(layers.LayerNormalization(axis=[1, 2])),
    "layer norm over all": lambda: after_conv(layers.LayerNormalization(axis=[1, 2, 3])),
    "rms norm over columns and channels": lambda: after_conv(layers.RMSNormalization(axis=[2, 3])),
    "unit norm over rows": lambda: after_conv(layers.UnitNormalization(axis=1)),
    "unit norm over pixels": lambda: after_conv(layers.UnitNormalization(axis=(1, 2))),
    "group norm over rows": lambda: after_conv(layers.GroupNormalization(groups=3, axis=1)),
    "group norm over columns": lambda: after_conv(layers.GroupNormalization(groups=-1, axis=2)),
    "normalization over columns": lambda: after_conv(layers.Normalization(axis=2)),
    "normalization over two axes": lambda: after_conv(layers.Normalization(axis=(1, 3))),
    "normalization of all": lambda: after_conv(layers.Normalization(axis=None)),
    "joined rows": lambda: after_conv(lambda x: layers.Concatenate(axis=1)([x, x[:, :2], layers.ReLU()(x)])),
    "joined columns": lambda: after_conv(lambda x: layers.Concatenate(axis=-2)([layers.ReLU()(x), x])),
    "joined boxes": lambda: after_conv(lambda x: layers.Softmax()(layers.Concatenate(axis=1)(
        [layers.Reshape((-1, 2))(x), layers.Reshape((-1, 2))(layers.MaxPooling2D()(x))]))),
    "shuffled channels": lambda: after_conv(lambda x: layers.Reshape(MAP)(layers.Permute((1, 2, 4, 3))(
        spread_out(layers.ReLU()(x))))),
    "four dimensions": lambda: after_conv(lambda x: layers.LayerNormalization(axis=(2, 4))(
        layers.BatchNormalization()(layers.Activation("tanh")(spread_out(x))))),
    "sum over rows and a column": lambda: after_conv(lambda x: layers.Add()(
        [x[:, :1], x, layers.GlobalAveragePooling2D(keepdims=True)(x), x[:, :, 1:2]])),
    "average of what repeats": lambda: after_conv(lambda x: layers.Average()([x[:, :1], x[:, :, 1:2]])),
    "transposed 1D": lambda: on_rows(layers.Conv1DTranspose(5, 4, strides=2, padding="same", activation="relu"),
                                     layers.Conv1DTranspose(3, 3, strides=2, output_padding=1)),
    "depthwise 1D": lambda: on_rows(layers.DepthwiseConv1D(3, strides=2, depth_multiplier=2, padding="same"),
                                    layers.DepthwiseConv1D(3, activation="tanh")),
    "separable 1D": lambda: on_rows(layers.SeparableConv1D(9, 3, padding="same", activation="relu"),
                                    layers.SeparableConv1D(5, 3, strides=2, depth_multiplier=2, use_bias=False),
                                    layers.BatchNormalization()),
    "training only": lambda: after_conv(lambda x: layers.RandomErasing()(layers.RandomGrayscale(0.5)(
        layers.RandomPerspective()(layers.RandomGaussianBlur()(layers.CutMix()(x[..., :3])))))),
    "slices": lambda: after_conv(lambda x: x[:, 1:6:2, ::-1, 1:]),
    "an index": lambda: after_conv(lambda x: x[..., 1]),
    "an index and a new axis": lambda: after_conv(lambda x: x[:, None, -2, ..., -3:]),
    "sums": lambda: after_conv(lambda x: ops.sum(x, axis=(1, 3))),
    "smallest": lambda: after_conv(lambda x: x - ops.min(x, axis=-1, keepdims=True)),
    "attention of pixels": lambda: after_conv(lambda x: x * layers.Conv2D(1, 3, padding="same", activation="sigmoid")(
        layers.Concatenate()([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=3, keepdims=True)]))),
    "quotients": lambda: after_conv(lambda x: x / (1.0 + ops.sum(ops.square(x), axis=2, keepdims=True))),
    "roots": lambda: after_conv(lambda x: ops.sqrt(ops.relu(x)) + ops.rsqrt(x * x + 0.1) + 1 / (3.0 + x * x) + x**3),
    "layers as activations": lambda: keras.Sequential([
        keras.Input(MAP), layers.Conv2D(8, 3, activation=layers.LeakyReLU(0.3)),
        layers.Conv2D(8, 1, activation=layers.ReLU(max_value=0.5)), layers.BatchNormalization(),
        layers.Activation(layers.ELU(0.5)), layers.Flatten(), layers.Dense(5, activation=layers.Softmax())]),
    "parts": lambda: after_conv(parts),
    "stacked": lambda: after_conv(lambda x: ops.stack([x[..., 2], x[..., 0]], axis=1)),
    "stacked at the end": lambda: after_conv(lambda x: ops.stack([x[..., 2], x[..., 0], x[..., 1]], axis=-1)),
    "repeated": lambda: after_conv(lambda x: ops.repeat(ops.tile(x, (1, 2, 1, 3)), 2, axis=2)),
    "turned": lambda: after_conv(lambda x: ops.flip(ops.swapaxes(x, 1, 3), axis=(1, 2))),
    "depth to space": lambda: after_conv(lambda x: layers.Conv2D(2, 3)(ops.depth_to_space(x, 2))),
    "space to depth": lambda: after_conv(lambda x: ops.space_to_depth(x[:, :, :4], 2)),
    "pools": lambda: after_conv(lambda x: ops.max_pool(x, 2, 1) - ops.average_pool(x, 2, 1)),
    "unit vectors": lambda: after_conv(lambda x: ops.normalize(x, axis=-1)),
    "a constant a channel": lambda: after_conv(lambda x: (x - ops.convert_to_tensor([1.0, 2.0, -3.0, 0.5])) * 3.0),
    "caffe's preprocessing": lambda: preprocessed("resnet50"),
    "PyTorch's preprocessing": lambda: preprocessed("densenet"),
    "TensorFlow's preprocessing": lambda: preprocessed("mobilenet_v2"),
}


def first_and_last(build):
    """The network with maps channels first, and the same with channels last, which TensorFlow can compute: `build` gets
    the style, and a function by which the last dimensions of a map are those of the other."""
    def network(first):
        style = {"data_format": "channels_first" if first else "channels_last"}
        inputs = keras.Input((4, 6, 5) if first else (6, 5, 4))
        x = layers.Conv2D(4, 3, padding="same", **style)(inputs)

        def in_order(layer):
            if first:
                return layer
            return lambda *x: layers.Permute((2, 3, 1))(layer(*map(layers.Permute((3, 1, 2)), x)))
        return keras.Model(inputs, layers.Conv2D(3, 2, **style)(build(x, in_order)))
    return network(True), network(False)


CHANNELS_FIRST = {
    "dense over columns": lambda x, in_order: in_order(layers.Dense(7))(x),
    "a slope for each value": lambda x, in_order: in_order(layers.PReLU("normal"))(x),
    "norm over columns": lambda x, in_order: in_order(layers.LayerNormalization())(x),
    "norm of all": lambda x, in_order: in_order(layers.LayerNormalization(axis=[1, 2, 3]))(x),
    "softmax over columns": lambda x, in_order: in_order(layers.Softmax())(in_order(layers.Activation("softmax"))(x)),
    "permuted": lambda x, in_order: in_order(layers.Permute((1, 3, 2)))(x),
    "softmax as a layer": lambda x, in_order: in_order(layers.Activation(layers.Softmax()))(x),
    "joined columns": lambda x, in_order: in_order(lambda a, b: layers.Concatenate()([a, b]))(x, layers.ReLU()(x)),
    "arithmetic": lambda x, in_order: ops.sqrt(ops.square(x) + 2.0) - x * 0.5,
}


class Layers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def close(self, got, truth, what):
        truth = np.asarray(truth).reshape(len(got), -1)
        self.assertEqual(got.shape, truth.shape, what)
        size = np.abs(truth).max()
        self.assertGreater(np.ptp(truth, axis=0).max(), 1e-3 * size, f"{what}: all answers alike")
        self.assertLess(np.abs(got - truth).max(), TOLERANCE * size, what)

    def test_channels_last(self):
        rng = np.random.default_rng(11)
        for form in (".h5", ".keras"):
            for number, (name, build) in enumerate(NETWORKS.items()):
                keras.utils.clear_session()
                model = build()
                images = rng.uniform(-1, 1, (3, *model.input_shape[1:])).astype(np.float32)
                if model.input_shape[-1] == 3:
                    images = np.float32(127.5) * (images + 1)
                networks.enliven(model, images, rng)
                truth = support.truth(model, images)
                path = self.folder / f"{number}{form}"
                model.save(path)
                with self.subTest(name, form=form):
                    (got,) = support.fovea_run([path], [images], self.folder)
                    self.close(got, truth, name)

    def test_channels_first(self):
        rng = np.random.default_rng(12)
        images = rng.uniform(-1, 1, (3, 6, 5, 4)).astype(np.float32)
        for number, (name, build) in enumerate(CHANNELS_FIRST.items()):
            keras.utils.clear_session()
            first, last = first_and_last(build)
            networks.enliven(last, images, rng)
            first.set_weights(last.get_weights())
            path = self.folder / f"first{number}.keras"
            first.save(path)
            with self.subTest(name):
                (got,) = support.fovea_run([path], [images], self.folder)
                self.close(got, support.truth(last, images), name)


if __name__ == "__main__":
    support.main()
