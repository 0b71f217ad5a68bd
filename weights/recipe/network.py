"""ResNet50 with the head for five grades, at full width from keras.applications or at a fraction of it."""

import keras
from keras import layers

from .labels import CLASSES

HEAD_UNITS = 2048
STAGES = (("conv2", 64, 3, 1), ("conv3", 128, 4, 2), ("conv4", 256, 6, 2), ("conv5", 512, 3, 2))
HEAD_LAYERS = ("avg_pool", "head_dropout_1", "head_dense", "head_dropout_2", "final_output")


def build_network(size, width=1.0, imagenet=None):
    """The whole network as one flat model. `imagenet`: None, "imagenet" (Keras downloads it) or a file without top."""
    if width == 1:
        backbone = keras.applications.ResNet50(include_top=False, weights=imagenet, input_shape=(size, size, 3))
    else:
        backbone = build_backbone(size, width)
    x = layers.GlobalAveragePooling2D(name=HEAD_LAYERS[0])(backbone.output)
    x = layers.Dropout(0.5, name=HEAD_LAYERS[1])(x)
    x = layers.Dense(scaled(HEAD_UNITS, width), activation="relu", name=HEAD_LAYERS[2])(x)
    x = layers.Dropout(0.5, name=HEAD_LAYERS[3])(x)
    x = layers.Dense(len(CLASSES), activation="softmax", name=HEAD_LAYERS[4])(x)
    return keras.Model(backbone.input, x, name="resnet50" if width == 1 else f"resnet50_width_{width:g}")


def freeze_backbone(model, frozen):
    for layer in model.layers:
        layer.trainable = not frozen or layer.name in HEAD_LAYERS


def scaled(channels, width):
    return max(1, round(channels * width))


def build_backbone(size, width):
    """ResNet50 (v1: the stride is in the first 1x1 convolution) with every channel count times `width`, its layers named
    as in keras.applications."""
    inputs = layers.Input((size, size, 3), name="input_layer")
    x = layers.ZeroPadding2D(3, name="conv1_pad")(inputs)
    x = layers.Conv2D(scaled(64, width), 7, strides=2, name="conv1_conv")(x)
    x = layers.BatchNormalization(epsilon=1.001e-5, name="conv1_bn")(x)
    x = layers.Activation("relu", name="conv1_relu")(x)
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for name, channels, blocks, stride in STAGES:
        for block in range(1, blocks + 1):
            first = block == 1
            x = _block(x, f"{name}_block{block}", scaled(channels, width), scaled(4 * channels, width),
                       stride if first else 1, first)
    return keras.Model(inputs, x)


def _block(x, name, inner, outer, stride, project):
    shortcut = _convolve(x, f"{name}_0", outer, 1, stride) if project else x
    x = layers.Activation("relu", name=f"{name}_1_relu")(_convolve(x, f"{name}_1", inner, 1, stride))
    x = layers.Activation("relu", name=f"{name}_2_relu")(_convolve(x, f"{name}_2", inner, 3, 1))
    x = _convolve(x, f"{name}_3", outer, 1, 1)
    x = layers.Add(name=f"{name}_add")([shortcut, x])
    return layers.Activation("relu", name=f"{name}_out")(x)


def _convolve(x, name, channels, kernel, stride):
    padding = "valid" if kernel == 1 else "same"
    x = layers.Conv2D(channels, kernel, strides=stride, padding=padding, name=f"{name}_conv")(x)
    return layers.BatchNormalization(epsilon=1.001e-5, name=f"{name}_bn")(x)
