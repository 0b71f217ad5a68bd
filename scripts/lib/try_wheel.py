"""try_wheel.py FOLDER: runs the demo model in FOLDER through the installed Python module, and says what came out.

The model's self-test, with Keras' own answer, is passed before the first picture. Wherever this runs, the last word must
be the same: it stands for every bit of every output.
"""

import hashlib
import pathlib
import sys

import fovea
import numpy as np

folder = pathlib.Path(sys.argv[1])
model = fovea.load(folder / "demo.h5")
x = np.linspace(0, 1, 2 * 256 * 256 * 3, dtype=np.float32).reshape(2, 256, 256, 3)
bits = hashlib.sha256(model(x).tobytes() + model.heat_map(x, 1).tobytes())
grades = fovea.grade(model, sorted((folder / "samples").glob("drawn*")))
for grade in grades:
    bits.update(grade.outputs.tobytes())
wrong = [grade for grade in grades if grade.error]
if wrong or not grades:
    sys.exit(f"{len(wrong)} of {len(grades)} pictures have no grade: {wrong[:1]}")
print(f"fovea {fovea.__version__}, Python {sys.version.split()[0]}, NumPy {np.__version__}, {model.isa}: "
      f"{len(grades)} pictures graded, bits {bits.hexdigest()[:16]}")
