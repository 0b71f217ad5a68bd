"""Runs networks that Keras wrote on this machine's CPU, with kernels of its own, and grades pictures with them.

>>> import fovea
>>> model = fovea.load("resnet50.h5")
>>> y = model(x)                     # x: float32 (N, 224, 224, 3); y: float32 (N, classes)
>>> fovea.grade(model, "eye.jpg").grade
"""

from fovea._core import Card, Error, Model, Session, UnsupportedError, __version__, allowed_threads, isas, presets
from fovea._grade import Grade, grade, heat_map, prepare
from fovea._load import load

__all__ = ["Card", "Error", "Grade", "Model", "Session", "UnsupportedError", "__version__", "allowed_threads", "grade",
           "heat_map", "isas", "load", "prepare", "presets"]
