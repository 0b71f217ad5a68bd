"""Writes a Keras CNN as ONNX (NCHW), for peers that read nothing else. Covers the layers of residual networks only."""
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
        return self.node(kinds[name], [source], output, **({"axis": 1} if name == "softmax" else {}))

    def layer(self, layer, inputs):
        """Adds one Keras layer; returns the name of its result."""
        kind, name = type(layer).__name__, layer.name
        if kind == "Dropout":
            return inputs[0]
        if kind == "Conv2D":
            weights = layer.get_weights()
            weights[0] = weights[0].transpose(3, 2, 0, 1)
            names = [self.weight(f"{name}.{i}", w) for i, w in enumerate(weights)]
            out = self.node("Conv", [*inputs, *names], name, strides=list(layer.strides),
                            dilations=list(layer.dilation_rate), pads=pads(layer, layer.input.shape[1:3]))
            return self.activation(layer.activation.__name__, out, name + "/activation")
        if kind == "BatchNormalization":
            names = [self.weight(f"{name}.{i}", w) for i, w in enumerate(layer.get_weights())]
            return self.node("BatchNormalization", [*inputs, *names], name, epsilon=layer.epsilon)
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
            return self.node("Flatten", [pooled], name)
        if kind == "Add":
            return self.node("Add", inputs, name)
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
