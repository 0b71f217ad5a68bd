"""The engines that peer-bench compares, one file each, in the order of the tables.

A module has a title, the file FORMAT it loads, and how it can be held to AVX2: HELD_TO_AVX2, environment variables, or
NOT_HELD, the reason why it cannot. A Python engine has a class Peer, which worker.py times in a process of its own: it
is made with (threads) and imports its package there, then `load(path)` to ready, `set_input`, `run` (timed), `output`,
and `precision()`, what it really computed with. A program has a function `measure(job)` instead.
"""
import importlib

NAMES = ("fovea", "fovea_direct", "onnx_runtime", "openvino", "tflite", "opencv_dnn", "onednn", "keras_tensorflow")
PEERS = NAMES[2:]


def module(name):
    return importlib.import_module(f"engines.{name}")
