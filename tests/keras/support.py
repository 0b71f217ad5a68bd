"""What the tests against real Keras share: where things are, how to run fovea, and the truth in float64."""

import csv
import os
import pathlib
import subprocess
import sys
import unittest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402  (after TensorFlow's log level)
import numpy as np  # noqa: E402

import oracle_cache  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("FOVEA_BIN_DIR", ROOT / "build" / "bin"))
SHARED_DATA = pathlib.Path(os.environ.get("FOVEA_SHARED_DATA", ROOT.parent / "shared" / "data"))
sys.path.insert(0, str(ROOT / "weights"))
keras.utils.set_random_seed(1)  # what no test seeds is the same in every run, so that its answers are found again


def need_shared_data():
    """Skips the test that calls it, in words, where the real photographs and models are not."""
    if not (SHARED_DATA / "images").is_dir():
        raise unittest.SkipTest(f"{SHARED_DATA}: no real photographs there (FOVEA_SHARED_DATA names their folder)")


def main():
    """Runs a test script; exit status 77 if everything in it was skipped, for CTest to say so."""
    result = unittest.main(verbosity=2, exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    skipped = {test.id() for test, _ in result.skipped}
    sys.exit(77 if skipped and len(result.skipped) >= max(result.testsRun, 1) else 0)


def run_tool(name, *arguments):
    """Runs a program of the build and returns what it printed; a failure raises with its error output."""
    command = [str(BIN / name), *map(str, arguments)]
    if not (BIN / name).is_file():
        raise AssertionError(f"{BIN / name} is missing (FOVEA_BIN_DIR names the folder of the programs built)")
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout


def available_isas():
    """Instruction sets usable here, best first, as batch-predict lists them."""
    line = next(line for line in run_tool("batch-predict", "--version").splitlines() if "instruction sets" in line)
    return line.split(":", 1)[1].replace(" ", "").split(",")


def batch_predict(model, images, output, *options):
    """Grades the images; returns {id: (grade, probabilities)} from the CSV."""
    arguments = ["--model", model, "--input", *images, "--output", output, "--details", "--quiet", *options]
    run_tool("batch-predict", *arguments)
    with open(output, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    classes = [key for key in rows[0] if key[0] == "p" and key[1:].isdigit()]
    values = {row["id_code"]: np.array([np.float32(row[key]) for key in classes]) for row in rows}
    return {row["id_code"]: (int(row["diagnosis"]), values[row["id_code"]]) for row in rows}


def fovea_run(models, inputs, folder, *options):
    """Runs each model on its images (float32, [image, height, width, channel], or a tuple of those of each input);
    returns [image, output] for each, several outputs in a row."""
    arguments, counts = [], []
    for number, (model, images) in enumerate(zip(models, inputs)):
        raw, output = folder / f"{number}.in.f32", folder / f"{number}.out.f32"
        rows = in_rows(images)
        counts.append(len(rows))
        rows.astype(np.float32).tofile(raw)
        arguments += [model, raw, output]
    run_tool("fovea-run", *options, *arguments)
    outputs = [np.fromfile(output, np.float32) for output in arguments[2::3]]
    return [output.reshape(count, -1) for output, count in zip(outputs, counts)]


def in_rows(tensors):
    """[image, value] of one tensor [image, ...], or of a tuple of them."""
    tensors = tensors if isinstance(tensors, tuple) else (tensors,)
    return np.concatenate([np.asarray(tensor).reshape(len(tensor), -1) for tensor in tensors], axis=1)


def in_float64(model):
    """The same model computed in float64: the same layers and settings, the same weights."""
    double = keras.models.model_from_json(model.to_json().replace('"float32"', '"float64"'))
    double.set_weights([weight.astype(np.float64) for weight in model.get_weights()])
    assert all(weight.dtype != "float32" for weight in double.weights)
    for layer in double._flatten_layers():
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
    return double


def answers(model, inputs):
    """What Keras computes, one image at a time, as fovea's default batch: results do not depend on the batch, and memory
    stays low. `inputs` are the images, or a tuple of those of each input; of several outputs a tuple comes back."""
    return oracle_cache.answers(model, inputs, "as it is", lambda: computed(model, inputs))


def truth(model, inputs, prepare=lambda double: double):
    """The answers of the model in float64; `prepare` may have it computed in another way."""
    how = f"float64 {prepare.__qualname__}"
    return oracle_cache.answers(model, inputs, how, lambda: computed(prepare(in_float64(model)), inputs))


def computed(model, inputs):
    several = isinstance(inputs, tuple)
    rows = [model([x[None] for x in image] if several else image[None], training=False)
            for image in (zip(*inputs) if several else inputs)]
    if not isinstance(rows[0], (list, tuple)):
        return np.concatenate([keras.ops.convert_to_numpy(row) for row in rows])
    return tuple(np.concatenate([keras.ops.convert_to_numpy(x) for x in column]) for column in zip(*rows))
