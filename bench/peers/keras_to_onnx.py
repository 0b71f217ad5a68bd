"""Writes a Keras CNN as ONNX (NCHW), for peers that read nothing else. Covers the layers of the networks measured only."""
import keras
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 13


def pads(layer, size):
    """ONNX pads [top, left, bottom, right] of a Keras window layer on an input of `size` (H, W)."""
    if layer.padding == "valid":
        return [0, 0, 0, 0]
    kernel = getattr(layer, "kernel_size", None) or layer.pool_size
    before, after = [], []
    for n, k, s in zip(size, kernel, layer.strides):
        total = max(0, (-(-n // s) - 1) * s + k - n)
        before.append(total // 2)
        after.append(total - total // 2)
    return before + after


class Writer:
    def __init__(self):
        self.nodes, self.weights = [], []

    def weight(self, name, array):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def activation(self, name, source, output):
        kinds = {"relu": "Relu", "softmax": "Softmax", "sigmoid": "Sigmoid"}
        if name == "linear":
            return source
        if name in ("silu", "swish"):  # as every exporter writes it; the peers fuse the two
            return self.node("Mul", [source, self.node("Sigmoid", [source], output + "/sigmoid")], output)
        return self.node(kinds[name], [source], output, **({"axis": 1} if name == "softmax" else {}))

    def convolution(self, layer, inputs, kernel, groups):
        """`kernel`: OIHW."""
        name = layer.name
        names = [self.weight(f"{name}.{i}", w) for i, w in enumerate([kernel, *layer.get_weights()[1:]])]
        out = self.node("Conv", [*inputs, *names], name, strides=list(layer.strides), group=groups,
                        dilations=list(layer.dilation_rate), pads=pads(layer, layer.input.shape[1:3]))
        return self.activation(layer.activation.__name__, out, name + "/activation")

    def affine(self, name, source, scale, offset):
        """source * scale + offset, either of one number or one of each channel."""
        factor, addend = (self.weight(f"{name}.{i}", np.reshape(x, (-1, 1, 1))) for i, x in enumerate((scale, offset)))
        return self.node("Add", [self.node("Mul", [source, factor], name + "/product"), addend], name)

    def layer(self, layer, inputs):
        """Adds one Keras layer; returns the name of its result."""
        kind, name = type(layer).__name__, layer.name
        if kind == "Dropout":
            return inputs[0]
        if kind == "Conv2D":
            return self.convolution(layer, inputs, layer.get_weights()[0].transpose(3, 2, 0, 1), layer.groups)
        if kind == "DepthwiseConv2D":
            height, width, channels, multiplier = layer.kernel.shape
            kernel = layer.get_weights()[0].transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
            return self.convolution(layer, inputs, kernel, channels)
        if kind == "BatchNormalization":
            count = layer.moving_mean.shape[0]
            parts = (layer.gamma if layer.scale else np.ones(count), layer.beta if layer.center else np.zeros(count),
                     layer.moving_mean, layer.moving_variance)
            names = [self.weight(f"{name}.{i}", w) for i, w in enumerate(parts)]
            return self.node("BatchNormalization", [*inputs, *names], name, epsilon=layer.epsilon)
        if kind == "Rescaling":
            return self.affine(name, inputs[0], layer.scale, layer.offset)
        if kind == "Normalization":
            deviation = np.maximum(np.sqrt(np.asarray(layer.variance)), keras.backend.epsilon())
            return self.affine(name, inputs[0], 1 / deviation, -np.asarray(layer.mean) / deviation)
        if kind == "ZeroPadding2D":
            (top, bottom), (left, right) = layer.padding
            pads_array = np.array([0, 0, top, left, 0, 0, bottom, right])
            self.weights.append(numpy_helper.from_array(pads_array, name + ".pads"))
            return self.node("Pad", [*inputs, name + ".pads"], name)
        if kind in ("MaxPooling2D", "AveragePooling2D"):
            return self.node("MaxPool" if kind[0] == "M" else "AveragePool", inputs, name, strides=list(layer.strides),
                             kernel_shape=list(layer.pool_size), pads=pads(layer, layer.input.shape[1:3]))
        if kind == "GlobalAveragePooling2D":
            pooled = self.node("GlobalAveragePool", inputs, name + "/mean")
            return pooled if layer.keepdims else self.node("Flatten", [pooled], name)
        if kind == "Flatten":  # in the order of NHWC
            rows = self.node("Transpose", inputs, name + "/rows", perm=[0, 2, 3, 1])
            return self.node("Flatten", [rows], name)
        if kind == "Reshape" and layer.target_shape[:2] == (1, 1):
            self.weights.append(numpy_helper.from_array(np.array([0, layer.target_shape[2], 1, 1]), name + ".shape"))
            return self.node("Reshape", [*inputs, name + ".shape"], name)
        if kind in ("Add", "Multiply"):
            return self.node("Add" if kind == "Add" else "Mul", inputs, name)
        if kind == "Concatenate":
            return self.node("Concat", inputs, name, axis=1)
        if kind == "ReLU" and layer.max_value is not None:
            limits = [self.weight(f"{name}.{limit}", np.float32(limit)) for limit in (0, layer.max_value)]
            return self.node("Clip", [*inputs, *limits], name)
        if kind in ("Activation", "ReLU"):
            return self.activation("relu" if kind == "ReLU" else layer.activation.__name__, inputs[0], name)
        if kind == "Dense":
            names = [self.weight(f"{name}.{i}", w) for i, w in enumerate(layer.get_weights())]
            out = self.node("Gemm", [*inputs, *names], name)
            return self.activation(layer.activation.__name__, out, name + "/activation")
        raise ValueError(f"layer {name} ({kind}) is not supported")


def convert(model, path, batch):
    """Writes `model` for inputs of shape (batch, C, H, W)."""
    writer, results = Writer(), {}
    for layer in model.layers:
        if type(layer).__name__ == "InputLayer":
            results[id(layer.output)] = "input"
            continue
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        results[id(layer.output)] = writer.layer(layer, [results[id(tensor)] for tensor in inputs])
    _, height, width, channels = model.input_shape
    answer = results[id(model.outputs[0])]
    graph = helper.make_graph(
        writer.nodes, model.name,
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [batch, channels, height, width])],
        [helper.make_tensor_value_info(answer, TensorProto.FLOAT, [batch, *model.output_shape[1:]])],
        writer.weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8), path)
