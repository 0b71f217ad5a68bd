"""What models may be made of besides layers in a row: operations, layers used twice, channels first, sizes left open,
Keras 1's words; and what fovea refuses, by name."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest
import zipfile

import h5py
import keras
import numpy as np
from keras import layers, ops

import networks
import support

TOLERANCE = 1e-5  # of the largest output


def operations():
    inputs = keras.Input((12, 10, 3))
    x = layers.Conv2D(8, 3, padding="same")(inputs)
    y = layers.Conv2D(8, 3, padding="same", activation="hard_sigmoid")(inputs)
    x = (x + y) * 2.0
    x = ops.relu(1.0 - x) - 0.25
    gate = ops.hard_sigmoid(ops.mean(x, axis=[1, 2], keepdims=True))
    x = ops.concatenate([ops.multiply(x, gate), ops.maximum(x, 0.1)], axis=-1)
    x = ops.nn.gelu(x / 3.0, approximate=False) - ops.silu(ops.clip(x, -1.0, 2.0))
    x = ops.image.resize(ops.transpose(x, (0, 2, 1, 3)), (7, 9))
    x = ops.pad(x, [[0, 0], [1, 0], [0, 2], [0, 0]]) ** 2
    x = ops.squeeze(ops.expand_dims(ops.max(x, axis=(1, 2)), 1), 1)
    return keras.Model(inputs, ops.log_softmax(layers.Dense(5)(ops.reshape(x, (-1, 16)))))


def values():
    """Powers, logarithms, choices, comparisons, logic, statistics, running sums, padding of every kind, places."""
    inputs = keras.Input((8, 7, 4))
    x = layers.Conv2D(4, 3, padding="same")(inputs)
    gem = ops.mean(ops.maximum(x, 1e-6) ** 3.5, axis=(1, 2)) ** (1 / 3.5)
    y = ops.where(x > 0.1, ops.log1p(ops.absolute(x)), ops.expm1(x) - 0.25)
    y = ops.where(ops.logical_and(y > -0.5, ops.logical_not(x < y)), 2.0, y) - ops.floor(4 * x) / 4
    y = y + ops.cast(ops.logical_or(ops.less_equal(x, 0), x >= np.array([0.1, 0.2, -0.3, 0.4], "float32")), "float32") * x
    y = y * np.linspace(0.5, 2, 8, dtype="float32").reshape((8, 1, 1)) + ops.maximum(x, np.array([0.1, -0.2, 0.3, 0], "float32"))
    y = y % 1.5 + ops.sign(x) * (x // 0.3) - ops.round(3 * y) + ops.square(2.0 ** x)
    y = ops.pad(y, [[0, 0], [1, 0], [0, 2], [1, 1]], constant_values=0.5)
    y = ops.pad(ops.pad(y, [[0, 0], [2, 1], [0, 1], [0, 0]], "reflect"), [[0, 0], [0, 0], [1, 2], [0, 0]], "symmetric")
    y = ops.max_pool(ops.average_pool(y, (2, 3), 1, "same"), 2)
    y = ops.concatenate([ops.std(y, axis=(1, 2)), ops.var(y, axis=[1, 3]), ops.logsumexp(y, axis=(1, 2)),
                         ops.prod(1 + y / 100, axis=(1, 2)), ops.take(gem, np.array([2, -1]), axis=1), ops.log(gem), ops.log2(gem)], -1)
    steps = ops.sigmoid(layers.Dense(4)(gem))
    passed = ops.cumprod(steps, axis=1)
    grade = ops.sum(ops.cast(passed > 0.2, "int32"), axis=1)
    best = ops.stack([grade - 1, ops.argmax(y, axis=-1), ops.argmin(steps, axis=-1)], axis=-1)
    any_of_all = ops.any(ops.reshape(y[:, :30], (-1, 5, 6))[:, :4] > 0.3, axis=1)
    return keras.Model(inputs, ops.concatenate(
        [y, passed, ops.cumsum(y, axis=1), ops.cast(best, "float32"), ops.cast(any_of_all, "float32"),
         *ops.moments(y, axes=[1], keepdims=True)], -1))


@keras.saving.register_keras_serializable()
class OwnModel(keras.Model):
    """Of a kind that only trains in its own way."""


@keras.saving.register_keras_serializable("mine")
class OwnSequential(keras.Sequential):
    """Likewise."""


def own_models():
    """Subclasses of models whose configuration is a plain graph, a constant of NumPy, names of layers from elsewhere."""
    inputs = keras.Input((6, 6, 4))
    x = layers.Rescaling(np.array([1.0, 2.0, 3.0, 4.0]), offset=np.array([[[0.5, 0, -1, 1]]]))(inputs)
    inner = OwnSequential([keras.Input((6, 6, 4)), layers.Conv2D(4, 3), layers.BatchNormalization(synchronized=True)])
    end_input = keras.Input((4, 4, 4))
    end = OwnModel(end_input, layers.Dense(3)(layers.GlobalAveragePooling2D()(layers.Conv2D(5, 3)(end_input))))
    return OwnModel(inputs, end(inner(x)))


def dictionaries():
    """Models that are called with dictionaries, in another order, and give them."""
    two, one = keras.Input((10,), name="two"), keras.Input((10,), name="one")
    inner = keras.Model({"two": two, "one": one},
                        {"s": layers.Subtract()([two, one]), "m": layers.Dense(10, use_bias=False)(one)})
    two, one = keras.Input((10,), name="two"), keras.Input((10,), name="one")
    listed = keras.Model([two, one], layers.Dense(4)(layers.Subtract()([two, one])))
    inputs = keras.Input((20,))
    p, q = inputs[:, :10], inputs[:, 10:]
    both = inner({"one": q, "two": p})
    return keras.Model(inputs, layers.Dense(3)(layers.Concatenate()(
        [both["s"], both["m"], listed({"one": p, "two": q}), listed([p, q])])))


def shared():
    """A convolution, a normalisation and a whole model used twice each."""
    inner_input = keras.Input((6, 6, 4))
    inner = keras.Model(inner_input, layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(inner_input)))
    inputs = keras.Input((6, 6, 4))
    conv, norm = layers.Conv2D(4, 3, padding="same", activation="relu"), layers.BatchNormalization()
    a = norm(conv(inputs))
    b = norm(conv(inner(a)))
    x = layers.Subtract()([inner(b), a])
    return keras.Model(inputs, layers.Dense(3)(layers.Flatten()(x)))


def several_ends():
    """A picture and numbers in; a map, the numbers as they are, and a vector out; all through a model in the model."""
    picture, numbers = keras.Input((6, 6, 4)), keras.Input((5,))
    map_ = layers.Conv2D(4, 3, activation="relu")(picture)
    vector = layers.Concatenate()([layers.GlobalMaxPooling2D()(map_), numbers])
    inner = keras.Model([picture, numbers], [layers.Dense(3)(vector), map_])
    inputs = {"picture": keras.Input((6, 6, 4), name="picture"), "age": keras.Input((5,), name="age")}
    vector, map_ = inner([inputs["picture"], inputs["age"]])
    inner_again = inner([layers.ZeroPadding2D(1)(map_), inputs["age"]])
    return keras.Model([inputs["age"], inputs["picture"]],
                       [map_, inputs["age"], layers.Add()([vector, inner_again[0]]), inner_again[1]])


def normalised():
    """Keras stores a `count` for Normalization that nothing needs."""
    inputs = keras.Input((6, 6, 3))
    x = layers.Normalization()(layers.Rescaling(1 / 127.5, offset=-1)(inputs))
    x = layers.LayerNormalization()(layers.Conv2D(8, 3)(x))
    x = layers.GroupNormalization(4)(layers.UnitNormalization()(x))
    return keras.Model(inputs, layers.Dense(4)(layers.GlobalAveragePooling2D()(x)))


def channels_first(first=True):
    """The same network with maps channels first, or channels last with the values put in a row all the same: TensorFlow
    computes only the second on CPUs."""
    inputs = keras.Input((3, 12, 10) if first else (12, 10, 3))
    style, axis = {"data_format": "channels_first" if first else "channels_last"}, 1 if first else -1
    x = layers.ZeroPadding2D(1, **style)(inputs)
    x = layers.Conv2D(8, 3, strides=2, activation="relu", **style)(x)
    x = layers.BatchNormalization(axis=axis)(x)
    y = layers.MaxPooling2D(3, strides=1, padding="same", **style)(x)
    x = layers.Concatenate(axis=axis)([x, y, layers.Conv2D(3, 1, **style)(x)])
    x = layers.UpSampling2D(2, **style)(layers.AveragePooling2D(2, **style)(x))
    in_order = layers.Flatten(data_format="channels_last")(x if first else layers.Permute((3, 1, 2))(x))
    turned = layers.Flatten(**style)(x)
    x = layers.Reshape((2, 3, 4))(layers.Dense(24)(layers.Subtract()([in_order, turned])))
    x = x if first else layers.Permute((2, 3, 1))(x)
    x = layers.GlobalAveragePooling2D(**style)(layers.Conv2D(6, 2, **style)(x))
    return keras.Model(inputs, layers.Dense(4)(x))


def open_size():
    inputs = keras.Input((None, None, 3))
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(5, 3, activation="tanh")(x)
    return keras.Model(inputs, layers.GlobalMaxPooling2D()(x))


def open_length():
    inputs = keras.Input((None, 3))
    x = layers.Conv1D(8, 3, strides=2, padding="same", activation="relu")(inputs)
    return keras.Model(inputs, layers.GlobalMaxPooling1D()(layers.SeparableConv1D(5, 3)(x)))


def refusal(path, *options):
    """The message with which fovea-run ends."""
    command = [str(support.BIN / "fovea-run"), str(path), str(path), str(path) + ".out", *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 2, done
    return done.stderr


class Graphs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def close(self, got, truth, what):
        truth = np.asarray(truth).reshape(len(got), -1)
        size = np.abs(truth).max()
        self.assertGreater(np.ptp(truth, axis=0).max(), 1e-3 * size, f"{what}: all answers alike")
        self.assertLess(np.abs(got - truth).max(), TOLERANCE * size, what)
        self.assertGreater(np.abs(got[::-1] - truth).max(), TOLERANCE * size, what)

    def check(self, build, shape=None, scale=1, options=()):
        keras.utils.clear_session()
        model = build()
        rng = np.random.default_rng(7)
        images = scale * rng.uniform(-1, 1, (3, *(shape or model.input_shape[1:]))).astype(np.float32)
        networks.enliven(model, images, rng)
        truth = support.truth(model, images)
        first = None
        for ending in (".h5", ".keras"):
            path = self.folder / f"{build.__name__}{ending}"
            model.save(path)
            (got,) = support.fovea_run([path], [images], self.folder, *options)
            self.close(got, truth, path.name)
            self.assertEqual((first if first is not None else got).tobytes(), got.tobytes(), path.name)
            first = got
        return model, images, first

    def test_operations(self):
        self.check(operations)

    def test_values(self):
        model, _, first = self.check(values)
        # Whole numbers are whole, and not all the same.
        self.assertEqual(model.output_shape[1], first.shape[1])
        whole = first[:, 34 + 4 + 34:][:, :9]
        self.assertTrue((whole == np.round(whole)).all() and len(np.unique(whole)) > 2, whole)

    def test_own_models_and_typed_constants(self):
        self.check(own_models)

    def test_dictionaries(self):
        self.check(dictionaries)

    def test_casts(self):
        """A picture of whole numbers is cast first; casts cut, and truth values become numbers."""
        def casts():
            inputs = keras.Input((6, 5, 3), dtype="uint8")
            x = ops.cast(inputs, "float32") / 127.5 - 1
            cut = ops.cast(ops.cast(x * 4.99 + 0.003, "int32"), "float32")
            return keras.Model(inputs, ops.concatenate([x, cut, ops.cast(ops.cast(x > 0, "int32"), "float32")], -1))
        model = casts()
        images = np.random.default_rng(7).integers(0, 256, (3, 6, 5, 3)).astype(np.float32)
        truth = support.answers(model, images.astype(np.uint8))
        for ending in (".h5", ".keras"):
            path = self.folder / f"casts{ending}"
            model.save(path)
            (got,) = support.fovea_run([path], [images], self.folder)
            self.close(got, truth, path.name)

    def test_other_classes_in_archives(self):
        """A class of another name saves its weights under that name."""
        inputs = keras.Input((6, 6, 4))
        x = layers.BatchNormalization(name="n")(layers.Conv2D(4, 3)(inputs))
        model = keras.Model(inputs, layers.GroupNormalization(groups=-1, name="g")(x))
        rng = np.random.default_rng(7)
        images = rng.uniform(-1, 1, (3, 6, 6, 4)).astype(np.float32)
        networks.enliven(model, images, rng)
        path, renamed = self.folder / "classes.keras", self.folder / "renamed.keras"
        model.save(path)
        (expected,) = support.fovea_run([path], [images], self.folder)
        weights = self.folder / "renamed.h5"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(renamed, "w") as new:
            text = old.read("config.json").decode()
            for name, other, package in (("BatchNormalization", "SyncBatchNormalization", ""),
                                         ("GroupNormalization", "InstanceNormalization", "Addons>")):
                pattern = rf'"module": "keras.layers", ("class_name": )"{name}"(.*?"registered_name": )null(, "build_config")'
                replaced = rf'"module": "elsewhere", \1"{other}"\2"{package}{other}"\3' if package else rf'\1"{other}"\2null\3'
                text, count = re.subn(pattern, replaced, text, count=1)
                self.assertEqual(count, 1)
            new.writestr("config.json", text)
            new.writestr("metadata.json", json.dumps({"keras_version": "2.15.0"}))
            weights.write_bytes(old.read("model.weights.h5"))
            with h5py.File(weights, "r+") as file:
                file.move("layers/batch_normalization", "layers/sync_batch_normalization")
                file.move("layers/group_normalization", "layers/instance_normalization")
            new.write(weights, "model.weights.h5")
        (got,) = support.fovea_run([renamed], [images], self.folder)
        self.assertEqual(got.tobytes(), expected.tobytes())

    def test_shared_layers(self):
        self.check(shared)

    def test_several_inputs_and_outputs(self):
        model = several_ends()
        rng = np.random.default_rng(7)
        for weight in model.weights:
            weight.assign(rng.normal(0, 0.3, weight.shape))
        images = tuple(rng.uniform(-1, 1, (3, *tensor.shape[1:])).astype(np.float32) for tensor in model.inputs)
        truth = support.truth(model, images)
        json_file = self.folder / "several.json"
        json_file.write_text(model.to_json(), encoding="utf-8")
        for ending, options in ((".h5", ()), (".keras", ()), (".weights.h5", ("--config", json_file))):
            path = self.folder / f"several{ending}"
            (model.save_weights if options else model.save)(path)
            (got,) = support.fovea_run([path], [images], self.folder, *options)
            for number, tensor in enumerate(truth):
                own, got = np.split(got, [tensor[0].size], axis=1)
                self.close(own, tensor, f"{path.name}: output {number}")
            self.assertEqual(got.shape[1], 0)
        about = json.loads(support.run_tool("model-info", "--json", self.folder / "several.keras"))
        self.assertEqual(about["inputs"], [{"name": "age", "shape": [5]}, {"name": "picture", "shape": [6, 6, 4]}])
        self.assertEqual([end["shape"] for end in about["outputs"]], [[4, 4, 4], [5], [3], [4, 4, 4]])
        self.assertEqual(about["outputs"][1]["name"], "age")

    def test_count_of_normalization(self):
        self.check(normalised, scale=255)

    def test_channels_first(self):
        first, last = channels_first(), channels_first(first=False)
        rng = np.random.default_rng(7)
        images = rng.uniform(-1, 1, (3, 12, 10, 3)).astype(np.float32)
        networks.enliven(last, images, rng)
        first.set_weights(last.get_weights())
        path = self.folder / "first.keras"
        first.save(path)
        (got,) = support.fovea_run([path], [images], self.folder)
        self.close(got, support.truth(last, images), path.name)

    def test_channels_first_dot_is_refused(self):
        inputs = keras.Input((3, 6, 6))
        x = layers.Conv2D(4, 1, data_format="channels_first")(inputs)
        path = self.folder / "dot.keras"
        keras.Model(inputs, layers.Dot(axes=1, name="likeness")([x, x])).save(path)
        self.assertRegex(refusal(path), "'likeness' .*this layer on a map")

    def test_open_size(self):
        for side in (9, 14):
            self.check(open_size, (side, side + 3, 3), options=("--height", side, "--width", side + 3))
        self.assertIn("unknown size", refusal(self.folder / "open_size.keras"))
        self.check(open_length, (13, 3), options=("--width", 13))

    def test_attributes_in_pieces(self):
        """Keras splits a list of names that is too long for one attribute."""
        model, images, first = self.check(shared)
        path = self.folder / "pieces.h5"
        model.save(path)
        with h5py.File(path, "r+") as file:
            names = file["model_weights"].attrs["layer_names"]
            del file["model_weights"].attrs["layer_names"]
            for number, piece in enumerate(np.array_split(np.array(names, "S"), 3)):
                file["model_weights"].attrs[f"layer_names{number}"] = piece
        (got,) = support.fovea_run([path], [images], self.folder)
        self.assertEqual(got.tobytes(), first.tobytes())

    def with_config(self, name, config, version):
        """An .h5 without weights."""
        path = self.folder / name
        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = json.dumps(config)
            file.attrs["keras_version"] = version
            weights = file.create_group("model_weights")
            weights.attrs["layer_names"] = np.array([], "S1")
        return path

    def test_operations_of_tensorflow(self):
        """As tf.keras before Keras 3 writes them, with its own hard_sigmoid."""
        def operation(name, function, inbound):
            return {"class_name": "TFOpLambda", "name": name, "inbound_nodes": inbound,
                    "config": {"name": name, "trainable": True, "dtype": "float32", "function": function}}
        config = {"class_name": "Functional", "config": {
            "name": "model", "input_layers": [["x", 0, 0]], "output_layers": [["sum", 0, 0]],
            "layers": [
                {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                 "config": {"name": "x", "batch_input_shape": [None, 4, 5, 3]}},
                {"class_name": "Activation", "name": "hard", "inbound_nodes": [[["x", 0, 0, {}]]],
                 "config": {"name": "hard", "activation": "hard_sigmoid", "trainable": True, "dtype": "float32"}},
                operation("half", "math.multiply", [["hard", 0, 0, {"y": 0.5, "name": None}]]),
                operation("less", "math.subtract", [["_CONSTANT_VALUE", -1, 2.0, {"y": ["half", 0, 0], "name": None}]]),
                operation("six", "nn.relu6", [["x", 0, 0, {"name": None}]]),
                operation("sum", "__operators__.add", [["less", 0, 0, {"y": ["six", 0, 0], "name": None}]]),
            ]}}
        x = np.random.default_rng(1).uniform(-4, 4, (3, 4, 5, 3)).astype(np.float32)
        path = self.with_config("tensorflow.h5", config, "2.11.0")
        (got,) = support.fovea_run([path], [x], self.folder)
        self.close(got, 2 - 0.5 * np.clip(0.2 * x.astype(np.float64) + 0.5, 0, 1) + np.clip(x, 0, 6), path.name)

    def test_slices_of_tensorflow(self):
        """What preprocess_input and tf.split leave in models of tf.keras 2.4 and later."""
        def operation(name, function, inbound, class_name="TFOpLambda"):
            return {"class_name": class_name, "name": name, "inbound_nodes": inbound,
                    "config": {"name": name, "trainable": True, "dtype": "float32", "function": function}}
        whole, backwards = {"start": None, "stop": None, "step": None}, {"start": None, "stop": None, "step": -1}
        key = [{"class_name": "__ellipsis__"}, backwards]
        config = {"class_name": "Functional", "config": {
            "name": "model", "input_layers": [["x", 0, 0]], "output_layers": [["joined", 0, 0]],
            "layers": [
                {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                 "config": {"name": "x", "batch_input_shape": [None, 4, 6, 3]}},
                operation("bgr", "__operators__.getitem", [["x", 0, 0, {"slice_spec": key}]], "SlicingOpLambda"),
                operation("mean", "nn.bias_add", [["bgr", 0, 0, {"bias": [-1.5, 0.25, 2], "data_format": "NHWC"}]]),
                operation("std", "math.truediv", [["mean", 0, 0, {"y": [0.5, 2.0, 4.0], "name": None}]]),
                operation("parts", "split", [["std", 0, 0, {"num_or_size_splits": [2, 1, 3], "axis": 2}]]),
                operation("sum", "math.reduce_sum", [["parts", 0, 2, {"axis": [2], "keepdims": True}]]),
                operation("part", "__operators__.getitem", [["parts", 0, 0, {"slice_spec": [whole, whole, 1]}]],
                          "SlicingOpLambda"),
                operation("wider", "expand_dims", [["part", 0, 0, {"axis": 2}]]),
                operation("joined", "concat", [[["wider", 0, 0, {"axis": 2}], ["sum", 0, 0, {}], ["parts", 0, 1, {}]]]),
            ]}}
        x = np.random.default_rng(1).uniform(-4, 4, (3, 4, 6, 3)).astype(np.float32)
        path = self.with_config("slices.h5", config, "2.11.0")
        (got,) = support.fovea_run([path], [x], self.folder)
        scaled = (x[..., ::-1].astype(np.float64) + [-1.5, 0.25, 2]) / [0.5, 2.0, 4.0]
        first, second, third = np.split(scaled, [2, 3], axis=2)
        self.close(got, np.concatenate([first[:, :, 1:2], third.sum(axis=2, keepdims=True), second], axis=2), path.name)

    def test_values_of_tensorflow(self):
        """Operations of tf.keras 2.4 and later with their own names for settings."""
        def operation(name, function, inbound):
            return {"class_name": "TFOpLambda", "name": name, "inbound_nodes": inbound,
                    "config": {"name": name, "trainable": True, "dtype": "float32", "function": function}}
        def model(steps, outputs):
            return {"class_name": "Functional", "config": {
                "name": "model", "input_layers": [["x", 0, 0]], "output_layers": [[name, 0, 0] for name in outputs],
                "layers": [{"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                            "config": {"name": "x", "batch_input_shape": [None, 4, 6, 3]}}, *steps]}}
        x = np.random.default_rng(1).uniform(-4, 4, (3, 4, 6, 3)).astype(np.float32)
        steps = [
            operation("pad", "compat.v1.pad", [["x", 0, 0, {"paddings": [[0, 0], [1, 2], [0, 1], [0, 0]], "mode": "CONSTANT",
                                                            "name": None, "constant_values": 0.5}]]),
            operation("mirror", "compat.v1.pad", [["x", 0, 0, {"paddings": [[0, 0], [1, 2], [0, 1], [0, 0]],
                                                               "mode": "REFLECT", "constant_values": 0}]]),
            operation("turned", "compat.v1.transpose", [["mirror", 0, 0, {"perm": [0, 2, 1, 3], "name": "transpose",
                                                                        "conjugate": False}]]),
            operation("parts", "split", [["x", 0, 0, {"num_or_size_splits": [1, -1, 2], "axis": 2}]]),
            operation("pool", "nn.max_pool2d", [["x", 0, 0, {"ksize": 2, "strides": 2, "padding": "SAME"}]]),
            operation("old_pool", "compat.v1.nn.avg_pool", [["x", 0, 0, {
                "ksize": [1, 2, 3, 1], "strides": [1, 2, 1, 1], "padding": "VALID", "data_format": "NHWC"}]]),
            operation("more", "math.greater", [["x", 0, 0, {"y": 0.5, "name": None}]]),
            operation("choice", "where", [["more", 0, 0, {"x": 2.0, "y": ["x", 0, 0]}]]),
            operation("bounded", "clip_by_value", [["x", 0, 0, {"clip_value_min": ["choice", 0, 0],
                                                                "clip_value_max": [1.0, 2.0, 3.0]}]]),
            operation("power", "math.pow", [["_CONSTANT_VALUE", -1, 2.0, {"y": ["x", 0, 0], "name": None}]]),
            operation("sums", "math.cumsum", [["x", 0, 0, {"axis": 2, "exclusive": True, "reverse": True}]]),
            operation("best", "math.argmax", [["x", 0, 0, {"axis": 3, "output_type": "int32"}]]),
            operation("spread", "math.reduce_std", [["x", 0, 0, {"axis": [1, 2], "keepdims": True}]]),
            operation("rest", "math.floormod", [["x", 0, 0, {"y": -1.5, "name": None}]])]
        outputs = ["pad", "turned", "parts/1", "pool", "old_pool", "choice", "bounded", "power", "sums", "best", "spread",
                   "rest"]
        config = model(steps, outputs)
        config["config"]["output_layers"][2] = ["parts", 0, 1]
        double = x.astype(np.float64)
        padding = ((0, 0), (1, 2), (0, 1), (0, 0))
        choice = np.where(x > 0.5, 2, double)
        truth = [np.pad(double, padding, constant_values=0.5),
                 np.pad(double, padding, "reflect").transpose(0, 2, 1, 3), double[:, :, 1:4],
                 double.reshape(3, 2, 2, 3, 2, 3).max(axis=(2, 4)),
                 np.stack([double.reshape(3, 2, 2, 6, 3)[:, :, :, i:i + 3].mean(axis=(2, 3)) for i in range(4)], axis=2),
                 choice, np.maximum(np.minimum(double, [1, 2, 3]), choice), 2 ** double,
                 np.flip(np.cumsum(np.flip(double, 2), 2), 2) - double, double.argmax(axis=3),
                 double.std(axis=(1, 2)), double % -1.5]
        path = self.with_config("values.h5", config, "2.11.0")
        (got,) = support.fovea_run([path], [x], self.folder)
        self.close(got, np.concatenate([part.reshape(3, -1) for part in truth], axis=1), path.name)

    def test_nodes_of_tensorflow(self):
        """Operations as tf.keras 2.0 to 2.3 writes them, the node as an object or as text."""
        def node(name, op, inbound, attributes, constants, as_text=False):
            definition = {"name": op, "op": op, "input": ["x"], "attr": {"T": {"type": "DT_FLOAT"}, **attributes}}
            return {"class_name": "TensorFlowOpLayer", "name": name, "inbound_nodes": [inbound],
                    "config": {"name": op, "trainable": True, "dtype": "float32", "constants": constants,
                               "node_def": json.dumps(definition) if as_text else definition}}
        masks = {"begin_mask": {"i": "14"}, "end_mask": {"i": "10"}, "ellipsis_mask": {"i": "1"},
                 "shrink_axis_mask": {"i": "0"}, "new_axis_mask": {"i": "0"}}
        config = {"class_name": "Model", "config": {
            "name": "model", "input_layers": [["x", 0, 0]], "output_layers": [["mean", 0, 0]],
            "layers": [
                {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                 "config": {"name": "x", "batch_input_shape": [None, 4, 6, 8]}},
                node("slice", "StridedSlice", [["x", 0, 0, {}]], masks, {"1": [0, 0], "2": [0, 0], "3": [1, -1]}),
                node("space", "DepthToSpace", [["slice", 0, 0, {}]],
                     {"block_size": {"i": "2"}, "data_format": {"s": "TkhXQw=="}}, {}),
                node("less", "Sub", [["space", 0, 0, {}]], {}, {"0": 1.5}, as_text=True),
                node("leaky", "LeakyRelu", [["less", 0, 0, {}]], {"alpha": {"f": 0.3}}, {}),
                node("sum", "AddV2", [["leaky", 0, 0, {}], ["space", 0, 0, {}]], {}, {}),
                node("mean", "Mean", [["sum", 0, 0, {}]], {"keep_dims": {"b": False}}, {"1": [1]}),
            ]}}
        x = np.random.default_rng(1).uniform(-4, 4, (3, 4, 6, 8)).astype(np.float32)
        path = self.with_config("nodes.h5", config, "2.3.0-tf")
        (got,) = support.fovea_run([path], [x], self.folder)
        space = x[..., ::-1].astype(np.float64).reshape(3, 4, 6, 2, 2, 2).transpose(0, 1, 3, 2, 4, 5)
        space = space.reshape(3, 8, 12, 2)
        less = 1.5 - space
        self.close(got, (np.where(less < 0, 0.3 * less, less) + space).mean(axis=1), path.name)

    def test_words_of_keras_1_without_a_version(self):
        """JSON that names no version; kernels in Keras 1's orders."""
        def layer(class_name, name, **settings):
            return {"class_name": class_name, "config": {"name": name, "trainable": True, **settings}}
        rng = np.random.default_rng(2)
        kernel, bias = rng.normal(0, 1, (3, 2, 4)), rng.normal(0, 1, 4)
        dense, last = rng.normal(0, 1, (4, 2)), rng.normal(0, 1, 2)
        settings = {"nb_filter": 4, "border_mode": "same", "bias": True, "activation": "relu", "W_regularizer": None}
        row = [layer("Convolution1D", "c", filter_length=3, subsample_length=1, batch_input_shape=[None, 9, 2], **settings),
               layer("MaxPooling1D", "p", pool_length=3, stride=3, border_mode="valid"),
               layer("UpSampling1D", "u", length=2),
               layer("TimeDistributedDense", "d", output_dim=2, activation="linear", bias=True)]
        x = rng.uniform(-1, 1, (3, 9, 2)).astype(np.float32)
        padded = np.pad(x.astype(np.float64), ((0, 0), (1, 1), (0, 0)))
        rows = np.stack([np.einsum("nki,kio->no", padded[:, i:i + 3], kernel) for i in range(9)], axis=1) + bias
        pooled = np.maximum(rows, 0).reshape(3, 3, 3, 4).max(axis=2)
        truth = pooled.repeat(2, axis=1) @ dense + last
        self.check_keras_1("later", row, {"c": (kernel[:, None], bias), "d": (dense, last)}, x, truth)
        earlier = kernel.transpose(2, 1, 0)[..., None]  # before 1.2
        self.check_keras_1("earlier", row, {"c": (earlier, bias), "d": (dense, last)}, x, truth)

        up = rng.normal(0, 1, (3, 3, 2, 4))
        settings.update(nb_row=3, nb_col=3, subsample=[2, 2], dim_ordering="tf")
        layers_2d = [layer("ZeroPadding2D", "z", padding={"top_pad": 1, "right_pad": 2}, dim_ordering="tf",
                           batch_input_shape=[None, 4, 3, 2]),
                     layer("Deconvolution2D", "c", output_shape=[None, 10, 10, 4], **settings)]
        x = rng.uniform(-1, 1, (3, 4, 3, 2)).astype(np.float32)
        transposed = keras.layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu", dtype="float64")
        padded = np.pad(x.astype(np.float64), ((0, 0), (1, 0), (0, 2), (0, 0)))
        transposed.build(padded.shape)
        transposed.set_weights([up.transpose(0, 1, 3, 2), bias])
        self.check_keras_1("transposed", layers_2d, {"c": (up, bias)}, x, keras.ops.convert_to_numpy(transposed(padded)))

    def check_keras_1(self, name, config, weights, x, truth):
        path, json_file = self.folder / f"{name}.h5", self.folder / f"{name}.config.json"
        json_file.write_text(json.dumps({"class_name": "Sequential", "config": config}), encoding="utf-8")
        with h5py.File(path, "w") as file:
            names = [layer["config"]["name"] for layer in config]
            file.attrs["layer_names"] = np.array(names, "S")
            for layer in names:
                group = file.create_group(layer)
                own = [f"{layer}_W:0", f"{layer}_b:0"] if layer in weights else []
                group.attrs["weight_names"] = np.array(own, "S") if own else np.zeros(0)
                for variable, weight in zip(own, weights.get(layer, ())):
                    group[variable] = weight.astype(np.float32)
        (got,) = support.fovea_run([path], [x], self.folder, "--config", json_file)
        self.close(got, truth, path.name)

    def test_other_names_of_layers(self):
        """TensorFlow's, TensorFlow Addons' and EfficientNet's names for layers of Keras."""
        inputs = keras.Input((6, 6, 4))
        x = layers.BatchNormalization(name="n")(layers.Conv2D(4, 3)(inputs))
        x = layers.GroupNormalization(groups=-1, name="g")(layers.Dropout(0.2)(x))
        model = keras.Model(inputs, x)
        rng = np.random.default_rng(7)
        images = rng.uniform(-1, 1, (3, 6, 6, 4)).astype(np.float32)
        networks.enliven(model, images, rng)
        path = self.folder / "names.h5"
        model.save(path)
        (expected,) = support.fovea_run([path], [images], self.folder)
        with h5py.File(path, "r+") as file:
            file.attrs["keras_version"] = file["model_weights"].attrs["keras_version"] = "2.15.0"
            text = file.attrs["model_config"]
            for old, new in (("BatchNormalization", "SyncBatchNormalization"), ("Dropout", "FixedDropout"),
                             ("GroupNormalization", "Addons>InstanceNormalization")):
                text = text.replace(f'"class_name": "{old}"', f'"class_name": "{new}"')
            self.assertIn("Addons>", text)
            file.attrs["model_config"] = text
        (got,) = support.fovea_run([path], [images], self.folder)
        self.assertEqual(got.tobytes(), expected.tobytes())

    def replaced(self, model, replacements, shape=None):
        """The model's answers, with `replacements` in place of some layers, in both formats."""
        rng = np.random.default_rng(7)
        images = rng.uniform(-1, 1, (3, *(shape or model.input_shape[1:]))).astype(np.float32)
        networks.enliven(model, images, rng)
        truth = support.answers(model, images)
        layers_file = self.folder / "layers.json"
        layers_file.write_text(json.dumps(replacements), encoding="utf-8")
        for ending in (".h5", ".keras"):
            path = self.folder / f"replaced{ending}"
            model.save(path)
            (got,) = support.fovea_run([path], [images], self.folder, "--layers", layers_file)
            self.close(got, truth, path.name)
        return path

    def test_attention_of_the_retinopathy_kernels(self):
        """Means over a map that count by attention; `RescaleGAP` divides the mean of the weighted by that of the weights."""
        inputs = keras.Input((32, 40, 3))
        features = layers.Conv2D(16, 3, strides=4, activation="relu")(inputs)
        normalised = layers.BatchNormalization()(features)
        x = layers.Conv2D(8, 1, padding="same", activation="relu")(layers.Dropout(0.5)(normalised))
        x = layers.Conv2D(1, 1, padding="valid", activation="sigmoid")(x)
        mask = layers.Conv2D(16, 1, padding="same", activation="linear", use_bias=False, trainable=False)(x)
        mask_features = layers.multiply([mask, normalised])
        gap_features, gap_mask = layers.GlobalAveragePooling2D()(mask_features), layers.GlobalAveragePooling2D()(mask)
        gap = layers.Lambda(lambda x: x[0] / x[1], name="RescaleGAP")([gap_features, gap_mask])
        x = layers.Dropout(0.25)(layers.Dense(12, activation="relu")(layers.Dropout(0.25)(gap)))
        model = keras.Model(inputs, layers.Dense(5, activation="softmax")(x))
        path = self.replaced(model, {"RescaleGAP": {"class_name": "Divide"}})
        self.assertRegex(refusal(path), r"'RescaleGAP' \(Lambda\) with the inputs 16, 16; to say what runs in their "
                                        r'place: --layers with a file of \{"RescaleGAP": \{"class_name": "\.\.\."\}\}')

    def test_squeeze_and_excite_by_lambdas(self):
        """As classification_models builds SE-ResNets; here one is within another model, and called twice."""
        def expand_dims(x, axis):
            return x[:, None, None, :] if axis == 3 else x[:, :, None, None]
        inner_inputs = keras.Input((8, 8, 4))
        x = layers.GlobalAveragePooling2D()(inner_inputs)
        x = layers.Lambda(expand_dims, arguments={"axis": 3}, name="lambda_1", output_shape=(1, 1, 4))(x)
        x = layers.Conv2D(2, 1, kernel_initializer="he_uniform", activation="relu")(x)
        x = layers.Conv2D(4, 1, kernel_initializer="he_uniform", activation="sigmoid")(x)
        inner = keras.Model(inner_inputs, layers.Multiply()([inner_inputs, x]), name="block")
        inputs = keras.Input((8, 8, 4))
        x = inner(layers.Conv2D(4, 3, padding="same")(inner(inputs)))
        twice = layers.Lambda(lambda x: keras.activations.mish(x), name="mish")
        model = keras.Model(inputs, layers.Dense(3)(layers.Flatten()(twice(layers.Conv2D(4, 3)(twice(x))))))
        expand = {"layers": [{"class_name": "ExpandDims", "config": {"axis": 1}},
                             {"class_name": "ExpandDims", "config": {"axis": 1}}]}
        mish = {"layers": [{"class_name": "Activation", "config": {"activation": "softplus"}},
                           {"class_name": "Activation", "config": {"activation": "tanh"}, "name": "gate"},
                           {"class_name": "Multiply", "inputs": ["input", "gate"]}]}
        self.replaced(model, {"block/lambda_1": expand, "mish": mish})
        self.replaced(model, {"lambda_1": expand, "mish": {"class_name": "Activation", "config": {"activation": "mish"}}})

    def test_own_layers_with_weights_are_replaced(self):
        class GeM(layers.Layer):
            def build(self, shape):
                self.p = self.add_weight(name="p", shape=(1,), initializer=keras.initializers.Constant(2.5))

            def call(self, x):
                return ops.mean(ops.maximum(x, 1e-6) ** self.p, axis=(1, 2)) ** (1 / self.p)

        class OwnDense(layers.Dense):
            pass

        inputs = keras.Input((8, 8, 3))
        x = layers.Conv2D(6, 3, activation="relu")(inputs)
        model = keras.Model(inputs, OwnDense(4, name="own")(GeM(name="gem")(x)))
        model.get_layer("gem").p.assign([2.75])
        def gem(name):
            return {"layers": [{"class_name": "Maximum", "inputs": ["input", 1e-6]},
                               {"class_name": "Power", "inputs": ["1", {"weight": name}]},
                               {"class_name": "Mean", "config": {"axis": [1, 2]}},
                               {"class_name": "Power", "inputs": ["3", {"weight": name, "reciprocal": True}]}]}
        images = np.random.default_rng(7).uniform(-1, 1, (3, 8, 8, 3)).astype(np.float32)
        truth = support.answers(model, images)
        dense = {"class_name": "Dense", "config": {"units": 4}}
        for ending, weight in ((".h5", "p"), (".keras", "0")):  # an archive only numbers them
            path, file = self.folder / f"gem{ending}", self.folder / "gem.json"
            model.save(path)
            file.write_text(json.dumps({"gem": gem(weight), "own": dense}), encoding="utf-8")
            (got,) = support.fovea_run([path], [images], self.folder, "--layers", file)
            self.close(got, truth, path.name)
            for spec, reason in (
                    ({"gem": gem("q"), "own": dense}, f"'gem'.* no weight 'q'; it has '{weight}'"),
                    ({"gem": {"class_name": "GlobalAveragePooling2D"}, "own": dense}, f"nothing takes .* '{weight}'"),
                    ({"gem": gem(weight), "own": {"class_name": "Dense", "config": {"units": 7}}}, "'own'.*kernel is 6x4"),
                    ({"gem": gem(weight)}, r"'own' \(.*OwnDense\) with the input 6;"),
                    ({"gem": gem(weight), "own": {"class_name": "Softmax"}}, "'own': nothing takes the layer's weight"),
                    ({"dense": dense}, "'dense': the model has no layer of this name"),
                    ({"input_layer": dense}, "no layer of this name|is an input"),
                    ({"own": {"class_name": "Dense", "config": {"units": 4}, "settings": 1}}, "'settings' is not a setting"),
                    ({"own": {"config": {}}}, "has no 'class_name'"),
                    ({"own": {"layers": []}}, "'layers' is empty"),
                    ({"own": {"layers": [dense, dense]}}, "nothing takes the layer's weight"),
                    ({"own": {"layers": [{"class_name": "ReLU", "inputs": ["2"]}]}}, "there is no input '2'"),
                    ({"own": {"class_name": "Dense", "config": {"units": 4, "colour": 1}}, "gem": gem(weight)}, "'colour'"),
                    ({"own": {"class_name": "Fold"}}, "nothing takes|'fold' is not supported"),
                    ({}, "names no layer"), ([], "is not an object")):
                file.write_text(json.dumps(spec), encoding="utf-8")
                message = refusal(path, "--layers", file)
                self.assertRegex(message, reason)
                self.assertEqual(len(message.splitlines()), 1, message)
        self.assertIn("no such file", refusal(path, "--layers", self.folder / "none.json"))

    def test_refusals(self):
        inputs = keras.Input((8, 8, 3), name="x")
        hidden = layers.Conv2D(4, 3, name="c")(inputs)
        models = {
            r"'mine' \(Lambda\)": keras.Model(inputs, layers.Lambda(lambda t: t * 2, name="mine")(hidden)),
            r"'get_item' \(Operation\).*some of the batch": keras.Model(inputs, hidden[1:3, 0]),
            r"'sorted'": keras.Model(inputs, ops.sort(hidden)),
            r"'multiply.*' of numbers of 8 or 16 bits": keras.Model(inputs, ops.cast(hidden > 0, "uint8") * 2),
            r"a cast to 'uint8'": keras.Model(inputs, ops.cast(hidden, "uint8")),
            r"'rows' \(LSTM\)": keras.Model(inputs, layers.LSTM(3, name="rows")(layers.Reshape((36, 4))(hidden))),
        }
        for number, (reason, model) in enumerate(models.items()):
            path = self.folder / f"refused{number}.keras"
            model.save(path)
            message = refusal(path)
            self.assertRegex(message.replace("'sort'", "'sorted'").replace("layer 'get_item", "'get_item"), reason)
            self.assertEqual(len(message.splitlines()), 1, message)
            self.assertIsNone(re.search("terminate|std::", message))


if __name__ == "__main__":
    support.main()
