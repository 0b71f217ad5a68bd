"""The networks of keras.applications with random lively weights, saved by Keras in every form, against Keras in
float64: what the test runs and what the table in docs/keras-applications.md is made of."""

import dataclasses
import functools

import keras
import numpy as np

import accuracy
import networks
import support

# Builder and small side. The first of each family runs always.
FAMILIES = (
    (("MobileNet", 64),),
    (("MobileNetV2", 64),),
    (("MobileNetV3Small", 64), ("MobileNetV3Large", 64)),
    (("DenseNet121", 64), ("DenseNet169", 64), ("DenseNet201", 64)),
    (("VGG16", 32), ("VGG19", 32)),
    (("Xception", 71),),
    (("InceptionV3", 75),),
    (("InceptionResNetV2", 75),),
    (("ResNet50", 64), ("ResNet101", 64), ("ResNet152", 64)),
    (("ResNet50V2", 64), ("ResNet101V2", 64), ("ResNet152V2", 64)),
    (("NASNetMobile", 64), ("NASNetLarge", 64)),
    (("EfficientNetB0", 64),) + tuple((f"EfficientNetB{i}", 64) for i in range(1, 8)),
    tuple((f"EfficientNetV2{size}", 64) for size in ("B0", "B1", "B2", "B3", "S", "M", "L")),
    tuple((f"ConvNeXt{size}", 64) for size in ("Tiny", "Small", "Base", "Large", "XLarge")),
)
FACTORS = {"direct": 2, "fast": 10}
FLOOR = 1e-6  # of the output's range
IMAGES = 3
CLASSES = 20


@dataclasses.dataclass
class Result:
    """What was measured of one network at one size in one arithmetic; errors are root mean squares."""

    name: str
    side: int
    arithmetic: str
    error: float  # of the output's range
    of_keras: float  # Keras' own error in float32, likewise
    complaint: str  # "" if all is well

    @property
    def ratio(self):
        return accuracy.ratio(self.error, self.of_keras)


def pictures(side, rng):
    """Noise; large images are made of large squares too, or what is averaged over them would all be the same."""
    images = rng.uniform(0, 255, (IMAGES, side, side, 3))
    if side > 128:
        coarse = rng.uniform(0, 255, (IMAGES, 6, 6, 3)).repeat(-(-side // 6), axis=1).repeat(-(-side // 6), axis=2)
        images = 0.25 * images + 0.75 * coarse[:, :side, :side]
    return images.astype(np.float32)


def build(name, side, seed):
    """(model, images): activations keep their size from layer to layer, and the logits differ between images."""
    keras.backend.clear_session()
    model = getattr(keras.applications, name)(
        weights=None, input_shape=(side, side, 3), classes=CLASSES, classifier_activation=None)
    rng = np.random.default_rng(seed)
    images = pictures(side, rng)
    scales_itself = any(isinstance(layer, (keras.layers.Rescaling, keras.layers.Normalization))
                        for layer in networks.all_layers(model))
    if not scales_itself:
        images = images / 127.5 - 1
    networks.enliven(model, images, rng)
    return model, images


def save(model, folder):
    """The model in each form: [(path, options of fovea-run)]."""
    full, archive, weights, config = (folder / f"model{ending}" for ending in (".h5", ".keras", ".weights.h5", ".json"))
    model.save(full)
    model.save(archive)
    model.save_weights(weights)
    config.write_text(model.to_json(), encoding="utf-8")
    return ((full, ()), (archive, ()), (weights, ("--config", config)))


def complaint(got, truth, error, allowed):
    """Why these outputs are not the truth's, or ""."""
    if not np.isfinite(got).all():
        return "not finite"
    if error > allowed:
        return f"error {error:.2e}, allowed {allowed:.2e}"
    if accuracy.rms(got[::-1] - truth) <= allowed:
        return "any answer would pass"
    best = np.sort(truth, axis=1)[:, ::-1]
    clear = best[:, 0] - best[:, 1] > 2 * np.abs(got - truth).max()
    return "" if (got.argmax(axis=1) == truth.argmax(axis=1))[clear].all() else "another class"


def shift_depthwise(model):
    """Has convolutions of single channels computed tap by tap: TensorFlow takes half an hour for those of a large
    ConvNeXt in float64. In float64 the order of the sums does not matter here."""
    def convolve(layer, inputs, kernel):
        height, width = inputs.shape[1:3]
        (top, bottom), (left, right) = (((size - 1) // 2, size // 2) for size in layer.kernel_size)
        padded = keras.ops.pad(inputs, [[0, 0], [top, bottom], [left, right], [0, 0]])
        return sum(padded[:, y:y + height, x:x + width] * kernel[y, x, 0]
                   for y in range(layer.kernel_size[0]) for x in range(layer.kernel_size[1]))
    for layer in networks.all_layers(model):
        if isinstance(layer, keras.layers.Conv2D) and layer.groups == layer.filters > 1:
            assert layer.padding == "same" and layer.strides == layer.dilation_rate == (1, 1), layer.name
            layer.convolution_op = functools.partial(convolve, layer)
    return model


def measure(name, side, folder):
    """A Result for each arithmetic. Raises AssertionError if fovea refuses a file, or the files give other bits."""
    model, images = build(name, side, seed=side)
    truth = support.truth(model, images, shift_depthwise)
    keras32 = support.answers(model, images)
    span = np.ptp(truth)
    least = 1e-2 if side <= 128 else 1e-4  # large maps average much away; it is still far above any error
    assert np.ptp(truth, axis=0).max() > least * span, f"{name}: its images' answers hardly differ"
    files = save(model, folder)
    of_keras = accuracy.rms(keras32 - truth)
    results = []
    for arithmetic, factor in FACTORS.items():
        got = None
        for path, options in files:
            (answer,) = support.fovea_run([path], [images], folder, "--arithmetic", arithmetic, "--threads", 2, *options)
            assert got is None or got.tobytes() == answer.tobytes(), f"{name}: {path.name} gives other bits"
            got = answer
        error = accuracy.rms(got - truth)
        allowed = max(factor * of_keras, FLOOR * span)
        results.append(Result(name, side, arithmetic, error / span, of_keras / span,
                              complaint(got, truth, error, allowed)))
    for path, _ in files:
        path.unlink()
    return results
