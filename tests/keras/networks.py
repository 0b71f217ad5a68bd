"""Networks to compare: old-style ResNet50, and random weights that make any network a lively one."""

import keras
import numpy as np
from keras import layers
from keras.ops import convert_to_numpy as numpy

OLD_STAGES = ((2, 64, 3, 1), (3, 128, 4, 2), (4, 256, 6, 2), (5, 512, 3, 2))


def old_resnet50(side, top):
    """ResNet50 as keras-applications built it before 2019: its own layer names and order, BN epsilon 1e-3."""
    numbers = {"activation": 0, "add": 0}

    def numbered(kind):
        numbers[kind] += 1
        return f"{kind}_{numbers[kind]}"

    def relu(x):
        return layers.Activation("relu", name=numbered("activation"))(x)

    def convolve(x, name, filters, kernel, stride=1):
        padding = "same" if kernel == 3 else "valid"
        x = layers.Conv2D(filters, kernel, strides=stride, padding=padding, name=f"res{name}")(x)
        return layers.BatchNormalization(name=f"bn{name}")(x)

    inputs = layers.Input((side, side, 3), name="input_1")
    x = layers.ZeroPadding2D(3, name="conv1_pad")(inputs)
    x = layers.Conv2D(64, 7, strides=2, name="conv1")(x)
    x = relu(layers.BatchNormalization(name="bn_conv1")(x))
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="max_pooling2d_1")(x)
    for stage, filters, blocks, stride in OLD_STAGES:
        for block in range(blocks):
            name = f"{stage}{'abcdef'[block]}_branch"
            step = stride if block == 0 else 1
            main = relu(convolve(x, name + "2a", filters, 1, step))
            main = relu(convolve(main, name + "2b", filters, 3))
            main = convolve(main, name + "2c", 4 * filters, 1)
            shortcut = convolve(x, name + "1", 4 * filters, 1, step) if block == 0 else x
            x = relu(layers.Add(name=numbered("add"))([main, shortcut]))
    if top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(1000, activation="softmax", name="fc1000")(x)
    return keras.Model(inputs, x, name="resnet50")


def all_layers(model):
    """Every layer, those of nested models too."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from all_layers(layer)
        else:
            yield layer


def make_lively(model, samples, seed):
    """Random weights whose batch-norm statistics matter, and under which activations keep their size.

    One pass in training mode finds each convolution's real statistics; its kernel is then scaled to variance 1, and the
    stored statistics are set off from the real ones: mean by N(0, 0.2), variance 0.5 to 1.5.
    """
    rng = np.random.default_rng(seed)
    normalisations = []
    for layer in all_layers(model):
        if isinstance(layer, layers.Conv2D):
            kernel = layer.kernel.shape
            layer.kernel.assign(rng.normal(0, np.sqrt(2 / np.prod(kernel[:-1])), kernel))
            layer.bias.assign(rng.normal(0, 0.1, kernel[-1]))
        elif isinstance(layer, layers.BatchNormalization):
            count = layer.gamma.shape[0]
            layer.gamma.assign(rng.uniform(0.5, 1.5, count))
            layer.beta.assign(rng.normal(0, 0.2, count))
            normalisations.append((layer, layer.momentum, layer.trainable))
            layer.momentum = 0.0  # the moving statistics become those of the next pass
            layer.trainable = True
    model(np.stack(samples).astype(np.float32), training=True)
    for layer, momentum, trainable in normalisations:
        layer.momentum, layer.trainable = momentum, trainable
        deviation = np.sqrt(numpy(layer.moving_variance) + layer.epsilon)
        count = deviation.size
        convolution = layer._inbound_nodes[0].input_tensors[0]._keras_history.operation
        convolution.kernel.assign(numpy(convolution.kernel) / deviation)
        convolution.bias.assign(numpy(convolution.bias) / deviation)
        layer.moving_mean.assign(numpy(layer.moving_mean) / deviation + rng.normal(0, 0.2, count))
        layer.moving_variance.assign(rng.uniform(0.5, 1.5, count))


def enliven(model, images, rng):
    """Random weights for any network: kernels of variance 2 / inputs, batch-norm statistics set off from the real ones.

    The real statistics are those of one pass in training mode, momentum 0; stored are the mean plus N(0, 0.2)
    deviations and 0.65 to 1.95 times the variance, so that every part of a normalisation matters. The factors are such
    that what one layer leaves does not grow from layer to layer: then rounding does not grow either.
    """
    normalisations = []
    for layer in all_layers(model):
        if isinstance(layer, layers.BatchNormalization):
            shape = layer.moving_mean.shape
            if layer.scale:
                layer.gamma.assign(rng.uniform(0.5, 1.5, shape))
            if layer.center:
                layer.beta.assign(rng.normal(0, 0.2, shape))
            normalisations.append((layer, layer.momentum))
            layer.momentum = 0.0
        elif isinstance(layer, layers.Normalization):
            if layer.input_mean is None:
                layer.adapt_mean.assign(rng.uniform(0.4, 0.6, layer.adapt_mean.shape))
                layer.adapt_variance.assign(rng.uniform(0.05, 0.1, layer.adapt_variance.shape))
                layer.finalize_state()
        elif isinstance(layer, (layers.LayerNormalization, layers.GroupNormalization)):
            for weight in layer.weights:
                centre = 0.0 if weight.name == "beta" else 1.0
                weight.assign(centre + rng.normal(0, 0.2, weight.shape))
        elif type(layer).__name__ == "LayerScale":
            layer.gamma.assign(rng.uniform(0.2, 0.6, layer.gamma.shape))
        else:
            for weight in layer.weights:
                shape = tuple(weight.shape)
                inputs = {"depthwise_kernel": np.prod(shape[:2])}.get(weight.name, np.prod(shape[:-1]))
                weight.assign(rng.normal(0, np.sqrt(2 / inputs) if len(shape) > 1 else 0.1, shape))
    model(images, training=True)
    for layer, momentum in normalisations:
        layer.momentum = momentum
        variance = numpy(layer.moving_variance)
        layer.moving_mean.assign(numpy(layer.moving_mean) + np.sqrt(variance) * rng.normal(0, 0.2, variance.shape))
        layer.moving_variance.assign(variance * rng.uniform(0.65, 1.95, variance.shape))


def spread_dense(layer, features, spread, seed):
    """Random weights for a dense layer that make its sums differ from image to image: mean 0, this deviation."""
    rng = np.random.default_rng(seed)
    deviation = features.std(axis=0) + 1e-3 * np.abs(features).max()
    kernel = rng.normal(0, 1, (features.shape[1], layer.units)) / deviation[:, None]
    sums = (features - features.mean(axis=0)) @ kernel
    kernel *= spread / sums.std()
    layer.kernel.assign(kernel)
    layer.bias.assign(-features.mean(axis=0) @ kernel)
    return (features - features.mean(axis=0)) @ kernel


def spread_grades(features, dense_layers, seed, spread):
    """Sets the dense layers at the end of a network, in their order, so that the grades of these images differ.
    `features` is what reaches the first of them, `spread` the deviation of the last sums. With few images and classes
    it has to be small: where softmax saturates an image's error vanishes, and their root mean square is left to chance.
    """
    features = np.asarray(features, dtype=np.float64)
    for number, layer in enumerate(dense_layers):
        last = number == len(dense_layers) - 1
        features = spread_dense(layer, features, spread if last else 1.0, seed + number)
        if not last:
            features = np.maximum(features, 0)
