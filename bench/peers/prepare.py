"""Everything the engines need for one model and batch: prepare.py MODEL.h5 BATCH FOLDER FORMAT...

Writes to the folder the images (images.f32: [batch, height, width, channel]), the truth in float64 (truth.f64), the
model in each format asked for (model.onnx and so on), and prepared.json: the shape, and why a format could not be
written.
"""
import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "keras"))

import keras  # noqa: E402  (after TensorFlow's log level)
import numpy as np  # noqa: E402
from support import answers, in_float64  # noqa: E402

import images  # noqa: E402
import keras_to_flat  # noqa: E402
import keras_to_onnx  # noqa: E402

IMAGE_SEED = 5


def write_onnx(model, path, batch):
    keras_to_onnx.convert(model, path, batch)


def write_xml(model, path, batch):
    """OpenVINO's IR, its weights left in float32."""
    import openvino

    onnx_path = path.with_suffix(".onnx")
    if not onnx_path.exists():
        write_onnx(model, onnx_path, batch)
    openvino.save_model(openvino.convert_model(onnx_path), path, compress_to_fp16=False)


def write_tflite(model, path, batch):
    """The batch is fixed and the weights are constants, so that the converter folds batch normalisations."""
    import tensorflow
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    signature = [tensorflow.TensorSpec((batch, *model.input_shape[1:]), "float32")]
    function = tensorflow.function(lambda x: model(x, training=False), input_signature=signature)
    frozen = convert_variables_to_constants_v2(function.get_concrete_function())
    path.write_bytes(tensorflow.lite.TFLiteConverter.from_concrete_functions([frozen]).convert())


def write_flat(model, path, _):
    keras_to_flat.convert(model, path)


WRITERS = {"onnx": write_onnx, "xml": write_xml, "tflite": write_tflite, "flat": write_flat}


def main():
    model_path, batch, folder, *formats = sys.argv[1:]
    batch, folder = int(batch), pathlib.Path(folder)
    model = keras.models.load_model(model_path, compile=False)
    inputs = images.make(batch, model.input_shape[1:], IMAGE_SEED)
    inputs.tofile(folder / "images.f32")
    failures = {}
    for name in formats:
        try:
            WRITERS[name](model, folder / f"model.{name}", batch)
        except Exception as error:  # whatever a converter throws is the reason the row states
            failures[name] = f"{type(error).__name__}: {error}".splitlines()[0]
    truth = answers(in_float64(model), inputs.astype(np.float64))
    assert truth.dtype == np.float64
    truth.tofile(folder / "truth.f64")
    (folder / "prepared.json").write_text(json.dumps({"shape": inputs.shape, "failures": failures}), encoding="utf-8")


if __name__ == "__main__":
    main()
