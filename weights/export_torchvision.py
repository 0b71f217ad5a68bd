#!/usr/bin/env python3
"""Writes a ResNet of torchvision as a Keras HDF5 file with its config, which fovea and Keras load like any other.

    export_torchvision.py --model resnet50 --weights DEFAULT --output resnet50.h5
    export_torchvision.py --model resnet18 --state-dict mine.pth --size 512 --output mine.h5

Any of torchvision's ResNet, ResNeXt and Wide ResNet: resnet18 to resnet152, resnext50_32x4d, wide_resnet50_2 and so on.
Blocks, groups, widths and classes are read from the weights themselves; the stride of a block lies on its 3x3
convolution, as torchvision has it (ResNet v1.5). The output is the last layer's sums, without softmax, unless --softmax
is given. torchvision's preparation is the preset imagenet-torch.
"""

import argparse
import json
import os
import pickle
import re
import sys

import h5py
import numpy as np

EPSILON = 1e-5  # of every batch normalisation


class Network:
    """Layers in Keras' own words: a functional config, and the weights of each layer."""

    def __init__(self, size):
        self.layers, self.weights = [], {}
        self.add("InputLayer", "input", [], {"batch_input_shape": [None, size, size, 3], "dtype": "float32"})

    def add(self, kind, name, inputs, config, weights=()):
        nodes = [[[source, 0, 0, {}] for source in inputs]] if inputs else []
        self.layers.append({"class_name": kind, "name": name, "config": {"name": name, **config},
                            "inbound_nodes": nodes})
        self.weights[name] = list(weights)
        return name

    def pad(self, name, source, by):
        return self.add("ZeroPadding2D", name, [source], {"padding": [[by, by], [by, by]]})

    def relu(self, name, source):
        return self.add("Activation", name, [source], {"activation": "relu"})

    def convolve(self, name, source, state, stride, groups=1):
        """A convolution with torchvision's padding of half the kernel; its kernel is [out, in / groups, h, w] there."""
        kernel = state[f"{name}.weight"]
        side = kernel.shape[2]
        if side > 1:
            source = self.pad(f"{name}.pad", source, side // 2)
        return self.add("Conv2D", name, [source],
                        {"filters": kernel.shape[0], "kernel_size": [side, side], "strides": [stride, stride],
                         "padding": "valid", "groups": groups, "use_bias": False},
                        [("kernel", kernel.transpose(2, 3, 1, 0))])

    def normalise(self, name, source, state):
        weights = [(keras, state[f"{name}.{torch}"]) for keras, torch in
                   (("gamma", "weight"), ("beta", "bias"), ("moving_mean", "running_mean"),
                    ("moving_variance", "running_var"))]
        return self.add("BatchNormalization", name, [source], {"axis": 3, "epsilon": EPSILON}, weights)

    def in_keras_order(self):
        """Names in the order in which Keras pairs layers with weights: by the longest way to the output, then as they
        are met on the way up from it."""
        sources = {layer["name"]: [source[0] for node in layer["inbound_nodes"] for source in node]
                   for layer in self.layers}
        depth, met, waiting = dict.fromkeys(sources, 0), {}, [self.layers[-1]["name"]]
        for layer in reversed(self.layers):
            for source in sources[layer["name"]]:
                depth[source] = max(depth[source], depth[layer["name"]] + 1)
        while waiting:
            name = waiting.pop()
            if name not in met:
                met[name] = len(met)
                waiting += reversed(sources[name])
        return sorted(sources, key=lambda name: (-depth[name], met[name]))

    def write(self, path):
        """Written aside and renamed: a file of this name is always whole."""
        config = {"class_name": "Functional",
                  "config": {"name": "model", "layers": self.layers, "input_layers": [["input", 0, 0]],
                             "output_layers": [[self.layers[-1]["name"], 0, 0]]}}
        part = f"{path}.part"
        with h5py.File(part, "w") as file:
            file.attrs["model_config"] = json.dumps(config)
            file.attrs["keras_version"] = "2.12.0"
            file.attrs["backend"] = "tensorflow"
            groups = file.create_group("model_weights")
            groups.attrs["layer_names"] = [name.encode() for name in self.in_keras_order()]
            groups.attrs["keras_version"] = "2.12.0"
            groups.attrs["backend"] = "tensorflow"
            for name, weights in self.weights.items():
                group = groups.create_group(name)
                group.attrs["weight_names"] = [f"{name}/{weight}:0".encode() for weight, _ in weights]
                for weight, values in weights:
                    group[f"{name}/{weight}:0"] = np.ascontiguousarray(values, np.float32)
        os.replace(part, path)


def block(network, state, name, source, stride):
    """BasicBlock (two 3x3) or Bottleneck (1x1, 3x3, 1x1): which one, the number of convolutions tells."""
    last = 3 if f"{name}.conv3.weight" in state else 2
    strided = 1 if last == 2 else 2
    x = source
    for number in range(1, last + 1):
        kernel = state[f"{name}.conv{number}.weight"]
        before = network_channels(network, x)
        x = network.convolve(f"{name}.conv{number}", x, state, stride if number == strided else 1,
                             before // kernel.shape[1])
        x = network.normalise(f"{name}.bn{number}", x, state)
        if number < last:
            x = network.relu(f"{name}.relu{number}", x)
    if f"{name}.downsample.0.weight" in state:
        source = network.convolve(f"{name}.downsample.0", source, state, stride)
        source = network.normalise(f"{name}.downsample.1", source, state)
    return network.relu(f"{name}.out", network.add("Add", f"{name}.add", [x, source], {}))


def network_channels(network, name):
    """Channels of a layer's result: those of the last normalisation on the way to it."""
    layers = {layer["name"]: layer for layer in network.layers}
    while layers[name]["class_name"] != "BatchNormalization":
        name = layers[name]["inbound_nodes"][0][0][0]
    return network.weights[name][0][1].shape[0]


def build(state, size=224, softmax=False):
    """The network of a ResNet's state dict ({name: array})."""
    missing = {"conv1.weight", "bn1.weight", "layer1.0.conv1.weight", "fc.weight", "fc.bias"} - state.keys()
    if missing:
        raise ValueError(f"these are not the weights of a ResNet of torchvision: no {', '.join(sorted(missing))}")
    try:
        return connect(state, size, softmax)
    except KeyError as error:
        raise ValueError(f"these weights lack {error}") from None


def connect(state, size, softmax):
    network = Network(size)
    x = network.relu("relu", network.normalise("bn1", network.convolve("conv1", "input", state, 2), state))
    # Padding with zeros is what leaving it out is: nothing here is negative.
    x = network.add("MaxPooling2D", "maxpool", [network.pad("maxpool.pad", x, 1)],
                    {"pool_size": [3, 3], "strides": [2, 2], "padding": "valid"})
    blocks = sorted({tuple(map(int, match.groups())) for match in
                     (re.match(r"layer(\d+)\.(\d+)\.", key) for key in state) if match})
    for stage, number in blocks:
        x = block(network, state, f"layer{stage}.{number}", x, 2 if stage > 1 and number == 0 else 1)
    x = network.add("GlobalAveragePooling2D", "avgpool", [x], {})
    weights = [("kernel", state["fc.weight"].T), ("bias", state["fc.bias"])]
    network.add("Dense", "fc", [x], {"units": state["fc.bias"].shape[0], "use_bias": True,
                                     "activation": "softmax" if softmax else "linear"}, weights)
    return network


def state_dict(options):
    """The weights as NumPy arrays."""
    import torch  # pylint: disable=import-outside-toplevel  (not needed by those who have arrays)

    if options.state_dict:
        state = torch.load(options.state_dict, map_location="cpu", weights_only=True)
        state = state.get("state_dict", state)
    else:
        import torchvision  # pylint: disable=import-outside-toplevel

        state = torchvision.models.get_model(options.model, weights=options.weights).state_dict()
    return {key.removeprefix("module."): value.float().numpy() for key, value in state.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="resnet50", help="torchvision's name (default resnet50)")
    parser.add_argument("--weights", help="torchvision's name of trained weights, e.g. DEFAULT (default: random)")
    parser.add_argument("--state-dict", metavar="FILE", help="your own weights instead, as torch.save wrote them")
    parser.add_argument("--size", type=int, default=224, help="side of the square the network sees (default 224)")
    parser.add_argument("--softmax", action="store_true", help="end in probabilities")
    parser.add_argument("--output", metavar="FILE", required=True)
    options = parser.parse_args()
    try:
        build(state_dict(options), options.size, options.softmax).write(options.output)
    except (ImportError, OSError, ValueError, RuntimeError, pickle.UnpicklingError) as error:
        sys.exit(f"export_torchvision.py: {error}")


if __name__ == "__main__":
    main()
