"""peer-bench's rounds, with engines made up for the test: their order, their failures, and the check of answers."""
import array
import json
import math
import os
import pathlib
import sys
import tempfile
import types
import unittest

import support  # noqa: F401  (the path)

import cases
import launch
import runner


class Rounds(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.folder / "prepared.json").write_text(
            json.dumps({"shape": [1, 2, 2, 3], "failures": {"bad": "no such layer"}}), encoding="utf-8")
        (self.folder / "truth.f64").write_bytes(array.array("d", [0.25, 0.75]).tobytes())
        self.calls, self.jobs, self.said = [], {}, []

    def engine(self, name, answer=(0.25, 0.75), fails_in=None, **further):
        """Registers an engine that answers so, and fails in its nth run."""
        def measure(job):
            self.calls.append(name)
            self.jobs[name] = job
            if fails_in == self.calls.count(name):
                raise launch.Failed("it broke")
            pathlib.Path(job["answer"]).write_bytes(array.array("f", answer).tobytes())
            return {"version": "1", "precision": "float32", "load_ms": 1, "first_run_ms": 2, "peak_rss_mb": 3,
                    "ms_per_image": [5, 4]}

        fake = types.SimpleNamespace(TITLE=name.upper(), FORMAT="h5", measure=measure, **further)
        sys.modules[f"engines.{name}"] = fake
        self.addCleanup(sys.modules.pop, f"engines.{name}")
        return name

    def measure(self, names, case=cases.Case("model.h5", 1, 1), rounds=3, missing=None):
        settings = {"rounds": rounds, "warmup": 1, "repetitions": 2, "layer_bench": "", "fovea_run": "", "programs": "",
                    "missing": missing or {}}
        rows = runner.measure(case, "model.h5", names, "python", self.folder, settings, self.said.append)
        return {row["engine"]: row for row in rows}

    def test_order_rotates(self):
        self.measure([self.engine(name) for name in "abc"])
        self.assertEqual("".join(self.calls), "abcbcacab")

    def test_every_round_is_kept(self):
        row = self.measure([self.engine("a")])["a"]
        self.assertEqual([run["ms_per_image"] for run in row["runs"]], [[5, 4]] * 3)
        self.assertEqual(len(self.said), 3)
        self.assertIn("round 3 of 3", self.said[2])

    def test_failure_keeps_its_row_and_is_not_run_again(self):
        rows = self.measure([self.engine("a"), self.engine("b", fails_in=2)])
        self.assertEqual(rows["b"]["error"], "it broke")
        self.assertEqual(self.calls.count("b"), 2)
        self.assertEqual(self.calls.count("a"), 3)
        self.assertEqual(rows["a"]["error"], "")

    def test_missing_format_or_package_is_the_reason(self):
        rows = self.measure([self.engine("a"), self.engine("b", PACKAGE="thing")], missing={"thing": "no wheel"})
        self.assertEqual(rows["b"]["error"], "no wheel")
        sys.modules["engines.a"].FORMAT = "bad"
        self.assertEqual(self.measure(["a"])["a"]["error"], "no such layer")

    def test_answers_are_checked(self):
        rows = self.measure([self.engine("a", answer=(0.25, 0.5)), self.engine("b", answer=(0.25,)),
                             self.engine("c", answer=(0.25, math.nan)), self.engine("d")], rounds=1)
        self.assertAlmostEqual(rows["a"]["off_largest"], 0.25)
        self.assertAlmostEqual(rows["a"]["off_rms"], 0.25 / math.sqrt(2))
        self.assertIn("answered 1 numbers where Keras answers 2", rows["b"]["error"])
        self.assertIn("not finite", rows["c"]["error"])
        self.assertEqual(rows["d"]["off_rms"], 0)

    def test_held_to_avx2_or_the_reason_why_not(self):
        held = cases.Case("model.h5", 1, 1, "avx2")
        rows = self.measure([self.engine("a", HELD_TO_AVX2={"X": "AVX2"}), self.engine("b", NOT_HELD="stubborn")], held)
        self.assertEqual((rows["a"]["not_held"], rows["b"]["not_held"]), ("", "stubborn"))
        self.assertEqual(self.jobs["a"]["held"], {"X": "AVX2"})
        self.measure(["a"])
        self.assertEqual(self.jobs["a"]["held"], {})


class Launch(unittest.TestCase):
    def test_pinned_and_with_a_clean_environment(self):
        cpu = sorted(os.sched_getaffinity(0))[-1]
        os.environ["OMP_WAIT_POLICY"] = "active"
        self.addCleanup(os.environ.pop, "OMP_WAIT_POLICY")
        program = "import os; print(os.sched_getaffinity(0), os.environ.get('OMP_WAIT_POLICY'), os.environ['GIVEN'])"
        printed = launch.run([sys.executable, "-c", program], [cpu], {"GIVEN": "yes"})
        self.assertEqual(printed.split(), [f"{{{cpu}}}", "None", "yes"])

    def test_failures_in_their_last_words(self):
        with self.assertRaisesRegex(launch.Failed, "^last words$"):
            launch.run([sys.executable, "-c", "import sys; sys.exit('first\\nlast words\\n')"])
        with self.assertRaisesRegex(launch.Failed, "/nowhere: No such file"):
            launch.run(["/nowhere"])
        with self.assertRaisesRegex(launch.Failed, "ended with 3"):
            launch.run([sys.executable, "-c", "import sys; sys.exit(3)"])

    def test_cpus(self):
        allowed = os.sched_getaffinity(0)
        self.assertEqual(len(launch.physical_cpus(1)), 1)
        self.assertEqual(set(launch.physical_cpus(len(allowed))), allowed)


if __name__ == "__main__":
    unittest.main(verbosity=2)
