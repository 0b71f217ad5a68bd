"""Files as older versions of Keras wrote them, made from today's: their strings, their names, their configurations."""

import json

import h5py
import numpy as np
from keras.ops import convert_to_numpy
from keras.src.legacy.saving import legacy_h5_format

VARIABLES = {"kernel": "W", "bias": "b", "gamma": "gamma", "beta": "beta", "moving_mean": "running_mean",
             "moving_variance": "running_std"}


def fixed(names):
    """Names as fixed-length bytes, as h5py 2 stored them; an empty list becomes float64, as it did there."""
    return np.array([name.encode() for name in names]) if names else np.zeros(0)


def own_variables(layer):
    """(last component of the name, value) in Keras' order."""
    return [(weight.path.rsplit("/", 1)[-1], convert_to_numpy(weight)) for weight in layer.weights]


def write_weights_file(model, path):
    """What `model.save_weights` wrote to an .h5 file."""
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def write_released_weights(model, path):
    """Layout and names of the weight files released with keras-applications: no version anywhere, `bn_running_std`
    (which holds the variance), `_W` and `_b`."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = fixed([layer.name for layer in model.layers])
        for layer in model.layers:
            group = file.create_group(layer.name)
            variables = own_variables(layer)
            names = [f"{layer.name}_{VARIABLES[variable]}_1:0" for variable, _ in variables]
            group.attrs["weight_names"] = fixed(names)
            for name, (_, value) in zip(names, variables):
                group[name] = value


def rewrite_as_keras_2(source, path, version="2.4.0"):
    """A full model of today as Keras 2.4 wrote it: `batch_input_shape`, node lists, `:0`, fixed-length strings."""
    with h5py.File(source) as old, h5py.File(path, "w") as new:
        new.attrs["keras_version"] = version.encode()
        new.attrs["backend"] = b"tensorflow"
        new.attrs["model_config"] = json.dumps(keras_2_config(json.loads(old.attrs["model_config"]))).encode()
        weights = new.create_group("model_weights")
        weights.attrs["keras_version"] = version.encode()
        weights.attrs["backend"] = b"tensorflow"
        names = list(old["model_weights"].attrs["layer_names"])
        weights.attrs["layer_names"] = fixed(names)
        for name in sorted(names):
            source_group = old["model_weights"][name]
            variables = list(source_group.attrs["weight_names"])
            group = weights.create_group(name)
            group.attrs["weight_names"] = fixed([variable + ":0" for variable in variables])
            for variable in variables:
                group[variable + ":0"] = source_group[variable][()]


def keras_2_config(config):
    """A Sequential or Functional configuration of Keras 3 in the words of Keras 2."""
    layers = [_keras_2_layer(layer) for layer in config["config"]["layers"]]
    result = {"class_name": config["class_name"], "config": {"name": config["config"]["name"], "layers": layers}}
    for key in ("input_layers", "output_layers"):
        if key in config["config"]:
            value = config["config"][key]
            result["config"][key] = value if isinstance(value[0], list) else [value]
    return result


def _keras_2_layer(layer):
    if "layers" in layer["config"]:
        result = keras_2_config(layer)
    else:
        settings = {key: _keras_2_value(value) for key, value in layer["config"].items()}
        if "batch_shape" in settings:
            settings["batch_input_shape"] = settings.pop("batch_shape")
        if layer["class_name"] == "BatchNormalization" and settings["axis"] in (3, -1):
            settings["axis"] = [3]
        for key in ("quantization_config", "optional", "renorm", "synchronized"):
            settings.pop(key, None)
        result = {"class_name": layer["class_name"], "config": settings}
    if "inbound_nodes" in layer:
        result["name"] = layer["name"]
        result["inbound_nodes"] = [_keras_2_node(node) for node in layer["inbound_nodes"]]
    return result


def _keras_2_node(node):
    """{"args": [tensor or list of tensors], "kwargs": {}} as [[layer, node, tensor, kwargs], ...]."""
    tensors = node["args"][0] if isinstance(node["args"][0], list) else node["args"]
    return [[*tensor["config"]["keras_history"], {}] for tensor in tensors]


def _keras_2_value(value):
    """Objects of Keras 3 say their module; of a dtype policy only its name is left."""
    if isinstance(value, dict) and "class_name" in value:
        if value["class_name"] == "DTypePolicy":
            return value["config"]["name"]
        return {"class_name": value["class_name"], "config": value["config"]}
    return value
