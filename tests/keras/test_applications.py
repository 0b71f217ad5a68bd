"""Networks of keras.applications against Keras in float64. One of each family at a small size; FOVEA_FULL=1 runs all."""

import os
import pathlib
import tempfile
import unittest

import applications
import support

FULL = bool(os.environ.get("FOVEA_FULL"))


class Applications(unittest.TestCase):
    def test_as_keras(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        for family in applications.FAMILIES:
            for name, side in family if FULL else family[:1]:
                with self.subTest(name=name, side=side):
                    try:
                        results = applications.measure(name, side, folder)
                    except AssertionError as refusal:
                        if "groups other than 1 are not supported" not in str(refusal):
                            raise
                        self.skipTest(f"{name} has grouped convolutions, which are not supported")
                    for result in results:
                        print(f"\n{name} {side}x{side} {result.arithmetic}: rms error {result.error:.1e} of the range, "
                              f"{result.ratio} times Keras' own", end="", flush=True)
                        self.assertEqual(result.complaint, "", f"{name}, {result.arithmetic}")


if __name__ == "__main__":
    support.main()
