"""Small random convolutional networks: every layer that fovea knows, with settings at the edges of what it allows."""

import keras
import numpy as np
from keras import layers, ops
from keras.src.applications.convnext import LayerScale, StochasticDepth
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

TRAINING_ONLY = (lambda: layers.SpatialDropout2D(0.3), lambda: layers.AlphaDropout(0.1), lambda: layers.Identity(),
                 lambda: layers.GaussianDropout(0.2), lambda: layers.GaussianNoise(0.2), lambda: StochasticDepth(0.1),
                 lambda: layers.ActivityRegularization(l2=0.1), lambda: layers.RandomFlip(),
                 lambda: layers.RandomRotation(0.1), lambda: layers.RandomZoom(0.1), lambda: layers.RandomContrast(0.1),
                 lambda: layers.RandomTranslation(0.1, 0.1))


class RandomGraph:
    """One network, drawn from a seed, of one or two inputs and outputs. `x` is the tensor that the next layer reads."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        side = self.rng.integers(5, 41, 2)
        self.x = layers.Input((int(side[0]), int(side[1]), self.pick(1, 2, 3, 3, 5, 16, 17, 33)))
        self.inputs, self.outputs = [self.x], []
        self.earlier = []

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def maybe(self, chance=0.5):
        return bool(self.rng.random() < chance)

    def build(self, steps):
        second_input, other_output = (self.rng.integers(steps) if self.maybe(0.3) else None for _ in range(2))
        for step in range(steps):
            if step == second_input:
                self.second_input()
            self.earlier.append(self.x)
            getattr(self, self.pick(*FEATURE_STEPS))()
            if step == other_output:
                self.outputs.append(self.pick(lambda x: x, layers.GlobalAveragePooling2D(), layers.ReLU())(self.x))
        getattr(self, self.pick("end_global", "end_global", "end_flatten", "end_flatten", "end_map", "end_rows"))()
        self.outputs.insert(self.rng.integers(len(self.outputs) + 1), self.x)
        model = keras.Model(self.inputs, self.outputs)
        self.fill(model)
        return self.as_layer(model) if self.maybe(0.2) else model

    def as_layer(self, model):
        """The whole network as one layer of another."""
        for layer in model.layers:
            layer.trainable = self.maybe()
        if len(model.inputs) == len(model.outputs) == 1:
            return keras.Sequential([layers.Input(model.input_shape[1:]), model, layers.Activation("linear")])
        inputs = [layers.Input(tensor.shape[1:]) for tensor in model.inputs]
        outputs = model(inputs if len(inputs) > 1 else inputs[0])
        outputs = outputs if isinstance(outputs, list) else [outputs]
        return keras.Model(inputs, [layers.Activation("linear")(x) for x in reversed(outputs)])

    def second_input(self):
        """Another picture, or numbers that scale the channels."""
        height, width, channels = self.x.shape[1:]
        if self.maybe():
            self.inputs.append(layers.Input((height, width, self.pick(1, 3, 16))))
            self.x = layers.Concatenate()([self.x, self.inputs[-1]])
        else:
            self.inputs.append(layers.Input((self.pick(1, 4, 17),)))
            factors = layers.Dense(channels, activation="sigmoid")(self.inputs[-1])
            self.x = layers.Multiply()([self.x, layers.Reshape((1, 1, channels))(factors)])
        if self.maybe():
            self.inputs.reverse()

    # What a step may do to a feature map.

    def window(self, largest):
        """Kernel or pool size, and a padding under which it fits."""
        size = [int(k) for k in self.rng.integers(1, largest + 1, 2)]
        fits = size[0] <= self.x.shape[1] and size[1] <= self.x.shape[2]
        return size, self.pick("same", "valid") if fits else "same"

    def convolution(self):
        size, padding = self.window(5)
        stride = self.pick(1, 1, 1, 2, 2, 3)
        dilation = self.pick(1, 1, 2) if stride == 1 and padding == "same" else 1  # TensorFlow allows no more
        self.x = layers.Conv2D(
            self.pick(1, 3, 8, 16, 17, 32, 40), size, strides=stride, padding=padding, dilation_rate=dilation,
            use_bias=self.maybe(0.7), activation=self.pick(None, None, "relu", "sigmoid"))(self.x)
        if self.maybe():
            self.normalisation()
            if self.maybe():
                self.rectifier()

    def grouped_convolution(self):
        """Groups of one channel and of many; the filters go up to what the input's channels divide into."""
        channels = self.x.shape[-1]
        groups = self.pick(*[n for n in range(2, channels + 1) if channels % n == 0] or [1])
        size, padding = self.window(3)
        self.x = layers.Conv2D(groups * self.pick(1, 2, 5, 16), size, strides=self.pick(1, 1, 2), padding=padding,
                               groups=groups, use_bias=self.maybe(0.7), activation=self.pick(None, "relu"))(self.x)
        if self.x.shape[-1] > 48:
            self.x = layers.Conv2D(16, 1)(self.x)

    def transposed_convolution(self):
        if self.x.shape[1] * self.x.shape[2] > 900:
            return self.max_pooling()
        size = [int(k) for k in self.rng.integers(1, 5, 2)]
        self.x = layers.Conv2DTranspose(  # TensorFlow on CPUs dilates none
            self.pick(1, 8, 17), size, strides=self.pick(1, 2, (2, 1), (1, 3), 2), padding=self.pick("same", "valid"),
            use_bias=self.maybe(0.7), activation=self.pick(None, "sigmoid"))(self.x)
        if self.maybe():
            self.normalisation()

    def sequence(self):
        """The map as one long row."""
        channels = self.x.shape[-1]
        padding = self.pick("same", "causal")
        x = layers.Reshape((-1, channels))(self.x)
        size, settings = self.pick(1, 3, 4), {"activation": self.pick(None, "relu"), "use_bias": self.maybe(0.7)}
        kind = self.pick(layers.Conv1D, layers.DepthwiseConv1D, layers.SeparableConv1D, layers.Conv1DTranspose)
        if kind is layers.Conv1D:
            x = kind(channels, size, padding=padding, dilation_rate=self.pick(1, 2), **settings)(x)
        elif kind is layers.DepthwiseConv1D:
            x = kind(size, padding="same", dilation_rate=self.pick(1, 2), **settings)(x)
        elif kind is layers.SeparableConv1D:
            x = kind(channels, size, padding="same", depth_multiplier=self.pick(1, 1, 2), **settings)(x)
        else:
            stride = self.pick(1, 2)
            x = layers.MaxPooling1D(stride)(kind(channels, size, stride, "same", **settings)(x))
        self.x = layers.Reshape(self.x.shape[1:])(x)

    def depthwise_convolution(self):
        """Depthwise alone or with a pointwise half; TensorFlow knows one stride for both axes here."""
        size, padding = self.window(5)
        stride = self.pick(1, 1, 2)
        settings = {"strides": stride, "padding": padding, "use_bias": self.maybe(0.7),
                    "depth_multiplier": self.pick(1, 1, 1, 2, 3), "activation": self.pick(None, "relu6", "swish")}
        if self.x.shape[-1] > 20:
            settings["depth_multiplier"] = 1
        if self.maybe():
            self.x = layers.DepthwiseConv2D(size, **settings)(self.x)
        else:
            self.x = layers.SeparableConv2D(self.pick(3, 16, 17), size, **settings)(self.x)
        if self.maybe():
            self.normalisation()

    def branches(self):
        """Two branches from one tensor, joined or paired."""
        start = self.x
        channels = start.shape[-1]
        other = layers.Conv2D(channels, 3, padding="same", activation=self.pick(None, "tanh"))(start)
        kind = self.pick(layers.Concatenate, layers.Subtract, layers.Multiply, layers.Maximum, layers.Minimum)
        if kind is layers.Concatenate:
            other = layers.Conv2D(self.pick(1, 5, 16), 1)(start)
        self.x = kind()([start, other])

    def attention(self):
        """Each pixel a mixture of those that are like it, and the likeness of two descriptions of the map."""
        if self.x.shape[1] * self.x.shape[2] > 400:
            return self.max_pooling()
        channels = self.x.shape[-1]
        rows = layers.Reshape((-1, channels))(self.x)
        queries = layers.Dense(self.pick(4, 17))(rows)
        likeness = layers.Dot(self.pick(2, -1, (2, 2)), normalize=self.maybe())([queries, queries])
        mixed = layers.Dot((2, 1))([layers.Softmax()(likeness), rows])
        one = layers.Dot(1, normalize=True)([layers.GlobalMaxPooling1D()(rows), layers.GlobalAveragePooling1D()(rows)])
        self.x = layers.Multiply()([layers.Reshape(self.x.shape[1:])(mixed), layers.Reshape((1, 1, 1))(one)])

    def squeeze_and_excite(self):
        start = self.x
        x = layers.GlobalAveragePooling2D()(start)
        x = layers.Reshape((1, 1, start.shape[-1]))(x)
        x = layers.Conv2D(self.pick(2, 8), 1, activation="swish")(x)
        x = layers.Conv2D(start.shape[-1], 1, activation="sigmoid")(x)
        self.x = layers.Multiply()([start, x] if self.maybe() else [x, start])

    def picture_scaling(self):
        if self.maybe():
            self.x = layers.Rescaling(self.pick(0.5, 2.0), offset=self.pick(0.0, -0.3))(self.x)
        else:
            self.x = layers.Normalization(axis=-1)(self.x)

    def other_normalisations(self):
        channels = self.x.shape[-1]
        groups = self.pick(*[n for n in (1, 2, 3, 4, 8) if channels % n == 0], -1)
        x = layers.LayerNormalization(center=self.maybe(), scale=self.maybe(), epsilon=0.1)(self.x)
        x = layers.RMSNormalization(epsilon=0.1)(x)
        if self.maybe(0.3):
            x = layers.LayerNormalization(axis=(1, 2, 3), epsilon=0.1)(x)
        x = layers.GroupNormalization(groups, epsilon=0.1)(x)
        x = layers.Add()([x, layers.UnitNormalization()(self.x)])
        x = LayerScale(0.5, channels)(layers.Dense(channels, activation=self.pick(None, "relu", "gelu"))(x))
        self.x = CustomScaleLayer(0.3)([self.x, x])

    def places(self):
        """Other sizes and orders of the pixels."""
        kind = self.pick("nearest", "bilinear", "bicubic")
        x = layers.UpSampling2D(self.pick((1, 2), (2, 1), 2), interpolation=kind)(self.x)
        x = layers.Cropping2D(((self.pick(0, 1), 0), (0, self.pick(0, 1))) if min(x.shape[1:3]) > 1 else 0)(x)
        x = layers.Resizing(self.pick(5, 8), self.pick(5, 9), interpolation=kind)(x)
        x = layers.CenterCrop(self.pick(4, 5), self.pick(4, 5))(x)
        self.x = layers.Permute(self.pick((2, 1, 3), (1, 2, 3)))(x)

    def training_only(self):
        for make in TRAINING_ONLY:
            self.x = make()(self.x)

    def smaller_partners(self):
        """Pairings with one value for each channel or for each pixel."""
        start = self.x
        channels = layers.GlobalMaxPooling2D(keepdims=True)(start)
        pixels = layers.Conv2D(1, 1, activation=self.pick("sigmoid", "hard_sigmoid"))(start)
        merge = self.pick(layers.Average, layers.Multiply, layers.Subtract, layers.Maximum, layers.Add)
        x = merge()([channels, start] if self.maybe() else [start, channels])
        x = layers.Average()([x, merge()([x, pixels]), start])
        self.x = layers.Minimum()([x, layers.Add()([start, layers.Conv2D(1, 1)(start)])])

    def operation(self):
        self.x = self.pick(lambda x: x * 0.5 + 0.25, lambda x: 1.0 - ops.relu(x), lambda x: ops.silu(x) / 2.0,
                           lambda x: ops.maximum(x, -0.5), lambda x: x * ops.mean(x, axis=[1, 2], keepdims=True),
                           lambda x: ops.concatenate([x, ops.hard_sigmoid(x)], axis=-1),
                           lambda x: ops.where(x > 0.1, x * 0.5, ops.log1p(ops.absolute(x))),
                           lambda x: ops.maximum(x, 0.01) ** self.pick(2.5, 1 / 3) - ops.cumsum(x, axis=1) * 0.05,
                           lambda x: x - ops.std(x, axis=[1, 2], keepdims=True),
                           lambda x: ops.pad(x, [[0, 0], [1, 0], [0, 1], [0, 0]], self.pick("reflect", "symmetric") if min(x.shape[1:3]) > 1 else "symmetric"),
                           lambda x: x * ops.logsumexp(x, axis=-1, keepdims=True) * 0.1,
                           lambda x: x * (1 + ops.var(x, axis=-1, keepdims=True)) ** -0.75)(self.x)

    def padded_convolution(self):
        self.zero_padding()
        self.convolution()

    def padded_pooling(self):
        self.zero_padding()
        self.max_pooling()

    def normalisation(self):
        self.x = layers.BatchNormalization(
            center=self.maybe(0.8), scale=self.maybe(0.8), epsilon=self.pick(1e-3, 1.001e-5, 0.1))(self.x)

    def rectifier(self):
        self.x = self.pick(layers.Activation("relu"), layers.ReLU(), layers.ReLU(max_value=self.pick(0.5, 6)),
                           layers.LeakyReLU(self.pick(0.1, 0.3)), layers.ELU(self.pick(0.5, 1.0)),
                           layers.PReLU(shared_axes=self.pick(None, [1, 2])),
                           layers.ReLU(negative_slope=0.2, threshold=self.pick(0.0, 0.1)))(self.x)

    def activation(self):
        self.x = layers.Activation(self.pick(
            "sigmoid", "linear", "softmax", "relu6", "leaky_relu", "elu", "celu", "selu", "swish", "hard_swish", "tanh",
            "mish", "softplus", "softsign", "gelu", "hard_sigmoid", "log_softmax", "hard_tanh", "log_sigmoid"))(self.x)

    def max_pooling(self):
        size, padding = self.window(4)
        self.x = layers.MaxPooling2D(size, strides=self.pick(None, 1, 2, (1, 2)), padding=padding)(self.x)

    def average_pooling(self):
        size, padding = self.window(4)
        self.x = layers.AveragePooling2D(size, strides=self.pick(None, 1, 2, (2, 1)), padding=padding)(self.x)

    def zero_padding(self):
        sides = [int(n) for n in self.rng.integers(0, 4, 4)]
        self.x = layers.ZeroPadding2D(self.pick(1, (1, 2), ((sides[0], sides[1]), (sides[2], sides[3]))))(self.x)

    def dropout(self):
        self.x = layers.Dropout(0.4)(self.x)

    def residual(self):
        """The sum of what was, of one or two branches from it, and of any earlier tensor of that shape."""
        start = self.x
        channels = start.shape[-1]
        terms = [start]
        for _ in range(self.pick(1, 1, 2)):
            self.x = layers.Conv2D(channels, self.pick(1, 3), padding="same")(start)
            if self.maybe(0.7):
                self.normalisation()
            terms.append(self.x)
        terms += [tensor for tensor in self.earlier[:-1] if tensor.shape == start.shape][:1]
        order = self.rng.permutation(len(terms))
        self.x = layers.Add()([terms[i] for i in order])
        if self.maybe(0.7):
            self.rectifier()

    # How a network may end.

    def head(self):
        if self.maybe():
            self.x = layers.Dense(self.pick(5, 16, 33), activation="relu", use_bias=self.maybe())(self.x)
            if self.maybe(0.4):
                self.normalisation()
        if self.maybe(0.3):
            self.x = layers.Softmax()(layers.Dense(5)(self.x))
        else:
            self.x = layers.Dense(self.pick(1, 2, 5, 20), activation=self.pick("softmax", "sigmoid", None))(self.x)

    def end_global(self):
        pooling = self.pick(layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D)
        keepdims = self.maybe(0.3)
        self.x = pooling(keepdims=keepdims)(self.x)
        if keepdims:
            self.x = layers.Flatten()(self.x)
        self.head()

    def end_rows(self):
        """The map's pixels in a row, and all that Keras does with rows."""
        height, width, channels = self.x.shape[1:]
        x = layers.Reshape((height * width, channels))(self.x)
        x = layers.UpSampling1D(2)(layers.ZeroPadding1D((1, 2))(x))
        x = layers.SpatialDropout1D(0.2)(layers.Dense(self.pick(5, 16), activation="relu")(x))
        x = layers.MaxPooling1D(2, padding="same")(x)
        x = layers.AveragePooling1D(2, strides=1)(layers.Cropping1D((1, 0))(x))
        x = layers.Concatenate()([layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)])
        self.x = layers.Flatten()(layers.RepeatVector(2)(x))
        self.head()

    def end_flatten(self):
        self.x = layers.Flatten()(self.x)
        self.head()

    def end_map(self):
        if self.maybe():
            self.x = layers.Activation("softmax")(self.x)

    # Weights under which nothing dies out or saturates.

    def fill(self, model):
        rng = self.rng
        for layer in model.layers:
            if isinstance(layer, (layers.DepthwiseConv1D, layers.DepthwiseConv2D, layers.SeparableConv1D,
                                  layers.SeparableConv2D)):
                for weight in layer.weights:
                    shape = tuple(weight.shape)
                    inputs = np.prod(shape[:-2] if weight.name == "depthwise_kernel" else shape[:-1])
                    weight.assign(rng.normal(0, np.sqrt(2 / inputs) if len(shape) > 1 else 0.3, shape))
            elif isinstance(layer, (layers.LayerNormalization, layers.GroupNormalization, layers.RMSNormalization,
                                    LayerScale)):
                for weight in layer.weights:
                    weight.assign(rng.normal(0.0 if weight.name == "beta" else 1.0, 0.3, weight.shape))
            elif isinstance(layer, layers.Normalization):
                layer.adapt_mean.assign(rng.normal(0, 0.3, layer.adapt_mean.shape))
                layer.adapt_variance.assign(rng.uniform(0.5, 1.5, layer.adapt_variance.shape))
                layer.finalize_state()
            elif isinstance(layer, (layers.Conv1DTranspose, layers.Conv2DTranspose)):
                taps = np.prod(layer.kernel.shape[:-2]) / np.prod(layer.strides)
                inputs = max(taps, 1) * layer.kernel.shape[-1]
                layer.kernel.assign(rng.normal(0, np.sqrt(2 / inputs), layer.kernel.shape))
                if layer.bias is not None:
                    layer.bias.assign(rng.normal(0, 0.3, layer.bias.shape))
            elif isinstance(layer, layers.PReLU):
                layer.alpha.assign(rng.uniform(-0.3, 0.6, layer.alpha.shape))
            elif isinstance(layer, (layers.Conv1D, layers.Conv2D, layers.Dense)):
                shape = layer.kernel.shape
                layer.kernel.assign(rng.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape))
                if layer.bias is not None:
                    layer.bias.assign(rng.normal(0, 0.3, shape[-1:]))
            elif isinstance(layer, layers.BatchNormalization):
                shape = layer.moving_mean.shape
                if layer.scale:
                    layer.gamma.assign(rng.uniform(0.5, 1.5, shape))
                if layer.center:
                    layer.beta.assign(rng.normal(0, 0.3, shape))
                layer.moving_mean.assign(rng.normal(0, 0.3, shape))
                layer.moving_variance.assign(rng.uniform(0.5, 1.5, shape))


FEATURE_STEPS = ("convolution", "convolution", "convolution", "padded_convolution", "padded_pooling", "normalisation",
                 "rectifier", "rectifier", "activation", "max_pooling", "average_pooling", "zero_padding", "dropout",
                 "residual", "residual", "depthwise_convolution", "depthwise_convolution", "grouped_convolution",
                 "transposed_convolution", "sequence", "sequence", "branches", "branches", "squeeze_and_excite",
                 "picture_scaling", "other_normalisations", "attention", "places", "training_only", "smaller_partners",
                 "operation")


def random_graph(seed):
    """(model, images): a network of 2 to 9 steps, and three images for it, of two inputs a tuple of them."""
    keras.backend.clear_session()
    graph = RandomGraph(seed)
    model = graph.build(graph.pick(2, 3, 4, 5, 6, 7, 8, 9))
    images = tuple(graph.rng.normal(0, 1, (3, *x.shape[1:])).astype(np.float32) for x in model.inputs)
    return model, images if len(images) > 1 else images[0]
