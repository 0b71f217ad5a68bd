"""peer-bench's figures, tables and verdicts, on results made up by hand."""
import unittest

from support import case_result, results, row, run, two

import cases
import report
import verdict


class Figures(unittest.TestCase):
    def test_all_rounds_count(self):
        """Minimum and median over all runs, the least load, the median first run, the most memory."""
        found = report.figures(row("fovea", "fovea", [run([5, 4, 9], load=90, first=8, memory=210),
                                                      run([7, 6, 8], load=70, first=4, memory=190),
                                                      run([6, 6, 6], load=80, first=5, memory=200)]))
        self.assertEqual(found, {"ms_min": 4, "ms_median": 6, "timed_runs": 9, "load_ms": 70, "first_run_ms": 5,
                                 "peak_rss_mb": 210})

    def test_failed_engine_has_none(self):
        self.assertIsNone(report.figures(row("openvino", "OpenVINO", [], error="no wheel")))
        self.assertIsNone(report.figures(row("openvino", "OpenVINO", [run([1])], error="died in round 2")))


class BestPeer(unittest.TestCase):
    def rows(self, **openvino):
        return case_result(cases.ONE_BY_TWO, [
            row("fovea", "fovea", [run([10, 12])]), row("fovea_direct", "fovea direct", [run([11])]),
            row("onnx_runtime", "ONNX Runtime", [run([20, 20])]),
            row("openvino", "OpenVINO", [run([15, 30])], **openvino)])

    def test_fastest_but_not_ours(self):
        self.assertEqual(report.best_peer(self.rows()), ("OpenVINO", 15))
        self.assertEqual(report.best_peer(self.rows(), "ms_median"), ("ONNX Runtime", 20))

    def test_not_held_or_failed_does_not_count(self):
        self.assertEqual(report.best_peer(self.rows(not_held="no switch")), ("ONNX Runtime", 20))
        self.assertEqual(report.best_peer(self.rows(error="crashed")), ("ONNX Runtime", 20))

    def test_without_peers(self):
        self.assertIsNone(report.best_peer(case_result(cases.ONE_BY_TWO, [row("fovea", "fovea", [run([1])])])))


class Table(unittest.TestCase):
    def setUp(self):
        self.result = case_result(cases.AVX2, [
            row("fovea", "fovea", [run([10, 10])], not_checked="fovea-run is not built"),
            row("onnx_runtime", "ONNX Runtime", [run([15, 25])], not_held="chooses by itself"),
            row("openvino", "OpenVINO", [], error="pip cannot install it")], load=1.5)

    def test_ratios_reasons_and_checks(self):
        header, ours, other, missing = report.table(self.result)
        by_name = dict(zip(header, other))
        self.assertEqual(by_name["min / fovea"], "1.50")
        self.assertEqual(by_name["median / fovea"], "2.00")
        self.assertEqual(by_name["RMS off"], "2.0e-07")
        self.assertIn("NOT HELD: chooses by itself", by_name["ran as"])
        self.assertEqual(dict(zip(header, ours))["RMS off"], "not checked")
        self.assertIn("NOT MEASURED: pip cannot install it", missing[1])
        self.assertTrue(all(len(line) == len(header) for line in (ours, other, missing)))

    def test_remarks(self):
        lines = "\n".join(report.remarks(self.result))
        self.assertIn("not checked, fovea-run is not built", lines)
        self.assertIn("load 1.5", lines)
        self.assertEqual(report.remarks({**self.result, "load_before": 0.1, "rows": []}), [])

    def test_without_fovea_there_is_no_ratio(self):
        self.result["rows"][0]["error"] = "crashed"
        self.assertEqual(report.table(self.result)[2][4:6], ["-", "-"])

    def test_text_and_markdown(self):
        rows = [("engine", "ran as", "min"), ["a", "x | y", "1.00"], ["long name", "z", "10.00"]]
        self.assertEqual(report.as_text(rows),
                         "engine     ran as    min\na          x | y    1.00\nlong name  z       10.00")
        self.assertEqual(report.as_markdown(rows), "| engine | ran as | min |\n| --- | --- | ---: |\n"
                         "| a | x \\| y | 1.00 |\n| long name | z | 10.00 |")


class Verdict(unittest.TestCase):
    def setUp(self):
        def one(case, fast, direct, peer, **further):
            return case_result(case, [row("fovea", "fovea", [run(fast, load=240, first=13, memory=180)], **further),
                                      row("fovea_direct", "fovea direct", [run(direct, memory=110)], **further),
                                      row("openvino", "OpenVINO", [run(peer)]),
                                      row("keras_tensorflow", "Keras/TensorFlow", [run([900])], off_rms=1e-7)])

        self.results = results([one(cases.ONE_BY_ONE, [19], [21], [30]), one(cases.ONE_BY_TWO, [10, 10], [11], [11]),
                                one(cases.EIGHT_BY_TWO, [16], [18], [18.5]), one(cases.GRADING, [100], [120], [130])])
        self.table = {line[0]: line[3:] for line in verdict.rows(self.results)}

    def test_every_row(self):
        def shown(title):
            return tuple(self.table[title][:2])

        self.assertEqual(shown("best peer / fovea: ResNet50 v1 at 224, batch 1 x 1 thread"), ("1.579", "aim"))
        self.assertEqual(shown("best peer / fovea: ResNet50 v1 at 224, batch 1 x 2 threads"), ("1.100", "MISSED"))
        self.assertEqual(shown("best peer / fovea: ResNet50 v1 at 224, batch 8 x 2 threads"), ("1.156", "must"))
        self.assertEqual(shown("best peer / fovea: ResNet50 with its grading head at 700, batch 1 x 2 threads"),
                         ("1.300", "must"))
        # 2 x 4 GMAC in 16 ms are 500 GFLOP/s, of a peak of 400.
        self.assertEqual(shown("effective GFLOP/s / FMA peak: 224, batch 8 x 2 threads"), ("1.250", "aim"))
        self.assertEqual(shown("best peer / fovea direct: 224, batch 8 x 2 threads"), ("1.028", "must"))
        self.assertEqual(shown("best peer / fovea: ResNet50 v1 at 224, batch 1 x 2 threads, held to AVX2"),
                         ("-", "not measured"))
        self.assertEqual(shown("2 threads over 1: 224, batch 1"), ("1.900", "must"))
        self.assertEqual(shown("peak memory, direct: 224, batch 1"), ("110 MB", "aim"))
        self.assertEqual(shown("peak memory, fast: 224, batch 1"), ("180 MB", "must"))
        self.assertEqual(shown("load, from .h5 to ready: 224"), ("0.240 s", "must"))
        self.assertEqual(shown("first run / steady run: 224, batch 1 x 2 threads"), ("1.300", "must"))
        self.assertEqual(shown("RMS error / Keras float32's: direct"), ("2.000", "must"))
        self.assertEqual(shown("RMS error / Keras float32's: fast"), ("2.000", "aim"))
        self.assertEqual(shown("largest error / Keras float32's: fast"), ("1.000", "aim"))
        self.assertEqual(len(self.table), len(verdict.OF_MATRIX) + 1)

    def test_against(self):
        self.assertEqual(self.table["peak memory, direct: 224, batch 1"][2], "Keras/TensorFlow, 200 MB")
        self.assertIn("OpenVINO, 18.50 ms", self.table["best peer / fovea direct: 224, batch 8 x 2 threads"])

    def test_unchecked_answers_have_no_error(self):
        for result in self.results["cases"]:
            for name in ("off_rms", "off_largest"):
                del result["rows"][0][name]
            result["rows"][0]["not_checked"] = "not built"
        table = {line[0]: line[3:] for line in verdict.rows(self.results)}
        self.assertEqual(table["RMS error / Keras float32's: fast"][1], "not measured")

    def test_networks(self):
        measured = {"mobilenetv2-224": (10, 9), "efficientnetb0-224": (10, 12), "densenet121-224": (10, 14),
                    "vgg16-224": (10, 20), "inceptionv3-299": (10, 10)}
        found = results([case_result(case, [row("fovea", "fovea", [run([measured[case.model][0]])]),
                                            row("openvino", "OpenVINO", [run([measured[case.model][1]])])])
                         for case in cases.NETWORKS], matrix=False, networks=True)
        table = verdict.rows(found)
        self.assertEqual([line[3:5] for line in table[1:]],
                         [["0.900", "MISSED"], ["1.200", "must"], ["1.400", "aim"], ["2.000", "aim"], ["1.000", "must"],
                          ["1.248", "must"]])
        del found["cases"][0]
        self.assertEqual(verdict.rows(found)[-1][4], "not measured")

    def test_limits(self):
        more = verdict.Measure("x", 1.15, 1.5, None)
        less = verdict.Measure("x", 150, 115, None, at_least=False)
        verdicts = ["MISSED", "must", "must", "aim"]
        self.assertEqual([verdict.judge(more, x) for x in (1.1499, 1.15, 1.4999, 1.5)], verdicts)
        self.assertEqual([verdict.judge(less, x) for x in (150.1, 150, 115.1, 115)], verdicts)


class Report(unittest.TestCase):
    def test_whole(self):
        one = two(cases.ONE_BY_TWO)
        for markdown in (False, True):
            whole = results([one], left_out=["a case: no memory"])
            text = report.whole(whole, verdict.rows(whole), markdown)
            for words in ("a CPU", "fovea 0.1.0 at abc", "rounds: 2, with 3 timed runs", one["title"], "OpenVINO 1.0",
                          "Not measured: a case: no memory", "What must hold", "1.500"):
                self.assertIn(words, text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
