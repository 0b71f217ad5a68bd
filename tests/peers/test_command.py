"""peer-bench's command line: what is refused, in one line, and the report of an earlier run."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from support import ROOT, results, two

import cases
import engines
import environment


def peer_bench(*words):
    command = [sys.executable, str(ROOT / "scripts" / "peer-bench"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


class Refusals(unittest.TestCase):
    def refused(self, *words):
        done = peer_bench(*words)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        return done.stderr.strip().splitlines()[-1]

    def test_wrong_usage(self):
        self.assertIn("unknown peer nothing; there are onnx_runtime", self.refused("--peers", "openvino,nothing"))
        self.assertIn("leave out --batch", self.refused("--matrix", "--batch", 8))
        self.assertIn("leave out --force-isa", self.refused("--matrix", "--force-isa", "avx2"))
        self.assertIn("two measurements", self.refused("--matrix", "--networks"))
        self.assertIn("--networks says itself", self.refused("--networks", "--threads", 1))
        self.assertIn("two models", self.refused("--model", "a.h5", "--grading-700"))
        self.assertIn("neither .png nor .svg", self.refused("--plot", "x.jpg"))
        self.assertIn("number above 0", self.refused("--rounds", 0))

    def test_missing_files_in_one_line(self):
        for words in (("--layer-bench", "/nowhere/layer-bench"), ("--from-json", "/nowhere/x.json")):
            done = peer_bench(*words)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
            self.assertIn(words[1], done.stderr)

    def test_other_files_are_no_results(self):
        file = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / "x.json"
        for content, words in (("{", "line 1"), ("[]", "was not written by"), ('{"cases": []}', "was not written by")):
            file.write_text(content, encoding="utf-8")
            done = peer_bench("--from-json", file)
            self.assertEqual((done.returncode, len(done.stderr.strip().splitlines())), (2, 1), done.stderr)
            self.assertIn(words, done.stderr)

    def test_help_names_every_peer(self):
        done = peer_bench("--help")
        self.assertEqual(done.returncode, 0)
        words = "".join(done.stdout.split())
        self.assertTrue(all(name in words for name in engines.PEERS))


class FromJson(unittest.TestCase):
    def test_writes_the_page_again(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        one = two(cases.ONE_BY_TWO)
        (folder / "in.json").write_text(json.dumps(results([one])), encoding="utf-8")
        done = peer_bench("--from-json", folder / "in.json", "--markdown", folder / "out.md")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1.500", done.stdout)
        self.assertIn("| OpenVINO 1.0 | float32 | 15.00 |", (folder / "out.md").read_text(encoding="utf-8"))


class Requirements(unittest.TestCase):
    def test_every_python_peer_is_pinned(self):
        base, peers = environment.requirements(environment.REQUIREMENTS.read_text(encoding="utf-8"))
        pinned = {line.partition("==")[0] for line in base + peers}
        packages = {getattr(engines.module(name), "PACKAGE", None) for name in engines.NAMES} - {None}
        self.assertGreaterEqual(len(packages), 5)
        self.assertLessEqual(packages, pinned)
        self.assertIn("keras", {line.partition("==")[0] for line in base})


if __name__ == "__main__":
    unittest.main(verbosity=2)
