"""Files of weights/export_torchvision.py against torchvision's definition, written out here in TensorFlow's operations
in float64. Where torch is installed, real torchvision models are held against it as well."""

import pathlib
import tempfile
import unittest

import keras
import numpy as np
import tensorflow as tf

import support
import export_torchvision

SIDE = 65


class State:
    """A random state dict with torchvision's names and shapes."""

    def __init__(self, seed):
        self.rng, self.values = np.random.default_rng(seed), {}

    def conv(self, name, out, channels, side):
        scale = np.sqrt(2 / (channels * side * side))
        self.values[f"{name}.weight"] = self.rng.normal(0, scale, (out, channels, side, side)).astype(np.float32)

    def norm(self, name, channels):
        for key, low, high in (("weight", 0.5, 1.5), ("bias", -0.3, 0.3), ("running_mean", -0.3, 0.3),
                               ("running_var", 0.5, 1.5)):
            self.values[f"{name}.{key}"] = self.rng.uniform(low, high, channels).astype(np.float32)
        self.values[f"{name}.num_batches_tracked"] = np.float32(7)


def resnet(seed, blocks, bottleneck, groups=1, width=16):
    """Stages of so many blocks; a bottleneck's groups share `width` * 2 ** stage channels."""
    state, channels = State(seed), 16
    state.conv("conv1", channels, 3, 7)
    state.norm("bn1", channels)
    for stage, count in enumerate(blocks):
        inner, out = width << stage, (32 if bottleneck else 16) << stage
        for number in range(count):
            name = f"layer{stage + 1}.{number}"
            shapes = ((inner, channels, 1), (inner, inner // groups, 3), (out, inner, 1)) if bottleneck else (
                (out, channels, 3), (out, out, 3))
            for index, shape in enumerate(shapes, 1):
                state.conv(f"{name}.conv{index}", *shape)
                state.norm(f"{name}.bn{index}", shape[0])
            if number == 0 and (stage > 0 or out != channels):
                state.conv(f"{name}.downsample.0", out, channels, 1)
                state.norm(f"{name}.downsample.1", out)
            channels = out
    state.values["fc.weight"] = state.rng.normal(0, 0.3, (7, channels)).astype(np.float32)
    state.values["fc.bias"] = state.rng.normal(0, 0.3, 7).astype(np.float32)
    return state.values


def truth(state, images, blocks, groups):
    """torchvision/models/resnet.py in float64, [image, class]."""
    state = {key: np.asarray(value, np.float64) for key, value in state.items()}

    def conv(x, name, stride=1, parts=1):
        kernel = state[f"{name}.weight"].transpose(2, 3, 1, 0)
        side = kernel.shape[0] // 2
        x = tf.pad(x, ((0, 0), (side, side), (side, side), (0, 0)))
        pairs = zip(tf.split(x, parts, axis=3), np.split(kernel, parts, axis=3))
        return tf.concat([tf.nn.conv2d(part, own, stride, "VALID") for part, own in pairs], axis=3)

    def norm(x, name):
        scale = state[f"{name}.weight"] / np.sqrt(state[f"{name}.running_var"] + 1e-5)
        return (x - state[f"{name}.running_mean"]) * scale + state[f"{name}.bias"]

    x = tf.nn.relu(norm(conv(images.astype(np.float64), "conv1", 2), "bn1"))
    x = tf.nn.max_pool2d(tf.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-np.inf), 3, 2, "VALID")
    for stage, count in enumerate(blocks):
        for number in range(count):
            name, stride = f"layer{stage + 1}.{number}", 2 if stage > 0 and number == 0 else 1
            if f"{name}.conv3.weight" in state:
                y = tf.nn.relu(norm(conv(x, f"{name}.conv1"), f"{name}.bn1"))
                y = tf.nn.relu(norm(conv(y, f"{name}.conv2", stride, groups), f"{name}.bn2"))
                y = norm(conv(y, f"{name}.conv3"), f"{name}.bn3")
            else:
                y = tf.nn.relu(norm(conv(x, f"{name}.conv1", stride), f"{name}.bn1"))
                y = norm(conv(y, f"{name}.conv2"), f"{name}.bn2")
            if f"{name}.downsample.0.weight" in state:
                x = norm(conv(x, f"{name}.downsample.0", stride), f"{name}.downsample.1")
            x = tf.nn.relu(x + y)
    return (tf.reduce_mean(x, axis=(1, 2)) @ state["fc.weight"].T + state["fc.bias"]).numpy()


class ExportTorchvision(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def check(self, what, state, images, expected):
        path = self.folder / "exported.h5"
        export_torchvision.build(state, images.shape[1]).write(path)
        (got,) = support.fovea_run([path], [images], self.folder, "--arithmetic", "direct")
        by_keras = support.answers(keras.models.load_model(path, compile=False), images)
        size = np.abs(expected).max()
        error, of_keras = np.abs(got - expected).max() / size, np.abs(by_keras - expected).max() / size
        print(f"\n{what}: error {error:.1e} of the largest output, Keras float32 {of_keras:.1e}", flush=True)
        self.assertLessEqual(of_keras, 1e-4)  # the file says the same to Keras
        self.assertLessEqual(error, max(2 * of_keras, 1e-6))
        self.assertGreater(np.abs(expected[::-1] - expected).max() / size, 1e-3, "the images make no difference")

    def test_every_kind(self):
        for seed, (what, blocks, bottleneck, groups, width) in enumerate((
                ("basic blocks", (2, 1, 2), False, 1, 16), ("bottlenecks", (2, 2, 1, 1), True, 1, 16),
                ("groups", (1, 2), True, 8, 32), ("wide", (1, 1), True, 1, 48))):
            state = resnet(seed, blocks, bottleneck, groups, width)
            images = np.random.default_rng(seed).normal(0, 1, (3, SIDE, SIDE, 3)).astype(np.float32)
            self.check(what, state, images, truth(state, images, blocks, groups))

    def test_real_models(self):
        try:
            import torch
            import torchvision
        except ImportError:
            self.skipTest("torch and torchvision are not installed")
        for name in ("resnet18", "resnet50", "resnext50_32x4d"):
            torch.manual_seed(1)
            model = torchvision.models.get_model(name, weights=None).double().eval()
            images = np.random.default_rng(2).normal(0, 1, (2, 96, 96, 3)).astype(np.float32)
            with torch.no_grad():
                expected = model(torch.from_numpy(images.transpose(0, 3, 1, 2)).double()).numpy()
            state = {key: value.float().numpy() for key, value in model.state_dict().items()}
            self.check(name, state, images, expected)

    def test_refuses_other_weights(self):
        with self.assertRaisesRegex(ValueError, "not the weights of a ResNet"):
            export_torchvision.build({"features.0.weight": np.zeros((1, 1, 1, 1))})
        state = resnet(0, (1,), False)
        del state["layer1.0.bn2.running_var"]
        with self.assertRaisesRegex(ValueError, "lack 'layer1.0.bn2.running_var'"):
            export_torchvision.build(state)


if __name__ == "__main__":
    support.main()
