"""One network in every form that Keras saves, and that older versions have saved: the same bits out of all of them, and
those agree with Keras."""

import json
import pathlib
import tempfile
import unittest
import zipfile

import h5py
import keras
import numpy as np
from keras import layers

import support

TOLERANCE = 1e-5  # of the largest output; float32 rounding of a few layers is a tenth of it


def residual(side=16):
    """A small ResNet: strided and padded convolutions with and without bias, a shortcut, a head."""
    inputs = keras.Input((side, side, 3), name="photo")
    x = layers.ZeroPadding2D(1)(inputs)
    x = layers.Conv2D(8, 3, strides=2, use_bias=False)(x)
    x = layers.BatchNormalization(epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    shortcut = layers.Conv2D(16, 1)(x)
    x = layers.Conv2D(16, 3, padding="same")(x)
    x = layers.BatchNormalization(scale=False)(x)
    x = layers.Activation("relu")(layers.Add()([shortcut, x]))
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.4)(x)
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(x), name="residual")


def block(side, channels, filters, name):
    inputs = keras.Input((side, side, channels))
    x = layers.Conv2D(filters, 3, padding="same")(inputs)
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.ReLU()(x), name=name)


def nested():
    """Models within models, one of them frozen, and several of a class in each."""
    inner = keras.Sequential([keras.Input((12, 12, 8)), block(12, 8, 8, "first"), block(12, 8, 6, "second")], name="in")
    inner.layers[0].trainable = False
    inputs = keras.Input((12, 12, 3))
    x = layers.Conv2D(8, 3, padding="same")(inputs)
    x = block(12, 8, 8, "third")(x)
    x = inner(x)
    x = layers.Conv2D(4, 1)(x)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(3)(x), name="nested")


def deep(levels=12):
    """A model within a model within a model ..."""
    model = block(6, 3, 3, "level0")
    for level in range(1, levels):
        inputs = keras.Input((6, 6, 3))
        x = layers.Conv2D(3, 1)(model(inputs))
        model = keras.Model(inputs, x, name=f"level{level}")
    return model


def sequential():
    return keras.Sequential(
        [
            keras.Input((10, 10, 3)),
            layers.Conv2D(6, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(7, activation="relu"),
            layers.Dense(4),
        ],
        name="sequential",
    )


NETWORKS = {"residual": residual, "nested": nested, "deep": deep, "sequential": sequential}


def randomise(model, seed):
    rng = np.random.default_rng(seed)
    values = []
    for variable in model.weights:
        shape = variable.shape
        if "variance" in variable.path:
            values.append(rng.uniform(0.5, 1.5, shape))
        elif "gamma" in variable.path:
            values.append(rng.uniform(0.7, 1.3, shape))
        else:
            fan = max(1, int(np.prod(shape[:-1])))
            values.append(rng.normal(0, np.sqrt(2 / fan) if len(shape) > 1 else 0.2, shape))
    model.set_weights(values)


def rewrite(source, target, change):
    """Copies a .keras, its weights changed by `change(h5py.File)`."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "model.weights.h5":
                weights = target.with_suffix(".tmp.h5")
                weights.write_bytes(data)
                with h5py.File(weights, "r+") as file:
                    change(file)
                data = weights.read_bytes()
            new.writestr(name, data)


def without_names(file):
    """As Keras before 3.6."""
    file.visititems(lambda _, item: item.attrs.pop("name", None) and None)


def as_keras_2_13(file):
    """The groups' names of Keras 2.12 and 2.13, which count each layer with weights twice."""
    without_names(file)
    groups = []
    file.visititems(lambda path, _: groups.append(path) if path.split("/")[-1] == "layers" else None)
    for path in sorted(groups, key=len, reverse=True):
        by_class = {}
        for name in file[path]:
            stem, _, number = name.rpartition("_")
            stem, number = (stem, int(number)) if number.isdigit() else (name, 0)
            by_class.setdefault(stem, []).append((number, name))
        for stem, names in by_class.items():
            for place, (_, name) in reversed(list(enumerate(sorted(names)))):
                if place > 0:
                    file.move(f"{path}/{name}", f"{path}/{stem}_{2 * place}")
        file.move(path, path[: -len("layers")] + "_layer_checkpoint_dependencies")


def on_windows(file):
    """Keras 2.12 and 2.13 on Windows: one group at the top for every layer, with backslashes in its name."""
    as_keras_2_13(file)
    groups = []
    file.visititems(lambda path, _: groups.append(path[: -len("/vars")]) if path.endswith("/vars") else None)
    for path in sorted(groups, key=len, reverse=True):
        if "/" in path:
            file.copy(path + "/vars", path.replace("/", "\\") + "/vars")
    del file["_layer_checkpoint_dependencies"]


def compressed(file):
    """Each tensor in chunks, shuffled and deflated."""
    paths = []
    file.visititems(lambda path, item: paths.append(path) if isinstance(item, h5py.Dataset) and item.shape else None)
    for path in paths:
        data = file[path][()]
        del file[path]
        chunks = tuple(max(1, (side + 1) // 2) for side in data.shape)
        file.create_dataset(path, data=data, chunks=chunks, shuffle=True, compression="gzip")


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.models, cls.images, cls.first = {}, {}, {}
        for seed, (name, build) in enumerate(NETWORKS.items()):
            keras.utils.clear_session()
            model = build()
            randomise(model, seed)
            cls.models[name] = model
            cls.images[name] = np.random.default_rng(seed).uniform(-1, 1, (3, *model.input_shape[1:]))
            path = cls.folder / f"{name}.keras"
            model.save(path)
            cls.first[name] = cls.run_fovea(name, path)

    @classmethod
    def run_fovea(cls, name, path, *options):
        return support.fovea_run([path], [cls.images[name]], cls.folder, *options)[0]

    def assert_same(self, name, path, *options):
        got = self.run_fovea(name, path, *options)
        self.assertEqual(got.tobytes(), self.first[name].tobytes(), f"{name}: {path.name}")

    def test_as_keras(self):
        for name, model in self.models.items():
            truth = np.asarray(support.truth(model, self.images[name])).reshape(3, -1)
            self.assertGreater(np.ptp(truth, axis=0).max(), 1e-3 * np.abs(truth).max(), f"{name}: all answers alike")
            error = np.abs(self.first[name] - truth).max() / np.abs(truth).max()
            self.assertLess(error, TOLERANCE, name)
            self.assertGreater(np.abs(self.first[name][::-1] - truth).max() / np.abs(truth).max(), TOLERANCE, name)

    def test_legacy_h5(self):
        for name, model in self.models.items():
            path = self.folder / f"{name}.h5"
            model.save(path)
            self.assert_same(name, path)

    def test_weights_h5_with_a_configuration(self):
        for name, model in self.models.items():
            path, config = self.folder / f"{name}.weights.h5", self.folder / f"{name}.config.json"
            model.save_weights(path)
            config.write_text(model.to_json(), encoding="utf-8")
            self.assert_same(name, path, "--config", config)

    def test_configuration_encoded_twice(self):
        """json.dump(model.to_json(), file), as many have written it."""
        path, config = self.folder / "twice.weights.h5", self.folder / "twice.config.json"
        self.models["residual"].save_weights(path)
        config.write_text(json.dumps(self.models["residual"].to_json()), encoding="utf-8")
        self.assert_same("residual", path, "--config", config)

    def test_numbers_for_flags_and_reals_for_numbers(self):
        """Python takes 1 for True and, in old versions of Keras, 3.0 for 3; both have been saved."""
        path, config = self.folder / "python.weights.h5", self.folder / "python.config.json"
        model = self.models["residual"]
        model.save_weights(path)
        text = model.to_json()
        for old, new in (('"use_bias": false', '"use_bias": 0'), ('"scale": true', '"scale": 1'),
                         ('"kernel_size": [3, 3]', '"kernel_size": [3.0, 3.0]'), ('"filters": 16', '"filters": 16.0')):
            self.assertIn(old, text)
            text = text.replace(old, new)
        config.write_text(text, encoding="utf-8")
        self.assert_same("residual", path, "--config", config)

    def test_other_archives_and_keras_0(self):
        archive, old = self.folder / "unet.h5", self.folder / "keras0.h5"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("unet/data.pkl", b"")
        with h5py.File(old, "w") as file:
            file.attrs["nb_layers"] = 1
            file["layer_0/param_0"] = np.zeros((3, 3))
        for path, reason in ((archive, "PyTorch"), (old, "Keras 0")):
            with self.assertRaisesRegex(AssertionError, f"{path.name}: .*{reason}"):
                self.run_fovea("residual", path)

    def test_weights_h5_beside_its_configuration(self):
        path = self.folder / "beside.weights.h5"
        self.models["nested"].save_weights(path)
        path.with_suffix(".json").write_text(self.models["nested"].to_json(), encoding="utf-8")
        self.assert_same("nested", path)

    def test_names_of_another_instance(self):
        """The second model built in a session has other names for its layers; Keras loads its weights all the same."""
        model = residual()
        names = {layer.name for layer in model.layers}
        self.assertNotEqual(names, {layer.name for layer in self.models["residual"].layers})
        config = self.folder / "other.json"
        config.write_text(model.to_json(), encoding="utf-8")
        path = self.folder / "other.weights.h5"
        self.models["residual"].save_weights(path)
        self.assert_same("residual", path, "--config", config)

    def test_older_forms(self):
        for name in self.models:
            for change in (without_names, as_keras_2_13, on_windows, compressed):
                path = self.folder / f"{name}_{change.__name__}.keras"
                rewrite(self.folder / f"{name}.keras", path, change)
                self.assert_same(name, path)

    def test_deflated_archive(self):
        path = self.folder / "deflated.keras"
        with zipfile.ZipFile(self.folder / "nested.keras") as old:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
                for name in old.namelist():
                    new.writestr(name, old.read(name))
        self.assert_same("nested", path)

    def test_compiled_model_with_optimizer(self):
        model = keras.models.load_model(self.folder / "residual.keras")
        model.compile("adam", "categorical_crossentropy")
        model.optimizer.build(model.trainable_variables)
        path = self.folder / "compiled.keras"
        model.save(path)
        with zipfile.ZipFile(path) as archive:
            self.assertIn("Adam", json.loads(archive.read("config.json"))["compile_config"]["optimizer"]["class_name"])
        self.assert_same("residual", path)

    def test_other_floats(self):
        """Weights rounded to a shorter type give the same bits, whether stored in it or as float32; float64 as well."""
        for dtype in ("float16", "bfloat16", "float64"):
            with self.subTest(dtype=dtype):
                model = keras.models.load_model(self.folder / "residual.keras")
                narrow = keras.models.model_from_json(model.to_json().replace('"float32"', f'"{dtype}"'))
                narrow.set_weights(model.get_weights())
                model.set_weights([np.asarray(weight).astype(np.float32) for weight in narrow.get_weights()])
                stored, plain = self.folder / f"{dtype}.keras", self.folder / f"{dtype}_as_float32.keras"
                narrow.save(stored)
                model.save(plain)
                config = self.folder / f"{dtype}.json"
                config.write_text(model.to_json(), encoding="utf-8")
                expected = self.run_fovea("residual", plain)
                self.assertEqual(self.run_fovea("residual", stored, "--config", config).tobytes(), expected.tobytes())
                if dtype != "float64":
                    self.assertNotEqual(expected.tobytes(), self.first["residual"].tobytes())


if __name__ == "__main__":
    support.main()
