"""Writes a Keras residual network as a flat list of fused operations, for peers that are programs of primitives.

Batch normalisation is folded into the convolution before it, zero padding into the window after it, ReLU into what it
follows, and an addition into the later of the two convolutions it joins. The file: one line an operation, values
numbered in their order from the input, 0; a line names its operation, its source, then what FIELDS says. Padding is
top, left, bottom, right; `sum` is the value added before ReLU, or -1; `weights` is where its weights start in the
second file, <path>.weights, counted in floats: kernel as [out][in][height][width], or [out][in], then bias.
"""
import pathlib

import numpy as np

FIELDS = {
    "input": ("height", "width", "channels"),
    "conv": ("filters", "kernel_h", "kernel_w", "stride_h", "stride_w", "pads", "relu", "sum", "weights"),
    "maxpool": ("kernel_h", "kernel_w", "stride_h", "stride_w", "pads"),
    "mean": (),
    "dense": ("units", "relu", "weights"),
    "softmax": (),
}


class Unsupported(ValueError):
    """A network that is not of the kind this file knows; the message names the layer."""


def same_pads(layer, size):
    """Top, left, bottom, right of a Keras window layer with padding "same" on an input of `size`."""
    kernel = getattr(layer, "kernel_size", None) or layer.pool_size
    totals = [max(0, (-(-n // s) - 1) * s + k - n) for n, k, s in zip(size, kernel, layer.strides)]
    return [totals[0] // 2, totals[1] // 2, totals[0] - totals[0] // 2, totals[1] - totals[1] // 2]


class Flattener:
    def __init__(self, model):
        self.ops = []
        self.values = {}  # the Keras tensor -> the operation that makes it
        self.padded = {}  # the Keras tensor of a ZeroPadding2D -> (what it pads, pads)
        self.readers = {}  # the Keras tensor -> how many layers read it
        for layer in model.layers:
            for tensor in self.inputs(layer):
                self.readers[id(tensor)] = self.readers.get(id(tensor), 0) + 1

    @staticmethod
    def inputs(layer):
        if type(layer).__name__ == "InputLayer":
            return []
        return layer.input if isinstance(layer.input, list) else [layer.input]

    def emit(self, kind, layer, source=None, **fields):
        self.ops.append({"kind": kind, "layer": layer.name, "source": source, "number": len(self.ops), **fields})
        return self.ops[-1]

    def window(self, layer):
        """Source and pads of a convolution or pooling, with a ZeroPadding2D before it taken in."""
        tensor = layer.input
        pads = [0] * 4 if layer.padding == "valid" else same_pads(layer, tensor.shape[1:3])
        if id(tensor) in self.padded:
            tensor, more = self.padded[id(tensor)]
            pads = [a + b for a, b in zip(pads, more)]
        return self.values[id(tensor)], pads

    def alone(self, layer):
        """The operation before a layer that changes its result in place."""
        op = self.values[id(layer.input)]
        if self.readers[id(layer.input)] != 1:
            raise Unsupported(f"layer {layer.name}: something else reads its input as well")
        return op

    def activation(self, op, name, layer):
        if name == "relu" and op.get("relu") is False:
            op["relu"] = True
        elif name == "softmax":
            return self.emit("softmax", layer, op)
        elif name != "linear":
            raise Unsupported(f"layer {layer.name}: activation {name} after {op['kind']}")
        return op

    def convolution(self, layer):
        if layer.groups != 1 or tuple(layer.dilation_rate) != (1, 1):
            raise Unsupported(f"layer {layer.name}: groups or dilation")
        source, pads = self.window(layer)
        kernel = layer.get_weights()[0].astype(np.float64).transpose(3, 2, 0, 1)
        bias = layer.get_weights()[1] if layer.use_bias else np.zeros(len(kernel))
        op = self.emit("conv", layer, source, filters=len(kernel), kernel=kernel, bias=bias.astype(np.float64),
                       strides=layer.strides, pads=pads, relu=False, sum=None)
        return self.activation(op, layer.activation.__name__, layer)

    def batch_normalization(self, layer):
        op = self.alone(layer)
        if op["kind"] != "conv" or op["relu"] or op["sum"]:
            raise Unsupported(f"layer {layer.name}: batch normalisation after {op['kind']}")
        weights = [w.astype(np.float64) for w in layer.get_weights()]
        gamma = weights.pop(0) if layer.scale else 1
        beta = weights.pop(0) if layer.center else 0
        mean, variance = weights
        scale = gamma / np.sqrt(variance + layer.epsilon)
        op["kernel"] = op["kernel"] * scale[:, None, None, None]
        op["bias"] = (op["bias"] - mean) * scale + beta
        return op

    def add(self, layer):
        """The later convolution adds the other operand, which nothing may read afterwards: its memory is taken over."""
        first, later = sorted((self.values[id(x)] for x in layer.input), key=lambda op: op["number"])
        ours = next(x for x in layer.input if self.values[id(x)] is later)
        if later["kind"] != "conv" or later["relu"] or later["sum"] or self.readers[id(ours)] != 1 or first is later:
            raise Unsupported(f"layer {layer.name}: neither operand is a convolution that could add the other")
        later["sum"] = first
        return later

    def layer(self, layer):
        kind = type(layer).__name__
        if kind == "InputLayer":
            _, height, width, channels = layer.output.shape
            return self.emit("input", layer, height=height, width=width, channels=channels)
        if kind == "Dropout":
            return self.values[id(layer.input)]
        if kind == "Conv2D":
            return self.convolution(layer)
        if kind == "BatchNormalization":
            return self.batch_normalization(layer)
        if kind in ("Activation", "ReLU"):
            return self.activation(self.alone(layer), "relu" if kind == "ReLU" else layer.activation.__name__, layer)
        if kind == "Add" and len(layer.input) == 2:
            return self.add(layer)
        if kind == "MaxPooling2D":
            source, pads = self.window(layer)
            if any(pads) and layer.padding == "valid" and not source.get("relu"):
                raise Unsupported(f"layer {layer.name}: zeros padded before it can be its maximum")
            return self.emit("maxpool", layer, source, kernel=np.empty((0, 0, *layer.pool_size)), strides=layer.strides,
                             pads=pads)
        if kind == "GlobalAveragePooling2D":
            return self.emit("mean", layer, self.values[id(layer.input)])
        if kind == "Dense":
            kernel, bias = layer.get_weights()
            op = self.emit("dense", layer, self.values[id(layer.input)], units=layer.units, kernel=kernel.T, bias=bias,
                           relu=False)
            return self.activation(op, layer.activation.__name__, layer)
        raise Unsupported(f"layer {layer.name} ({kind}) is not supported")

    def run(self, model):
        for layer in model.layers:
            if type(layer).__name__ == "ZeroPadding2D":
                (top, bottom), (left, right) = layer.padding
                self.padded[id(layer.output)] = (layer.input, [top, left, bottom, right])
            else:
                self.values[id(layer.output)] = self.layer(layer)
        self.check_sums()
        return self.ops

    def check_sums(self):
        """What a convolution adds is overwritten by it, so nothing may read that later."""
        for op in self.ops:
            late = [reader for reader in self.ops if reader["number"] > op["number"] and op.get("sum") is not None
                    and (reader["source"] is op["sum"] or reader.get("sum") is op["sum"])]
            if late:
                raise Unsupported(f"layer {op['layer']}: what it adds is read again by {late[0]['layer']}")


def field(op, name, weights):
    """The words of one field of FIELDS."""
    if name in ("kernel_h", "kernel_w"):
        return [op["kernel"].shape[2 if name == "kernel_h" else 3]]
    if name in ("stride_h", "stride_w"):
        return [op["strides"][name == "stride_w"]]
    if name == "pads":
        return op["pads"]
    if name == "sum":
        return [-1 if op["sum"] is None else op["sum"]["number"]]
    if name == "weights":
        offset = sum(array.size for array in weights)
        weights += [op["kernel"].astype(np.float32), op["bias"].astype(np.float32)]
        return [offset]
    return [int(op[name])]


def convert(model, path):
    """Writes `model` to path and path.weights."""
    weights, lines = [], []
    for op in Flattener(model).run(model):
        words = [op["kind"]] + ([op["source"]["number"]] if op["source"] else [])
        for name in FIELDS[op["kind"]]:
            words += field(op, name, weights)
        lines.append(" ".join(map(str, words)))
    path = pathlib.Path(path)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    with open(f"{path}.weights", "wb") as file:
        for array in weights:
            np.ascontiguousarray(array).tofile(file)
